import { For, onMount } from 'solid-js'

/**
 * The emoji that a company's texts need, with their names in CLDR's words. A whole picker weighs more than this
 * screen; the system's own opens by its key anywhere.
 */
const groups: [name: string, emoji: [emoji: string, name: string][]][] = [
  [
    'Faces',
    [
      ['🙂', 'slightly smiling face'],
      ['😀', 'grinning face'],
      ['😊', 'smiling face with smiling eyes'],
      ['😉', 'winking face'],
      ['😄', 'grinning face with smiling eyes'],
      ['😂', 'face with tears of joy'],
      ['😍', 'smiling face with heart-eyes'],
      ['🤔', 'thinking face'],
      ['😅', 'grinning face with sweat'],
      ['😢', 'crying face'],
      ['😮', 'face with open mouth'],
      ['😴', 'sleeping face'],
      ['🤗', 'smiling face with open hands'],
      ['🙁', 'slightly frowning face'],
      ['😎', 'smiling face with sunglasses'],
      ['🥳', 'partying face'],
    ],
  ],
  [
    'Hands and hearts',
    [
      ['👍', 'thumbs up'],
      ['👎', 'thumbs down'],
      ['👏', 'clapping hands'],
      ['🙏', 'folded hands'],
      ['👋', 'waving hand'],
      ['🤝', 'handshake'],
      ['💪', 'flexed biceps'],
      ['👀', 'eyes'],
      ['❤️', 'red heart'],
      ['💙', 'blue heart'],
      ['💚', 'green heart'],
      ['✨', 'sparkles'],
      ['🎉', 'party popper'],
      ['🎁', 'wrapped gift'],
      ['🎂', 'birthday cake'],
      ['💐', 'bouquet'],
    ],
  ],
  [
    'Work',
    [
      ['✅', 'check mark button'],
      ['❌', 'cross mark'],
      ['❓', 'question mark'],
      ['❗', 'exclamation mark'],
      ['⏰', 'alarm clock'],
      ['📅', 'calendar'],
      ['📞', 'telephone receiver'],
      ['📱', 'mobile phone'],
      ['✉️', 'envelope'],
      ['📷', 'camera'],
      ['📍', 'round pushpin'],
      ['🏠', 'house'],
      ['🚗', 'automobile'],
      ['🔧', 'wrench'],
      ['🛒', 'shopping cart'],
      ['💳', 'credit card'],
      ['📦', 'package'],
      ['🚚', 'delivery truck'],
      ['🍕', 'pizza'],
      ['☕', 'hot beverage'],
      ['🌞', 'sun with face'],
      ['🌧️', 'cloud with rain'],
      ['❄️', 'snowflake'],
      ['⚠️', 'warning'],
    ],
  ],
]
const perRow = 8

/** A small choice of emoji; arrows walk through them. */
export function EmojiList(props: { take(emoji: string): void; note: string | null }) {
  let list: HTMLDivElement | undefined
  onMount(() => list?.querySelector('button')?.focus())
  const walk = (event: KeyboardEvent) => {
    const all = [...(list?.querySelectorAll('button') ?? [])]
    const at = all.indexOf(document.activeElement as HTMLButtonElement)
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow, ArrowUp: -perRow }[event.key]
    if (by === undefined || at < 0) return
    event.preventDefault()
    all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus()
  }
  return (
    <div class="emoji-list" ref={(element) => (list = element)} onKeyDown={walk}>
      <For each={groups}>
        {([name, emoji], group) => (
          <div role="group" aria-label={name}>
            <p class="menu-label" aria-hidden="true">
              {name}
            </p>
            <div class="emoji-grid">
              <For each={emoji}>
                {([sign, name], index) => (
                  <button
                    type="button"
                    class="emoji"
                    aria-label={name}
                    title={name}
                    tabindex={group() === 0 && index() === 0 ? 0 : -1}
                    onClick={() => props.take(sign)}
                  >
                    {sign}
                  </button>
                )}
              </For>
            </div>
          </div>
        )}
      </For>
      <p class="quiet emoji-note">{props.note}</p>
    </div>
  )
}
