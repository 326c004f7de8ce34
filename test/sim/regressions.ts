/**
 * Runs that found something, each by its seed and the steps that it needs. Every `npm test` plays them; what they
 * found must not come back. A run keeps its meaning only as long as the world draws the same numbers, so each
 * mended defect has a test of its own as well.
 */
export const regressions: readonly { seed: number; steps: readonly number[]; found: string }[] = [
  {
    seed: 30021,
    steps: [2, 3, 19, 21, 22, 26, 27, 29, 30, 32],
    found:
      'an agent whose role changed in an overlooked commit kept the rights of before until they reconnected',
  },
  {
    seed: 65651,
    steps: [17, 19, 24, 49, 62, 63],
    found: 'a Send on a held reply came again after a restore and sent the reply twice',
  },
]
