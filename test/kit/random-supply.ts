import { randomFillSync, webcrypto } from 'node:crypto'

/**
 * Random values from a supply, for whoever imports this before Yjs: each of its documents asks the system for four
 * bytes, which takes longer than all else that opening a small one does.
 */
const supply = new Uint8Array(65_536)
let used = supply.length

webcrypto.getRandomValues = (values) => {
  const { buffer, byteOffset, byteLength } = values
  if (byteLength > supply.length) throw new RangeError(`At most ${supply.length} bytes at once.`)
  if (used + byteLength > supply.length) {
    randomFillSync(supply)
    used = 0
  }
  new Uint8Array(buffer, byteOffset, byteLength).set(supply.subarray(used, used + byteLength))
  used += byteLength
  return values
}
