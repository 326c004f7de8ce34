/**
 * Runs that found something, each by its seed and the steps that it needs. Every `npm test` plays them; what they
 * found must not come back. A run keeps its meaning only as long as the world draws the same numbers, so each
 * mended defect has a test of its own as well.
 */
export const regressions: readonly { seed: number; steps: readonly number[]; found: string }[] = []
