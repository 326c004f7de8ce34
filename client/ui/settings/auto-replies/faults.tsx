import { createSignal, Show, type JSX } from 'solid-js'

/** What is wrong with a form, said at its field; null for the form as a whole. Each field's id is its name behind `prefix`. */
export type Faults<Name extends string> = ReturnType<typeof createFaults<Name>>

export function createFaults<Name extends string>(prefix: string) {
  const [fault, setFault] = createSignal<{ field: Name | null; text: string } | null>(null)
  const at = (field: Name | null): string | null => {
    const found = fault()
    return found !== null && found.field === field ? found.text : null
  }
  return {
    at,
    idOf: (field: Name) => `${prefix}-${field}`,
    clear: () => setFault(null),
    /** Says it, and leads there. */
    say(form: HTMLElement | undefined, field: Name | null, text: string): void {
      setFault({ field, text })
      form?.querySelector<HTMLElement>(`#${prefix}-${field ?? 'wrong'}`)?.focus()
    },
    /** The attributes of a field, with the hint that stands at it, at another one, or nowhere. */
    of: (field: Name, hint: Name | null = field) => ({
      id: `${prefix}-${field}`,
      get 'aria-invalid'() {
        return at(field) === null ? undefined : ('true' as const)
      },
      get 'aria-describedby'() {
        if (at(field) !== null) return `${prefix}-${field}-error`
        return hint === null ? undefined : `${prefix}-${hint}-hint`
      },
    }),
    Hint: (props: { of: Name; children: JSX.Element }) => (
      <p class="quiet" id={`${prefix}-${props.of}-hint`}>
        {props.children}
      </p>
    ),
    Wrong: (props: { at: Name }) => (
      <Show when={at(props.at)}>
        {(text) => (
          <p class="error" role="alert" id={`${prefix}-${props.at}-error`}>
            {text()}
          </p>
        )}
      </Show>
    ),
  }
}
