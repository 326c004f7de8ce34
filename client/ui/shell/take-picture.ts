/** A tag, its attributes and what is in it. */
type Part = string | [tag: string, attributes: Record<string, string>, ...inside: Part[]]

export interface Picture {
  /** `account:agent`. Nobody else is shown it. */
  whose: string
  /** Of which address it is, and how large the window was. */
  path: string
  width: number
  height: number
  /** Device time, ms. */
  at: number
  /** The rules that it needs: it looks the same after a release, before the new style sheet is here. */
  sheet: string
  tree: Part
}

/** What the Message Center looks like at this moment, for `whose` next start. */
export function takePicture(center: Element, whose: string): Picture {
  // One that an extension of the browser brought may not be read.
  const sheets = [...document.styleSheets].filter(
    ({ href }) => href === null || href.startsWith(location.origin),
  )
  const rules = sheets.flatMap(({ cssRules }) => rulesFor(center, cssRules))
  return {
    whose,
    path: location.pathname,
    width: innerWidth,
    height: innerHeight,
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
  if (selector === '.first-rows') return true
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
/** Nor what a start does not bring back: what hangs open over the rest, and where reading began. */
const never = '.visually-hidden, dialog, [popover], [role="listbox"], [type="file"], .unread-line'
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
  const tag = element.tagName.toLowerCase()
  const { cssText } = (element as HTMLElement | SVGElement).style
  const attributes = attributesOf(element)
  if (element.matches('img, video, audio, canvas'))
    return [['div', { ...attributes, style: `${cssText};${blankOf(box)}` }]]
  const field = fieldOf(element)
  if (field) return [[tag, { ...attributes, ...field.attributes, style: cssText }, ...field.inside]]
  const hide = element.matches(passing) ? ';visibility: hidden' : ''
  const place = placeOf(element)
  if (place === null) {
    // The list has the frame's rows in the place of those that were seen.
    if (element.matches('.virtual')) attributes.class = `${attributes.class} first-rows`
    return [[tag, { ...attributes, style: cssText }]]
  }
  const inside = [...element.childNodes].flatMap((child): Part[] => {
    if (child instanceof Element) return partsOf(child)
    return child instanceof Text && child.data !== '' ? [child.data] : []
  })
  return [[tag, { ...attributes, style: cssText + hide + place }, ...inside]]
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

/** The place of something that has to be fetched. */
function blankOf({ width, height }: DOMRect): string {
  return `inline-size: ${width}px; block-size: ${height}px; background: var(--hover)`
}

/** A field with what is typed or chosen in it, which no attribute says. */
function fieldOf(element: Element): { attributes: Record<string, string>; inside: Part[] } | null {
  if (element instanceof HTMLTextAreaElement)
    return { attributes: { placeholder: element.placeholder }, inside: [element.value] }
  if (element instanceof HTMLSelectElement)
    return { attributes: {}, inside: [['option', {}, element.selectedOptions[0]?.text ?? '']] }
  if (!(element instanceof HTMLInputElement)) return null
  const { type, value, placeholder, checked } = element
  return { attributes: { type, value, placeholder, ...(checked ? { checked: '' } : {}) }, inside: [] }
}

/**
 * How what is scrolled stands without being scrolled: a list at its beginning as it is, a thread at its end from below;
 * null elsewhere, where a start does not bring back what was seen.
 */
function placeOf(element: Element): string | null {
  const { scrollTop, scrollHeight, clientHeight, parentElement } = element
  const above = parentElement?.matches(thread) ? ';flex: none; inline-size: 100%' : ''
  if (!element.matches(thread) || scrollHeight <= clientHeight + 1) return scrollTop === 0 ? above : null
  return scrollHeight - scrollTop - clientHeight > 1 ? null : `${above};${fromBelow}`
}

const thread = '.thread-scroll'
const fromBelow = 'display: flex; flex-direction: column; justify-content: flex-end; overflow: hidden'
