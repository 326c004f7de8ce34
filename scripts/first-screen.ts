import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'

const client = resolve(import.meta.dirname, '../client')
const read = (path: string) => readFileSync(join(client, path), 'utf8')

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
  const script = read('first/first.js')
    .replace(/^\s*\/\/.*\n/gm, '')
    .replace(/^\s+/gm, '')
    .trim()
  let folder = ''
  return {
    name: 'first screen',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir)
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html, { path }) => (path === '/index.html' ? withFirst(html, style, script) : html),
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
