import { For, Show } from 'solid-js'
import { showAddress } from '#client/state/show-address.ts'
import { useParley } from '#client/state/parley.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import type { SectionProps } from './sections.ts'

/** The company's numbers, and where new conversations on each go [F162]. */
export function Numbers(_props: SectionProps) {
  const parley = useParley()
  const numbers = () => parley.numbers().toSorted((left, right) => left.name.localeCompare(right.name))
  const goesTo = ({ agent, group }: CompanyNumber) =>
    parley.agents().find(({ id }) => id === agent)?.name ??
    parley.groups().find(({ id }) => id === group)?.name ??
    'Unassigned'
  return (
    <section aria-labelledby="numbers-title">
      <h2 class="page-title" id="numbers-title">
        Numbers
      </h2>
      <p class="quiet">The numbers that customers text, and who gets a new conversation on each.</p>
      <Show when={numbers().length > 0} fallback={<p>This company has no number yet.</p>}>
        <ul class="cards" role="list">
          <For each={numbers()}>
            {(number) => (
              <li class="card">
                <h3>{number.name || showAddress(number.address)}</h3>
                <dl class="facts across">
                  <div>
                    <dt>Number</dt>
                    <dd>{showAddress(number.address)}</dd>
                  </div>
                  <div>
                    <dt>New conversations go to</dt>
                    <dd>{goesTo(number)}</dd>
                  </div>
                  <div>
                    <dt>State</dt>
                    <dd>{number.active ? 'In use' : 'Disabled'}</dd>
                  </div>
                </dl>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  )
}
