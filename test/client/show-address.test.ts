import { createMemo, createRoot } from 'solid-js'
import { expect, it } from 'vitest'
import { showAddress } from '#client/state/show-address.ts'
import { until } from './kit/fake-device.ts'

it('a number from abroad is shown as it is kept, and properly as soon as its number plan is there', async () => {
  await createRoot(async (dispose) => {
    const shown = createMemo(() => `${showAddress('+13095550100')}, ${showAddress('+442079460000')}`)
    expect(shown()).toBe('(309) 555-0100, +442079460000')
    await until(() => showAddress('+442079460000') !== '+442079460000')
    expect(showAddress('+442079460000')).toBe('+44 20 7946 0000')
    dispose()
  })
})
