import { createSignal, For, Show } from 'solid-js'
import { AddHandset } from './add-handset.tsx'
import { CarrierPanel } from './carrier-panel.tsx'
import { createHandsets } from './handsets.ts'
import { createRevisions } from './live.ts'
import { Phone } from './phone.tsx'

/** The customers' side of Parley: several phones at once, and the carrier between them and the inbox. */
export function Simulator() {
  const handsets = createHandsets()
  const revisions = createRevisions()
  const [adding, setAdding] = createSignal(false)
  return (
    <div class="simulator">
      <header class="top">
        <div class="heading">
          <h1>Handsets</h1>
          <p>You are the customers. What you send arrives in the inbox.</p>
        </div>
        <button type="button" class="button" aria-expanded={adding()} onClick={() => setAdding(!adding())}>
          Add a handset
        </button>
        <a class="button strong" href="/">
          Open the inbox
        </a>
      </header>
      <main class="board">
        <section class="phones" aria-label="Phones">
          <Show when={adding()}>
            <AddHandset
              taken={handsets.all().map(({ number }) => number)}
              onAdd={(name, number) => {
                handsets.add(name, number)
                setAdding(false)
              }}
              onCancel={() => setAdding(false)}
            />
          </Show>
          <For each={handsets.all().map(({ number }) => number)}>
            {(number) => (
              <Show when={handsets.all().find((phone) => phone.number === number)}>
                {(handset) => (
                  <Phone
                    handset={handset()}
                    revisions={revisions}
                    onChoose={(company) => handsets.choose(number, company)}
                    onRemove={() => handsets.remove(number)}
                  />
                )}
              </Show>
            )}
          </For>
          <Show when={handsets.all().length === 0}>
            <p class="nobody">No phones here. Add one to text a company.</p>
          </Show>
        </section>
        <CarrierPanel revisions={revisions} />
      </main>
    </div>
  )
}
