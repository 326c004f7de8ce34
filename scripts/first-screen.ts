import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin, Rolldown } from 'vite'

const client = resolve(import.meta.dirname, '../client')
const read = (path: string) => readFileSync(join(client, path), 'utf8')

/** What an address of a conversation draws beside the list. */
export const conversation = join(client, 'ui/message-center/reading/one-conversation.tsx')

/**
 * Paints a frame of the screen from the page alone: puts `client/first` and the tokens inline, and lets style sheet
 * and scripts come behind it, each evaluated by itself. The page's policy names the four inline elements by their hash,
 * so that nothing else may stand inline; it is written into the build's `_headers`.
 */
export function firstScreen(): Plugin {
  const style = (read('styles/tokens.css') + read('first/first.css'))
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .trim()
  const source = readScript('first/first.js')
  const picture = readScript('first/picture.js')
  const parts = readScript('first/parts.js')
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
        const files = chunksOf(bundle, join(client, 'index.html'))
        const more = chunksOf(bundle, conversation).filter((href) => !files.includes(href))
        script = source.replace('__CONVERSATION__', JSON.stringify(more))
        return withFirst(html, { style, script, picture, parts, files })
      },
    },
    closeBundle() {
      const file = join(folder, '_headers')
      const headers = readFileSync(file, 'utf8')
        .replace("script-src 'self'", `script-src 'self' ${[script, picture, parts].map(hashOf).join(' ')}`)
        .replace("style-src 'self'", `style-src 'self' ${hashOf(style)}`)
      writeFileSync(file, headers)
    },
  }
}

/** A script without its comments and margins. Lines stay: they stand for semicolons. */
function readScript(path: string): string {
  return read(path)
    .replace(/^\s*\/\/.*\n/gm, '')
    .replace(/^\s+/gm, '')
    .trim()
}

/** The files that a module is in and needs, its own the last: each stands behind those that it imports. */
function chunksOf(bundle: Rolldown.OutputBundle, module: string): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
  const found = new Set<string>()
  const take = (chunk: Rolldown.OutputChunk) => {
    const href = `/${chunk.fileName}`
    if (found.has(href)) return
    for (const name of chunk.imports) {
      const imported = chunks.find(({ fileName }) => fileName === name)
      if (imported) take(imported)
    }
    found.add(href)
  }
  const own =
    chunks.find(({ facadeModuleId }) => facadeModuleId === module) ??
    chunks.find(({ moduleIds }) => moduleIds.includes(module))
  if (!own) throw new Error(`${module} is in no file.`)
  take(own)
  return [...found]
}

interface First {
  style: string
  script: string
  picture: string
  parts: string
  files: readonly string[]
}

/** Behind the frame, before anything that the page waits for. */
const end = '<p class="starting">Opening Parley…</p>'

function withFirst(html: string, { style, script, picture, parts, files }: First): string {
  const own = /\s*<(?:script type="module"[^>]*><\/script>|link rel="(?:modulepreload|stylesheet)"[^>]*>)/g
  const sheets = (html.match(own) ?? []).map((tag) => tag.trim()).filter((tag) => tag.includes('stylesheet'))
  // Scripts wait for a style sheet that stands before them, and what is above both is painted meanwhile.
  const behind = [
    ...sheets,
    ...files.map((href) => `<link rel="modulepreload" crossorigin fetchpriority="low" href="${href}">`),
    `<script type="module">${parts}</script>`,
  ]
  return html
    .replace(own, '')
    .replace(end, () => `${end}\n      <script>${picture}</script>`)
    .replace('</head>', `  <style>${style}</style>\n    <script>${script}</script>\n  </head>`)
    .replace('</body>', `  ${behind.join('\n    ')}\n  </body>`)
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
