/** A measured figure beside its floor, as `npm run bench -- --json FILE` writes it. */
export interface Figure {
  value: number
  unit: string
  floor: number
  /** How many times the floor this is: above 1 is slower for times, below 1 is slower for rates. */
  ratio: number
  samples: number
  p50: number
  p95: number
  /** What was to be reached, and whether it was. */
  goal?: { words: string; reached: boolean }
}

/** A time in milliseconds against a floor's time; the value is the median. */
export function timeFigure(samples: number[], floor: number[]): Figure {
  const p50 = percentile(samples, 0.5)
  return {
    value: p50,
    unit: 'ms',
    floor: percentile(floor, 0.5),
    ratio: round(p50 / percentile(floor, 0.5)),
    samples: samples.length,
    p50,
    p95: percentile(samples, 0.95),
  }
}

/** A rate a second against a floor's rate, from rounds run in turn; the value is the median round. */
export function rateFigure(rounds: number[], floor: number[], unit: string): Figure {
  const p50 = percentile(rounds, 0.5)
  return {
    value: p50,
    unit,
    floor: percentile(floor, 0.5),
    ratio: round(p50 / percentile(floor, 0.5)),
    samples: rounds.length,
    p50,
    p95: percentile(rounds, 0.95),
  }
}

/** A share in percent against a floor's, over rounds run in turn; the value is the mean round. */
export function shareFigure(rounds: number[], floor: number[]): Figure {
  const mean = (shares: number[]) => round(shares.reduce((sum, share) => sum + share, 0) / shares.length)
  return {
    value: mean(rounds),
    unit: '%',
    floor: mean(floor),
    ratio: round(mean(rounds) / mean(floor)),
    samples: rounds.length,
    p50: percentile(rounds, 0.5),
    p95: percentile(rounds, 0.95),
  }
}

export function percentile(samples: number[], share: number): number {
  const sorted = [...samples].sort((left, right) => left - right)
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)
}

export function round(value: number): number {
  return Math.round(value * 100) / 100
}

export function table(figures: Record<string, Figure>): string {
  const rows = Object.entries(figures).map(
    ([name, { value, unit, floor, ratio, samples, p50, p95, goal }]) =>
      `| ${name} | ${value} ${unit} | ${floor} ${unit} | ${Number.isFinite(ratio) ? ratio : '-'} | ` +
      `${p50} / ${p95} | ${samples} | ${goal ? `${goal.words}: ${goal.reached ? 'reached' : 'missed'}` : ''} |`,
  )
  return [
    '| what | Parley | floor | ratio | p50 / p95 | samples | goal |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}
