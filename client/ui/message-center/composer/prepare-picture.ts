import { sizeWords } from '#shared/rules/media.ts'
import { isTurned, refuseFile, sniff, withoutMetadata } from '#shared/rules/sniff.ts'

/** Files above this are no pictures that somebody took, and are not even read. */
const readable = 80 * 1000 * 1000
/** The longer edge of a picture that had to be made smaller: more than any phone shows. */
const longestEdge = 2048
/** Below this a picture says nothing any more. */
const shortestEdge = 200

export type Prepared = { ok: true; blob: Blob } | { ok: false; text: string }

/**
 * Makes a file ready to be sent: known by its bytes, without what its camera wrote beside the pixels, upright, and
 * small enough for `room` bytes [F123, E29]. What is small enough keeps its pixels as they are.
 */
export async function preparePicture(file: Blob, room: number): Promise<Prepared> {
  if (file.size > readable)
    return { ok: false, text: `This file has ${sizeWords(file.size)}. Choose a smaller one.` }
  if (file.size === 0) return { ok: false, text: 'This file is empty.' }
  const bytes = new Uint8Array(await file.arrayBuffer())
  const sniffed = sniff(bytes)
  const refusal = refuseFile(sniffed)
  if (refusal !== null || sniffed.kind !== 'picture') return { ok: false, text: refusal ?? '' }
  const { contentType } = sniffed
  const bare = new Blob([withoutMetadata(bytes, contentType).slice()], { type: contentType })
  const bitmap = await createImageBitmap(new Blob([bytes], { type: contentType })).catch(() => null)
  if (!bitmap) return { ok: false, text: 'This picture is damaged and cannot be opened.' }
  try {
    if (bare.size <= room && !(contentType === 'image/jpeg' && isTurned(bytes)))
      return { ok: true, blob: bare }
    if (contentType === 'image/gif')
      return {
        ok: false,
        text: `This GIF has ${sizeWords(bytes.length)}, and ${sizeWords(room)} fit. It would lose its movement if it were made smaller.`,
      }
    return await drawSmaller(bitmap, room)
  } finally {
    bitmap.close()
  }
}

/** Draws it as a JPEG, smaller each time, until it fits. */
async function drawSmaller(bitmap: ImageBitmap, room: number): Promise<Prepared> {
  const { width, height } = bitmap
  for (let edge = Math.min(longestEdge, Math.max(width, height)); edge >= shortestEdge; edge *= 0.75) {
    const scale = edge / Math.max(width, height)
    const canvas = new OffscreenCanvas(Math.max(1, width * scale), Math.max(1, height * scale))
    const pen = canvas.getContext('2d')
    if (!pen) break
    // A JPEG has no transparency: what was clear becomes white, as on a phone.
    pen.fillStyle = '#ffffff'
    pen.fillRect(0, 0, canvas.width, canvas.height)
    pen.imageSmoothingQuality = 'high'
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })
    if (blob.size <= room) return { ok: true, blob }
  }
  return { ok: false, text: `This picture cannot be made as small as ${sizeWords(room)}.` }
}
