import * as z from 'zod/mini'
import type { Parley } from '#client/state/parley.ts'
import { formsKey, ofThisTab, type Session } from './kept-tabs.ts'

const stored = z.object({ whose: z.string(), forms: z.record(z.string(), z.unknown()) })

/** What is typed into forms and not saved yet, each under its name. */
export interface KeptForms {
  /** What was kept of a form; null for none, or for what it does not understand. */
  read<Value>(form: string, schema: z.ZodMiniType<Value>): Value | null
  /** Null forgets it. */
  keep(form: string, value: unknown): void
}

/** For as long as somebody is signed in on this page. */
const held = new WeakMap<object, Map<string, unknown>>()

/**
 * The forms of whoever is signed in: they outlive going elsewhere on this page and, but for a computer that is shared,
 * a reload of this browser tab, which is what a phone does to a page that it wants the room of.
 */
export function keptForms(
  { session, shared }: Pick<Parley, 'session' | 'shared'>,
  tab: Session = ofThisTab,
): KeptForms {
  const whose = `${session.account}:${session.agent}`
  const forms = held.get(session) ?? (shared ? new Map() : readAll(whose, tab))
  held.set(session, forms)
  return {
    read: (form, schema) => schema.safeParse(forms.get(form)).data ?? null,
    keep(form, value) {
      if (value !== null) forms.set(form, value)
      else if (!forms.delete(form)) return
      if (!shared) writeAll(whose, forms, tab)
    },
  }
}

function readAll(whose: string, tab: Session): Map<string, unknown> {
  try {
    const read = stored.safeParse(JSON.parse(tab().getItem(formsKey) ?? 'null'))
    if (read.success && read.data.whose === whose) return new Map(Object.entries(read.data.forms))
  } catch {
    // Shut, or not what this build kept: as where nothing was.
  }
  return new Map()
}

function writeAll(whose: string, forms: ReadonlyMap<string, unknown>, tab: Session): void {
  try {
    tab().setItem(formsKey, JSON.stringify({ whose, forms: Object.fromEntries(forms) }))
  } catch {
    // Private windows may refuse storage; the forms then last as long as the page.
  }
}
