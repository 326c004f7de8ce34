import { expect, it } from 'vitest'
import { afterSave } from '#client/ui/controls/after-save.ts'

it('a save lets go of what it saved, and of nothing that was typed while it was under way', () => {
  const saved = { first: 'Ruth' }
  const now = { first: 'Ruth', last: 'Abara', company: '' }
  expect(afterSave(saved, saved, now)).toEqual({ typed: {}, seen: {} })
  expect(afterSave({ first: 'Ruth A.', last: 'Abara-Ruiz' }, saved, now)).toEqual({
    typed: { first: 'Ruth A.', last: 'Abara-Ruiz' },
    seen: { first: 'Ruth', last: 'Abara' },
  })
})
