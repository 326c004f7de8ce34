/** Small pictures as their formats prescribe them, made here so that a test knows every byte. */

/** Each character as one byte. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** A JPEG's segments around a scan that stands for pixels; real enough for everything that does not draw it. */
export function jpegOf(of: {
  width: number
  height: number
  exif?: { orientation: number; note: string }
  fill?: number
}): Uint8Array {
  const { width, height, exif, fill = 64 } = of
  const start = '\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0'
  const frame = `\xff\xc0\0\x0b\x08${word(height)}${word(width)}\x01\x01\x11\0`
  const scan = `\xff\xda\0\x08\x01\x01\0\0\x3f\0${'\x55'.repeat(fill)}\xff\xd9`
  return bytesOf(start + (exif ? exifOf(exif.orientation, exif.note) : '') + frame + scan)
}

/** A PNG of one colour whose chunks are whole; `note` stands in a text chunk. Its checksums are not looked at. */
export function pngOf(width: number, height: number, note?: string): Uint8Array {
  const head = chunk('IHDR', `${long(width)}${long(height)}\x08\x02\0\0\0`)
  const text = note === undefined ? '' : chunk('tEXt', note)
  return bytesOf(`\x89PNG\r\n\x1a\n${head}${text}${chunk('IDAT', 'x'.repeat(20))}${chunk('IEND', '')}`)
}

export function gifOf(width: number, height: number): Uint8Array {
  const little = (value: number) => String.fromCharCode(value % 256, value >> 8)
  return bytesOf(`GIF89a${little(width)}${little(height)}\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x01\0\0\x3b`)
}

/** EXIF with the orientation and a comment, big endian. */
function exifOf(orientation: number, note: string): string {
  const directory = `\0\x01\x01\x12\0\x03\0\0\0\x01${word(orientation)}\0\0\0\0\0\0`
  const body = `Exif\0\0MM\0\x2a\0\0\0\x08${directory}${note}`
  return `\xff\xe1${word(body.length + 2)}${body}`
}

function chunk(name: string, body: string): string {
  return `${long(body.length)}${name}${body}\0\0\0\0`
}

function word(value: number): string {
  return String.fromCharCode((value >> 8) & 255, value & 255)
}

function long(value: number): string {
  return word(value >>> 16) + word(value & 65535)
}
