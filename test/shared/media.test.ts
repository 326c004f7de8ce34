import { expect, it } from 'vitest'
import { mediaTitle, numberTypeOf, pictureLimits, sizeWords } from '#shared/rules/media.ts'
import { isTurned, keptType, refuseFile, sniff, withoutMetadata } from '#shared/rules/sniff.ts'
import { bytesOf, gifOf, jpegOf, pngOf } from '#test/kit/pictures.ts'

const camera = jpegOf({ width: 4032, height: 3024, exif: { orientation: 6, note: 'GPS 41.88 N 87.63 W' } })

it('[F119] JPEG, PNG and GIF are known by their bytes, with their size', () => {
  expect(sniff(camera)).toEqual({ kind: 'picture', contentType: 'image/jpeg', width: 4032, height: 3024 })
  expect(sniff(pngOf(640, 480))).toMatchObject({ contentType: 'image/png', width: 640, height: 480 })
  expect(sniff(gifOf(320, 200))).toMatchObject({ contentType: 'image/gif', width: 320, height: 200 })
  for (const picture of [camera, pngOf(640, 480), gifOf(320, 200)])
    expect(refuseFile(sniff(picture))).toBeNull()
})

it.each([
  ['F122', 'PDF', '%PDF-1.7', /PDF cannot be sent by MMS/],
  ['F124', 'MP4', '\0\0\0\x18ftypmp42', /Video cannot be sent/],
  ['F124', '3GP', '\0\0\0\x14ftyp3gp4', /Video cannot be sent/],
  ['F124', 'AVI', 'RIFF....AVI ', /Video cannot be sent/],
  ['F124', 'WebM', '\x1a\x45\xdf\xa3', /Video cannot be sent/],
  ['F120', 'MP3', 'ID3\x03', /Audio cannot be sent yet/],
  ['F120', 'AMR', '#!AMR\n', /Audio cannot be sent yet/],
  ['F120', 'WAV', 'RIFF....WAVE', /Audio cannot be sent yet/],
  ['F120', 'M4A', '\0\0\0\x18ftypM4A ', /Audio cannot be sent yet/],
  ['DC2', 'SVG', '<svg xmlns=""/>', /JPEG, PNG or GIF/],
  ['DC2', 'HTML named .jpg', '<!doctype html>', /JPEG, PNG or GIF/],
  ['DC2', 'HEIC', '\0\0\0\x18ftypheic', /JPEG, PNG or GIF/],
  ['DC2', 'WebP', 'RIFF....WEBPVP8 ', /JPEG, PNG or GIF/],
])('[%s] %s is refused with words for it', (_, _name, start, words) => {
  expect(refuseFile(sniff(bytesOf(start)))).toMatch(words)
})

it('[F119] a picture that is cut off or has no size is damaged', () => {
  const damaged = [
    camera.subarray(0, -2),
    camera.subarray(0, 40),
    pngOf(640, 480).subarray(0, -12),
    gifOf(320, 200).subarray(0, -1),
    pngOf(0, 480),
    bytesOf('\xff\xd8\xff'),
    new Uint8Array(),
  ]
  for (const bytes of damaged) expect(refuseFile(sniff(bytes))).not.toBeNull()
  expect(refuseFile(sniff(pngOf(40_000, 40_000)))).toMatch(/too many pixels/)
})

it('[F123] what may be sent follows from the type of the number', () => {
  expect(numberTypeOf('+13095550100')).toBe('local')
  expect(numberTypeOf('+18885550100')).toBe('toll-free')
  expect(numberTypeOf('+18095550100')).toBe('local')
  expect(numberTypeOf('24680')).toBe('short code')
  // AT&T: 1 MB from a long code, 600 KB from toll-free numbers and short codes (Telnyx, MMS transcoding).
  expect(pictureLimits.local.bytes).toBe(1_000_000)
  expect(pictureLimits['toll-free'].bytes).toBe(600_000)
  expect(pictureLimits['short code'].bytes).toBe(600_000)
  expect([sizeWords(1_000_000), sizeWords(600_000), sizeWords(1_440_000)]).toEqual([
    '1 MB',
    '600 KB',
    '1.4 MB',
  ])
})

it('[E29] what a camera writes beside the pixels is removed, and the pixels stay', () => {
  const text = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)
  expect(text(camera)).toContain('GPS 41.88')
  const bare = withoutMetadata(camera, 'image/jpeg')
  expect(text(bare)).not.toContain('GPS 41.88')
  expect(text(bare)).not.toContain('Exif')
  expect(sniff(bare)).toEqual(sniff(camera))
  expect(bare.subarray(bare.length - 40)).toEqual(camera.subarray(camera.length - 40))
  expect(withoutMetadata(bare, 'image/jpeg')).toEqual(bare)
  const noted = pngOf(20, 10, 'Author: Dana')
  expect(text(noted)).toContain('Author: Dana')
  expect(text(withoutMetadata(noted, 'image/png'))).not.toContain('Author: Dana')
  expect(withoutMetadata(pngOf(20, 10), 'image/png')).toEqual(pngOf(20, 10))
})

it('[E29] a picture that its camera held sideways is known, since removing that would turn it', () => {
  expect(isTurned(camera)).toBe(true)
  expect(isTurned(jpegOf({ width: 10, height: 10, exif: { orientation: 1, note: '' } }))).toBe(false)
  expect(isTurned(jpegOf({ width: 10, height: 10 }))).toBe(false)
  for (let length = 0; length < 80; length++)
    expect(isTurned(camera.subarray(0, length))).toBeTypeOf('boolean')
})

it('[F132] what a customer sent has the title of its kind, and is never kept as something a browser would run', () => {
  expect(['image/jpeg', 'audio/amr', 'video/3gpp', 'text/vcard'].map(mediaTitle)).toEqual([
    'MMS Image',
    'MMS Audio',
    'MMS Video',
    'MMS File',
  ])
  expect(keptType(pngOf(4, 4), 'text/html')).toBe('image/png')
  expect(keptType(bytesOf('#!AMR\n'), 'audio/amr; charset=x')).toBe('audio/amr')
  expect(keptType(bytesOf('<svg onload="alert(1)"/>'), 'image/svg+xml')).toBe('application/octet-stream')
  expect(keptType(bytesOf('<script>'), 'text/html')).toBe('application/octet-stream')
  expect(keptType(bytesOf('<script>'), 'image/jpeg')).toBe('application/octet-stream')
})
