import type { PictureType } from './media.ts'

/**
 * What a picture is, by its bytes and never by its name, and how large one may be. Pure, so that the device that
 * attaches it and the edge that takes it say the same.
 */

/** What bytes turned out to be. `damaged`: a picture that begins as one and is none. */
export type Sniffed =
  | { kind: 'picture'; contentType: PictureType; width: number; height: number }
  | { kind: 'damaged' | 'pdf' | 'video' | 'audio' | 'other' }

/** Pixels that a browser on a phone can still unpack: a camera of today makes 50 million. */
export const pixelsAtMost = 60_000_000

/** Why a file cannot be attached, in words for the person; null for a picture [F120, F122, F124, DC2]. */
export function refuseFile(sniffed: Sniffed): string | null {
  switch (sniffed.kind) {
    case 'picture':
      return sniffed.width * sniffed.height > pixelsAtMost
        ? 'This picture has too many pixels to be made smaller here.'
        : null
    case 'pdf':
      return 'A PDF cannot be sent by MMS. Only pictures can: JPEG, PNG or GIF.'
    case 'video':
      return 'Video cannot be sent, as phones differ in what they play. Only pictures can: JPEG, PNG or GIF.'
    case 'audio':
      return 'Audio cannot be sent yet. Only pictures can: JPEG, PNG or GIF.'
    case 'damaged':
      return 'This picture is damaged and cannot be opened.'
    case 'other':
      return 'This is not a picture that phones show. Choose a JPEG, PNG or GIF.'
  }
}

/** What bytes are, from how they begin and, for pictures, whether they go on as one to their end. */
export function sniff(bytes: Uint8Array): Sniffed {
  if (begins(bytes, [0xff, 0xd8, 0xff])) return jpeg(bytes)
  if (begins(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return png(bytes)
  if (ascii(bytes, 0, 6) === 'GIF87a' || ascii(bytes, 0, 6) === 'GIF89a') return gif(bytes)
  if (ascii(bytes, 0, 5) === '%PDF-') return { kind: 'pdf' }
  const form = ascii(bytes, 8, 4)
  if (ascii(bytes, 0, 4) === 'RIFF')
    return { kind: form === 'WAVE' ? 'audio' : form === 'AVI ' ? 'video' : 'other' }
  // ISO media: HEIC and AVIF pictures, sound, else film.
  if (ascii(bytes, 4, 4) === 'ftyp') {
    if (/^(heic|heix|hevc|mif1|msf1|avif|avis)$/.test(form)) return { kind: 'other' }
    return { kind: /^(M4A |M4B |F4A )$/.test(form) ? 'audio' : 'video' }
  }
  if (begins(bytes, [0x1a, 0x45, 0xdf, 0xa3]) || begins(bytes, [0, 0, 1, 0xba])) return { kind: 'video' }
  if (ascii(bytes, 0, 3) === 'ID3' || ascii(bytes, 0, 5) === '#!AMR' || ascii(bytes, 0, 4) === 'OggS')
    return { kind: 'audio' }
  if (ascii(bytes, 0, 4) === 'fLaC' || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2))
    return { kind: 'audio' }
  return { kind: 'other' }
}

/**
 * The same picture without what cameras and programs write beside it: place, device, names, times [E29]. Pixels are
 * not touched. A JPEG's orientation goes too, so one that has any is to be drawn anew first (`isTurned`).
 */
export function withoutMetadata(bytes: Uint8Array, contentType: PictureType): Uint8Array {
  if (contentType === 'image/jpeg') return join(jpegParts(bytes).filter(isShown))
  if (contentType === 'image/png') return join(pngParts(bytes).filter(isShownInPng))
  return bytes
}

/** Whether a JPEG says that it is to be shown turned or mirrored (EXIF tag 0x0112). */
export function isTurned(bytes: Uint8Array): boolean {
  for (const part of jpegParts(bytes)) {
    if (part[1] !== 0xe1 || ascii(part, 4, 4) !== 'Exif') continue
    const view = new DataView(part.buffer, part.byteOffset + 10, part.length - 10)
    if (view.byteLength < 8) return false
    const little = view.getUint16(0) === 0x4949
    const start = view.getUint32(4, little)
    if (start + 2 > view.byteLength) return false
    for (let index = 0; index < view.getUint16(start, little); index++) {
      const at = start + 2 + index * 12
      if (at + 12 > view.byteLength) return false
      if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little) !== 1
    }
  }
  return false
}

/**
 * The type that media of a customer is kept under: by its bytes where they are a picture, else by what its carrier
 * said where that is sound, film or a card, else nobody's type. Nothing that a browser would run is ever kept as such.
 */
export function keptType(bytes: Uint8Array, said: string): string {
  const sniffed = sniff(bytes)
  if (sniffed.kind === 'picture') return sniffed.contentType
  const type = said.toLowerCase().split(';')[0]?.trim() ?? ''
  if (type === 'image/webp' && ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') return type
  if (/^(audio|video)\/[a-z0-9.+-]{1,40}$/.test(type)) return type
  return ['text/vcard', 'text/x-vcard', 'application/pdf'].includes(type) ? type : 'application/octet-stream'
}

function jpeg(bytes: Uint8Array): Sniffed {
  const parts = jpegParts(bytes)
  const frame = parts.find(([, marker = 0]) => marker >= 0xc0 && marker <= 0xcf && !noFrame.has(marker))
  const ended = bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9
  // Some cameras pad behind the end: then it is looked for.
  const whole = ended || lastIndexOf(bytes, [0xff, 0xd9]) > 0
  if (!frame || frame.length < 9 || !whole || !parts.some(([, marker]) => marker === 0xda))
    return { kind: 'damaged' }
  return sized('image/jpeg', word(frame, 7), word(frame, 5))
}

/** DHT, JPG and DAC lie among the frame markers and are none. */
const noFrame = new Set([0xc4, 0xc8, 0xcc])

/** The segments of a JPEG: start, one for each marker with its length, and all from the first scan on as the last. */
function jpegParts(bytes: Uint8Array): Uint8Array[] {
  const parts = [bytes.subarray(0, 2)]
  let at = 2
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return parts
    if (bytes[at + 1] === 0xff) {
      at++
      continue
    }
    if (bytes[at + 1] === 0xda) return [...parts, bytes.subarray(at)]
    const length = word(bytes, at + 2)
    if (length < 2 || at + 2 + length > bytes.length) return parts
    parts.push(bytes.subarray(at, at + 2 + length))
    at += 2 + length
  }
  return parts
}

/** Of the application segments only what changes how the pixels look stays: JFIF, an ICC profile, Adobe's transform. */
function isShown(part: Uint8Array): boolean {
  const marker = part[1] ?? 0
  if (marker === 0xfe) return false
  if (marker < 0xe0 || marker > 0xef) return true
  if (marker === 0xe0) return ascii(part, 4, 4) === 'JFIF'
  if (marker === 0xe2) return ascii(part, 4, 11) === 'ICC_PROFILE'
  return marker === 0xee && ascii(part, 4, 5) === 'Adobe'
}

function png(bytes: Uint8Array): Sniffed {
  const parts = pngParts(bytes)
  const [, head] = parts
  const ended = parts.some((part) => ascii(part, 4, 4) === 'IEND')
  if (!head || ascii(head, 4, 4) !== 'IHDR' || head.length < 25 || !ended) return { kind: 'damaged' }
  return sized('image/png', long(head, 8), long(head, 12))
}

/** The signature and the chunks of a PNG; what stands behind the last whole one is left out. */
function pngParts(bytes: Uint8Array): Uint8Array[] {
  const parts = [bytes.subarray(0, 8)]
  let at = 8
  while (at + 12 <= bytes.length) {
    const length = long(bytes, at)
    if (at + 12 + length > bytes.length) break
    parts.push(bytes.subarray(at, at + 12 + length))
    at += 12 + length
    if (ascii(bytes, at - 8 - length, 4) === 'IEND') break
  }
  return parts
}

function isShownInPng(part: Uint8Array, index: number): boolean {
  return index === 0 || !['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME'].includes(ascii(part, 4, 4))
}

function gif(bytes: Uint8Array): Sniffed {
  if (bytes.length < 14 || bytes.at(-1) !== 0x3b) return { kind: 'damaged' }
  return sized('image/gif', (bytes[7] ?? 0) * 256 + (bytes[6] ?? 0), (bytes[9] ?? 0) * 256 + (bytes[8] ?? 0))
}

function sized(contentType: PictureType, width: number, height: number): Sniffed {
  return width > 0 && height > 0 ? { kind: 'picture', contentType, width, height } : { kind: 'damaged' }
}

function begins(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte)
}

function lastIndexOf(bytes: Uint8Array, [first, second]: readonly [number, number]): number {
  for (let at = bytes.length - 2; at >= 0; at--)
    if (bytes[at] === first && bytes[at + 1] === second) return at
  return -1
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length))
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
}

function long(bytes: Uint8Array, at: number): number {
  return word(bytes, at) * 65_536 + word(bytes, at + 2)
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
