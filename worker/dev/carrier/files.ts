import { crc32 } from '#shared/base/crc32.ts'

/** A file as the simulated carrier serves it. */
export interface CarrierFile {
  contentType: string
  bytes: Uint8Array
}

/**
 * Files that the carrier always has, by name: pictures that are drawn when they are asked for, and a sound and a film
 * of some bytes that no player knows. Null for any other name.
 */
export async function sampleFile(name: string): Promise<CarrierFile | null> {
  if (name === 'voice.amr') return { contentType: 'audio/amr', bytes: latin1(`#!AMR\n${'\x3c'.repeat(400)}`) }
  if (name === 'clip.3gp')
    return { contentType: 'video/3gpp', bytes: latin1(`\0\0\0\x14ftyp3gp4\0\0\0\0${'\x2a'.repeat(900)}`) }
  const scene = Object.hasOwn(scenes, name) ? scenes[name] : undefined
  return scene ? { contentType: 'image/png', bytes: await png(480, 360, scene) } : null
}

type Colour = readonly [number, number, number]
type Scene = (x: number, y: number) => Colour

/** What a point of a picture looks like; both coordinates from 0 to 1. */
const scenes: Record<string, Scene | undefined> = {
  'front-left-tyre.png': (x, y) => {
    const from = Math.hypot((x - 0.5) * 1.33, y - 0.5)
    if (from > 0.46) return [126 - y * 30, 128 - y * 30, 132 - y * 30]
    if (from > 0.27) return Math.floor(Math.atan2(y - 0.5, x - 0.5) * 24) % 2 ? [30, 30, 33] : [42, 42, 46]
    if (from < 0.05) return [70, 72, 78]
    return Math.floor(Math.atan2(y - 0.5, x - 0.5) * 5) % 3 === 0 ? [90, 94, 102] : [184, 188, 196]
  },
  'brake-light.png': (x, y) => {
    const [dx, dy] = [Math.abs(x - 0.55), Math.abs(y - 0.45)]
    if (dx < 0.22 && dy < 0.14) return dx < 0.06 && dy < 0.09 ? [255, 214, 196] : [206, 38 + dx * 160, 36]
    return [40 + y * 46, 66 + y * 40, 104 + y * 30]
  },
  'estimate.png': (x, y) => {
    if (x < 0.16 || x > 0.84 || y < 0.06) return [206, 202, 194]
    const line = y * 14
    const inLine = line % 1 < 0.34 && line > 2 && x > 0.22 && x < (Math.floor(line) % 4 === 3 ? 0.5 : 0.78)
    return y < 0.16 && x > 0.22 && x < 0.46 ? [46, 96, 166] : inLine ? [92, 92, 98] : [252, 251, 248]
  },
}

/** An uncompressed drawing as a PNG (W3C PNG, third edition): 8 bits, RGB, one filter byte a line. */
async function png(width: number, height: number, scene: Scene): Promise<Uint8Array> {
  const lines = new Uint8Array(height * (width * 3 + 1))
  let at = 0
  for (let y = 0; y < height; y++) {
    lines[at++] = 0
    for (let x = 0; x < width; x++) {
      for (const part of scene(x / width, y / height)) lines[at++] = Math.max(0, Math.min(255, part))
    }
  }
  const stream = new Blob([lines]).stream().pipeThrough(new CompressionStream('deflate'))
  const pixels = new Uint8Array(await new Response(stream).arrayBuffer())
  const head = new Uint8Array([...long(width), ...long(height), 8, 2, 0, 0, 0])
  const parts = [
    latin1('\x89PNG\r\n\x1a\n'),
    chunk('IHDR', head),
    chunk('IDAT', pixels),
    chunk('IEND', latin1('')),
  ]
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

function chunk(name: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const named = new Uint8Array([...latin1(name), ...body])
  return new Uint8Array([...long(body.length), ...named, ...long(crc32(named))])
}

function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function long(value: number): number[] {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
}
