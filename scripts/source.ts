import { parseAst } from 'vite'

/** What the checks read in a source file: its imports and, in a test, its titles. From the syntax tree, not by pattern. */
export interface Source {
  /** `isLate`: fetched when it is asked for, by `import()`. */
  imports: { path: string; line: number; isLate: boolean }[]
  titles: { call: 'test' | 'group'; title: string; line: number }[]
}

interface Node {
  type: string
  start: number
  [key: string]: unknown
}

/** Reads one TypeScript file. Template literals stand with `…` for what is only known at run time. */
export function readSource(path: string, text: string): Source {
  const source: Source = { imports: [], titles: [] }
  const lineOf = (node: Node) => text.slice(0, node.start).split('\n').length
  visit(parseAst(text, { lang: path.endsWith('.tsx') ? 'tsx' : 'ts' }, path) as unknown as Node, (node) => {
    const from = importOf(node)
    if (from !== null)
      source.imports.push({ path: from, line: lineOf(node), isLate: node.type === 'ImportExpression' })
    if (node.type !== 'CallExpression') return
    const call = callOf(node.callee as Node)
    const title = call && wordsOf((node.arguments as Node[])[0])
    if (call && title) source.titles.push({ call, title, line: lineOf(node) })
  })
  return source
}

function importOf(node: Node): string | null {
  const holds = [
    'ImportDeclaration',
    'ExportNamedDeclaration',
    'ExportAllDeclaration',
    'ImportExpression',
    'TSImportType',
  ]
  if (!holds.includes(node.type)) return null
  const source = (node.source ?? (node.argument as Node | undefined)?.literal ?? node.argument) as
    | Node
    | null
    | undefined
  return source && typeof source.value === 'string' ? source.value : null
}

/** `it('…')`, `test.each([…])('…')`, `describe.only('…')`: what stands at the root of the callee decides. */
function callOf(callee: Node): 'test' | 'group' | null {
  let root = callee
  let group = false
  for (;;) {
    if (root.type === 'CallExpression') root = root.callee as Node
    else if (root.type === 'TaggedTemplateExpression') root = root.tag as Node
    else if (root.type === 'MemberExpression') {
      const property = (root.property as Node).name
      // Playwright's hooks and steps hang on `test` as well and are no tests.
      if (
        ['beforeEach', 'afterEach', 'beforeAll', 'afterAll', 'step', 'use', 'extend'].includes(
          String(property),
        )
      )
        return null
      group ||= property === 'describe'
      root = root.object as Node
    } else break
  }
  if (root.type !== 'Identifier') return null
  if (group || root.name === 'describe' || root.name === 'suite') return 'group'
  return root.name === 'it' || root.name === 'test' ? 'test' : null
}

function wordsOf(node: Node | undefined): string | null {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node?.type === 'BinaryExpression') {
    const [left, right] = [wordsOf(node.left as Node), wordsOf(node.right as Node)]
    return left === null && right === null ? null : `${left ?? '…'}${right ?? '…'}`
  }
  if (node?.type !== 'TemplateLiteral') return null
  return (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('…')
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node)
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const each of value) visitIfNode(each, see)
    else visitIfNode(value, see)
  }
}

function visitIfNode(value: unknown, see: (node: Node) => void): void {
  if (typeof value === 'object' && value !== null && typeof (value as Node).type === 'string')
    visit(value as Node, see)
}
