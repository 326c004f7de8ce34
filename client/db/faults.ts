/** Whether a write failed because the browser gives this origin no more room. Dexie wraps what IndexedDB said. */
export function isFull(fault: unknown): boolean {
  for (let at = fault, depth = 0; at instanceof Object && depth < 5; depth++) {
    if ('name' in at && at.name === 'QuotaExceededError') return true
    at = 'inner' in at ? at.inner : null
  }
  return false
}
