import { second } from '#shared/base/time.ts'

/**
 * How long to wait before a try to connect. The first after a loss comes within 2 s at random, so that a deploy
 * that drops every socket does not bring them all back at once; later ones use full jitter up to a ceiling that
 * doubles from 1 s to 15 s and never below 0.5 s [E25].
 */
export function reconnectDelay(failures: number, random: number): number {
  if (failures === 0) return random * 2 * second
  const ceiling = Math.min(15 * second, 2 ** (failures - 1) * second)
  return Math.max(0.5 * second, random * ceiling)
}

/** The network came back, or the page: nearly at once, but not all devices in the same millisecond. */
export function wakeDelay(random: number): number {
  return random * 300
}
