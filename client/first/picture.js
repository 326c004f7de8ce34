// Stands inline in the page behind its frame: draws the screen as its person left it (`last-picture.ts`), before any
// other script is here. Only theirs, of this address and in this width, and not longer than a working day after the
// edge last knew them here, as gate.ts shows what the device keeps. It stands in a closed root, out of reach of whatever
// looks through the page.
try {
  const picture = JSON.parse(localStorage.getItem('parley.picture'))
  const { account, agent, confirmed } = JSON.parse(localStorage.getItem('parley:session'))
  const isFresh = (at) => Date.now() - at >= 0 && Date.now() - at < 12 * 3600 * 1000
  const draw = ([tag, { style, ...attributes }, ...inside], space) => {
    const within = tag === 'svg' ? 'http://www.w3.org/2000/svg' : space
    const element = within ? document.createElementNS(within, tag) : document.createElement(tag)
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    if (style) element.style.cssText = style
    for (const part of inside) element.append(typeof part === 'string' ? part : draw(part, within))
    return element
  }
  if (
    picture.whose === `${account}:${agent}` &&
    picture.path === location.pathname &&
    picture.width === innerWidth &&
    isFresh(picture.at) &&
    isFresh(confirmed)
  ) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(picture.sheet)
    const tree = draw(picture.tree)
    const root = document.querySelector('.first').attachShadow({ mode: 'closed' })
    root.adoptedStyleSheets = [sheet]
    root.append(tree)
    document.documentElement.dataset.first = 'picture'
  }
} catch {
  // Nothing is kept, or it is of another release, or storage is shut: the frame stays.
}
