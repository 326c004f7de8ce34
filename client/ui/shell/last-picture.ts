import { onCleanup } from 'solid-js'
import { pictureKey, rememberedKey } from '#client/state/gate.ts'

/** A tag, its attributes and what is in it. */
type Part = string | [tag: string, attributes: Record<string, string>, ...inside: Part[]]

export interface Picture {
  /** `account:agent`. Nobody else is shown it. */
  whose: string
  /** Of which address it is, and how wide the window was. */
  path: string
  width: number
  /** Device time, ms. */
  at: number
  /** The rules that it needs: it looks the same after a release, before the new style sheet is here. */
  sheet: string
  tree: Part
}

/** Characters. Storage holds five million, which drafts need as well. */
const most = 400_000

/**
 * Keeps a picture of the Message Center whenever the page goes out of sight, for as long as the caller's owner lives.
 * The next start paints it before any script is here, as phones do with their apps, and the live screen takes its
 * place. `whose`: null on a computer that is shared, which keeps nothing. `isPlain`: false while something stands on
 * the screen that a start does not bring back, such as a search.
 */
export function keepPicture(whose: string | null, isPlain: () => boolean): void {
  if (whose === null) return
  const keep = () => {
    const center = document.querySelector('.center')
    if (document.visibilityState === 'hidden' && center && isPlain()) write(takePicture(center, whose))
  }
  document.addEventListener('visibilitychange', keep)
  onCleanup(() => document.removeEventListener('visibilitychange', keep))
}

/** Nothing, where it is known that nobody is signed in any more, or that there is no room. */
function write(picture: Picture): void {
  const text = JSON.stringify(picture)
  try {
    // An older picture would be of another moment.
    localStorage.removeItem(pictureKey)
    if (localStorage.getItem(rememberedKey) && text.length <= most) localStorage.setItem(pictureKey, text)
  } catch {
    // Storage is shut or full: the next start shows the empty frame.
  }
}

function takePicture(center: Element, whose: string): Picture {
  const rules = [...document.styleSheets].flatMap(({ cssRules }) => rulesFor(center, cssRules))
  return {
    whose,
    path: location.pathname,
    width: innerWidth,
    at: Date.now(),
    sheet: [...rules, still].join('\n'),
    tree: ['div', { style: wall }, ...partsOf(center)],
  }
}

/** Rules of which something in `center` is meant, whatever state they ask of it. */
function rulesFor(center: Element, rules: CSSRuleList): string[] {
  return [...rules].flatMap((rule) => {
    if (rule instanceof CSSMediaRule) {
      const inside = matchMedia(rule.conditionText).matches ? rulesFor(center, rule.cssRules) : []
      return inside.length > 0 ? [`@media ${rule.conditionText} {${inside.join('')}}`] : []
    }
    return rule instanceof CSSStyleRule && isMeant(center, rule.selectorText) ? [rule.cssText] : []
  })
}

function isMeant(center: Element, selector: string): boolean {
  const plain = selector.replace(/::?[\w-]+(?:\([^()]*\))?/g, '')
  try {
    return center.matches(plain) || center.querySelector(plain) !== null
  } catch {
    // Nothing is left of it, or it is not taken apart as easily.
    return true
  }
}

/** What would not be true any more at the next start keeps its place and is not shown. */
const passing = '.row-time, .row-waited, .bubble-count, .viewer, .caret, .connection, .calling-sign, .asked'
const never = '.visually-hidden, dialog, [popover], [type="file"]'
const still = '*, ::before, ::after { animation: none !important; transition: none !important; }'
const wall =
  'grid-area: 1 / 1 / -1 / -1; position: relative; display: flex; flex-direction: column; color: var(--text)'

/** An element as it is seen: none where it is not, and its children where it has no box of its own. */
function partsOf(element: Element): Part[] {
  if (element.matches(never)) return []
  const { display, visibility } = getComputedStyle(element)
  if (display === 'none' || visibility === 'hidden') return []
  const box = element.getBoundingClientRect()
  if (display !== 'contents' && !isInSight(box)) return []
  const style = (element as HTMLElement | SVGElement).style.cssText
  const attributes = attributesOf(element)
  if (isReplaced(element))
    return [['div', { ...attributes, style: `${style};${sizeOf(element, box)}` }, ...shownIn(element)]]
  const hide = element.matches(passing) ? ';visibility: hidden' : ''
  const place = placeOf(element)
  if (place === null) return [[element.tagName.toLowerCase(), { ...attributes, style }]]
  const inside = [...element.childNodes].flatMap((child): Part[] => {
    if (child instanceof Element) return partsOf(child)
    return child instanceof Text && child.data !== '' ? [child.data] : []
  })
  return [[element.tagName.toLowerCase(), { ...attributes, style: style + hide + place }, ...inside]]
}

/** What a style sheet can ask of an element, and what draws a sign. Nothing by which it could be reached or act. */
function attributesOf(element: Element): Record<string, string> {
  const kept =
    element instanceof SVGElement ? /^(?:class|viewBox|d)$/ : /^(?:class|dir|disabled|data-|aria-|role$)/
  return Object.fromEntries(
    [...element.attributes].flatMap(({ name, value }) => (kept.test(name) ? [[name, value]] : [])),
  )
}

function isInSight({ top, bottom, left, right }: DOMRect): boolean {
  return bottom > 0 && top < innerHeight && right > 0 && left < innerWidth
}

/** What shows something other than its children. */
function isReplaced(element: Element): element is HTMLElement {
  return element.matches('img, video, audio, canvas, iframe, input, textarea, select')
}

/** What is typed, or what would be. */
function shownIn(element: Element): Part[] {
  if (element instanceof HTMLSelectElement) return [element.selectedOptions[0]?.text ?? '']
  const isText = element.matches('textarea, input:not([type="checkbox"], [type="radio"])')
  if (!isText || !(element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement)) return []
  return element.value === ''
    ? [['span', { style: 'color: var(--muted)' }, element.placeholder]]
    : [element.value]
}

function sizeOf(element: Element, { width, height }: DOMRect): string {
  const align = element instanceof HTMLTextAreaElement ? 'start' : 'center'
  return `inline-size: ${width}px; block-size: ${height}px; white-space: pre-wrap; align-content: ${align}; overflow: hidden`
}

/**
 * How what is scrolled stands without being scrolled: at its beginning as it is; at its end, as a thread is, from below;
 * null in between, where a start does not bring back what was seen.
 */
function placeOf({ scrollTop, scrollHeight, clientHeight, parentElement }: Element): string | null {
  const above = parentElement && isAtEnd(parentElement) ? ';flex: none; inline-size: 100%' : ''
  if (scrollTop === 0) return above
  if (scrollHeight - scrollTop - clientHeight > 1) return null
  return `${above};${fromBelow}`
}

function isAtEnd({ scrollTop, scrollHeight, clientHeight }: Element): boolean {
  return scrollTop > 0 && scrollHeight - scrollTop - clientHeight <= 1
}

const fromBelow = 'display: flex; flex-direction: column; justify-content: flex-end; overflow: hidden'
