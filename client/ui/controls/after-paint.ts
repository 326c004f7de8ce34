/** Does `work` when what is drawn by now was painted. A hidden page has no frames and waits for none. */
export function afterPaint(work: () => void): void {
  if (document.hidden) return work()
  requestAnimationFrame(() => setTimeout(work))
}
