/**
 * Asks the browser not to delete this site's data when the disk fills up. Only where it decides by itself: Firefox asks
 * its person, which is for a press in Settings to do.
 */
export async function keepStorage(): Promise<void> {
  if (/\bFirefox\//u.test(navigator.userAgent)) return
  try {
    const manager = navigator.storage as StorageManager | undefined
    if (!(await manager?.persisted?.())) await manager?.persist?.()
  } catch (fault) {
    // The app works without; Settings shows how it stands.
    console.error('The browser was not asked to keep what is stored.', fault)
  }
}
