import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin, Rolldown } from 'vite'

const client = resolve(import.meta.dirname, '../client')
const read = (path: string) => readFileSync(join(client, path), 'utf8')

/** What an address of a conversation draws beside the list. */
const conversation = join(client, 'ui/message-center/reading/one-conversation.tsx')

/**
 * Paints a frame of the screen from the page alone: puts `client/first` and the tokens inline, and lets style sheet
 * and scripts come behind it. The page's policy names the two inline elements by their hash, so that nothing else may stand
 * inline; it is written into the build's `_headers`.
 */
export function firstScreen(): Plugin {
  const style = (read('styles/tokens.css') + read('first/first.css'))
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .trim()
  // Lines stay: they stand for semicolons.
  const source = read('first/first.js')
    .replace(/^\s*\/\/.*\n/gm, '')
    .replace(/^\s+/gm, '')
    .trim()
  let script = ''
  let folder = ''
  return {
    name: 'first screen',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir)
    },
    transformIndexHtml: {
      order: 'post',
      handler(html, { path, bundle }) {
        if (path !== '/index.html' || !bundle) return html
        script = source.replace('__CONVERSATION__', JSON.stringify(conversationIn(bundle)))
        return withFirst(html, style, script)
      },
    },
    closeBundle() {
      const file = join(folder, '_headers')
      const headers = readFileSync(file, 'utf8')
        .replace("script-src 'self'", `script-src 'self' ${hashOf(script)}`)
        .replace("style-src 'self'", `style-src 'self' ${hashOf(style)}`)
      writeFileSync(file, headers)
    },
  }
}

/** The scripts of an open conversation that the page itself does not name. */
function conversationIn(bundle: Rolldown.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
  const within = (names: readonly string[]): string[] => {
    const found = new Set<string>()
    const waiting = [...names]
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (found.has(name)) continue
      found.add(name)
      waiting.push(...(chunks.find(({ fileName }) => fileName === name)?.imports ?? []))
    }
    return [...found]
  }
  const named = (id: string) =>
    within(chunks.flatMap((one) => (one.facadeModuleId === id ? [one.fileName] : [])))
  const own = named(conversation)
  if (own.length === 0) throw new Error(`${conversation} is no part of its own.`)
  const known = new Set(named(join(client, 'index.html')))
  return own.filter((name) => !known.has(name)).map((name) => `/${name}`)
}

function withFirst(html: string, style: string, script: string): string {
  const own = /\s*<(?:script type="module"[^>]*><\/script>|link rel="(?:modulepreload|stylesheet)"[^>]*>)/g
  const assets = (html.match(own) ?? []).map((tag) => tag.trim())
  // Scripts wait for a style sheet that stands before them, and what is above both is painted meanwhile.
  const behind = assets
    .toSorted((one, other) => Number(other.includes('stylesheet')) - Number(one.includes('stylesheet')))
    .map((tag) =>
      tag.includes('stylesheet') ? tag : tag.replace(' crossorigin', ' crossorigin fetchpriority="low"'),
    )
  return html
    .replace(own, '')
    .replace('</head>', `  <style>${style}</style>\n    <script>${script}</script>\n  </head>`)
    .replace('</body>', `  ${behind.join('\n    ')}\n  </body>`)
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
