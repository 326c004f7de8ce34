import { expect, it } from 'vitest'
import { checkFlows, readScreenNames, screensOf } from '#scripts/flows.ts'
import { readSource } from '#scripts/source.ts'

const client = {
  'client/main.tsx': `import { App } from './ui/app.tsx'`,
  'client/ui/app.tsx': `const Help = later(() => import('./help.tsx').then(({ Help }) => Help))\nimport { Row } from './row.tsx'`,
  'client/ui/help.tsx': ``,
  'client/ui/row.tsx': ``,
  'client/ui/owner.tsx': `import { Popover } from './controls/popover.tsx'`,
  'client/ui/controls/popover.tsx': `import { Dialog } from './dialog.tsx'`,
}
const tests = {
  'test/e2e/day.spec.ts': `test('[flow 1] [F1] opens', () => {})\ntest('[flow 2] helps', () => {})`,
}
const doc = [
  '| Flow 1: open | an agent | none | the app | test/e2e/day.spec.ts |',
  '| Flow 2: help | an agent | `?` | help | test/e2e/day.spec.ts |',
  '| client/ui/app.tsx | 1 | inbox |',
  '| client/ui/help.tsx | 2 | help |',
  '| client/ui/owner.tsx | 1, 2 | inbox, help |',
]
const looks = (name: string) =>
  ['light-wide', 'dark-wide', 'light-phone', 'dark-phone'].map((look) => `${name}-${look}.png`)
const pictures = {
  names: ['inbox', 'help'],
  files: ['README.md', ...looks('inbox'), ...looks('help')],
  readme: '| inbox | a | b |\n| help | a | b |\n'.repeat(3),
}
const sources = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([file, text]) => [file, readSource(file, text)]))
const check = (lines: string[], files: Record<string, string> = { ...client, ...tests }) =>
  checkFlows(lines.join('\n'), sources(files), pictures)

it('knows a screen by what opens it', () => {
  expect(screensOf(sources(client))).toEqual([
    'client/ui/app.tsx',
    'client/ui/help.tsx',
    'client/ui/owner.tsx',
  ])
})

it('has nothing to say where all is described and tested', () => {
  expect(check(doc)).toEqual([])
})

it('names a screen without a flow, and one that is none', () => {
  expect(check([...doc.slice(0, 4), '| client/ui/row.tsx | 1 | inbox |'])).toEqual([
    'client/ui/owner.tsx: a screen without a flow',
    'client/ui/row.tsx: listed as a screen, and is none',
  ])
})

it('names a flow without a test, and a test of an unknown flow', () => {
  const other = {
    'test/e2e/day.spec.ts': `test('[flow 1] opens', () => {})\ntest('[flow 3] ends', () => {})`,
  }
  expect(check(doc, { ...client, ...other })).toEqual([
    'test/e2e/day.spec.ts:2 quotes flow 3, which docs/flows.md has not',
    'flow 2: no test in test/e2e/day.spec.ts quotes it',
  ])
})

it('names flows that are out of order or lack a cell', () => {
  const [one = '', two = '', ...rest] = doc
  expect(check([two, one, ...rest])).toContain('flow 2 is out of order')
  expect(check([one.replace('none', ''), two, ...rest])).toEqual(['flow 1: a cell is empty'])
})

it('names a screen that no picture shows, and a picture that is of none', () => {
  const [flow = '', other = '', app = '', help = '', owner = ''] = doc
  expect(
    check([flow, other, app, help.replace('| help |', '|  |'), owner.replace('inbox,', 'menu,')]),
  ).toEqual([
    'client/ui/help.tsx: named in no picture, so that axe never looks at it',
    'client/ui/owner.tsx: test/screens/screens.ts has no menu',
  ])
  const taken = { ...pictures, files: [...looks('inbox').slice(1), ...looks('help'), 'old-light-wide.png'] }
  expect(checkFlows(doc.join('\n'), sources({ ...client, ...tests }), taken)).toEqual([
    'docs/screens/inbox-light-wide.png was not taken',
    'docs/screens/old-light-wide.png is of no screen',
  ])
})

it('names a screen of which too little was said', () => {
  const said = { ...pictures, readme: pictures.readme.replace('| help |', '| helpful |') }
  expect(checkFlows(doc.join('\n'), sources({ ...client, ...tests }), said)).toEqual([
    'docs/screens/README.md says 2 things of help, not three',
  ])
})

it('reads the names of the screens in their table', () => {
  expect(readScreenNames(`  {\n    name: 'sign-in',\n    apart: 'x',\n      name: 'deep',\n`)).toEqual([
    'sign-in',
  ])
})
