import { sizeWords } from '#shared/rules/media.ts'
import { refuseFile, sniff } from '#shared/rules/sniff.ts'
import { limits } from '#shared/wire/limits.ts'

/** Files above this are no pictures that somebody took, and are not even read. */
const readable = 80 * 1000 * 1000
/** Pixels of an avatar's edge: the largest place has 72, on screens of three pixels to one. */
const edge = 256

export type Cropped = { ok: true; blob: Blob } | { ok: false; text: string }

/**
 * Makes an avatar of a picture on this device: its middle, square, upright, as a small JPEG without what its camera
 * wrote beside the pixels [F35].
 */
export async function cropAvatar(file: Blob): Promise<Cropped> {
  if (file.size > readable)
    return { ok: false, text: `This file has ${sizeWords(file.size)}. Pick a smaller one.` }
  const bytes = new Uint8Array(await file.arrayBuffer())
  const sniffed = sniff(bytes)
  // Half of a picture may still open, and more pixels than a device has room for would end its page.
  const refusal = sniffed.kind === 'damaged' || sniffed.kind === 'picture' ? refuseFile(sniffed) : null
  if (refusal !== null) return { ok: false, text: refusal }
  // What opens as a picture is one, also of a kind that carriers do not take.
  const bitmap = await createImageBitmap(new Blob([bytes])).catch(() => null)
  if (!bitmap)
    return {
      ok: false,
      text:
        sniffed.kind === 'picture'
          ? 'This picture is damaged and cannot be opened.'
          : 'This is not an image that the browser can open. Pick a JPEG, PNG, GIF or WebP.',
    }
  try {
    return await draw(bitmap)
  } finally {
    bitmap.close()
  }
}

async function draw(bitmap: ImageBitmap): Promise<Cropped> {
  const side = Math.min(bitmap.width, bitmap.height)
  const canvas = new OffscreenCanvas(edge, edge)
  const pen = canvas.getContext('2d')
  if (!pen) return { ok: false, text: 'This browser cannot make the picture smaller.' }
  // A JPEG has no transparency: what was clear becomes white.
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, edge, edge)
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, edge, edge)
  for (const quality of [0.85, 0.7, 0.5, 0.3]) {
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
    if (blob.size <= limits.avatar) return { ok: true, blob }
  }
  return { ok: false, text: `This picture cannot be made as small as ${sizeWords(limits.avatar)}.` }
}
