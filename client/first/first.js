// Stands inline in the page and runs before anything is painted: which frame is drawn until the scripts are here, in
// the person's own theme and widths. What it reads is written by gate.ts, theme.ts, splitter.tsx and desk.ts.
try {
  const page = document.documentElement
  const [, root, , pane] = location.pathname.split('/')
  const theme = localStorage.getItem('parley.theme')
  if (theme === 'light' || theme === 'dark') page.dataset.theme = theme
  const width = Number(localStorage.getItem('parley.list-width'))
  if (width > 0) page.style.setProperty('--list', `${width}px`)
  if (localStorage.getItem('parley:session') && root !== 'settings') {
    page.dataset.first = `${pane ? 'pane' : 'list'} ${localStorage.getItem('parley.sidebar') ?? ''}`
    // An address of a conversation needs these beside the scripts of the list, which would ask for them only when they run.
    if (root === 'inbox' && pane && pane !== 'new')
      for (const href of __CONVERSATION__) {
        const link = document.createElement('link')
        Object.assign(link, { rel: 'modulepreload', crossOrigin: '', fetchPriority: 'low', href })
        document.head.append(link)
      }
  }
} catch {
  // Storage is shut: nothing is known of a person, and the page says that it opens.
}
