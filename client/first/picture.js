// Stands inline in the page behind its frame: draws the screen as its person left it (`last-picture.ts`), before any
// other script is here. Only theirs, of this address and for this window, and not longer than a working day after the
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
  // The installed app begins at the list, whatever was open when it was left: then all but the pane is right.
  const path = location.pathname === '/' ? '/inbox/open' : location.pathname
  const isList = picture.path.startsWith(`${path}/`)
  if (
    picture.whose === `${account}:${agent}` &&
    (picture.path === path || isList) &&
    picture.width === innerWidth &&
    // A phone's address bar comes and goes, its keyboard makes half a screen.
    Math.abs(picture.height - innerHeight) < 100 &&
    isFresh(picture.at) &&
    isFresh(confirmed)
  ) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(picture.sheet)
    const tree = draw(picture.tree)
    // A phone shows one of the two.
    const hasAll = !isList || tree.querySelector('.row')
    if (isList) {
      tree.querySelector('.reading')?.replaceChildren()
      tree.querySelector('.current')?.classList.remove('current')
    }
    if (hasAll) {
      const root = document.querySelector('.first').attachShadow({ mode: 'closed' })
      root.adoptedStyleSheets = [sheet]
      root.append(tree)
      document.documentElement.dataset.first = 'picture'
    }
  }
} catch {
  // Nothing is kept that is of use here, or storage is shut: the frame stays.
}
