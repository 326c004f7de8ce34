import { describe, expect, it } from 'vitest'
import { refuseImport } from '#scripts/arrows.ts'
import { fromPlaywright, fromVitest } from '#scripts/reports.ts'
import { readTitle } from '#scripts/requirements.ts'
import { readSource } from '#scripts/source.ts'
import { prove, summarize } from '#scripts/spec.ts'
import { checkTable, fillTable } from '#scripts/table.ts'

describe('titles', () => {
  it('reads each kind of number', () => {
    expect(readTitle('[F65] [DC7] [fault W1] [E5] counts [at most] 150')).toEqual({
      quotes: [
        { kind: 'requirement', id: 'F65' },
        { kind: 'decision', id: 'DC7' },
        { kind: 'fault', id: 'W1' },
        { kind: 'rule', id: 'E5' },
      ],
      problems: [],
    })
  })

  it.each([
    '[F1-F5]',
    '[F1, F2]',
    '[F304]',
    '[F0]',
    '[DC29]',
    '[P9]',
    '[E31]',
    '[W1]',
    '[fault E4]',
    '[f1]',
    '[F1..F3]',
  ])('refuses %s', (title) => {
    expect(readTitle(title).problems).toHaveLength(1)
    expect(readTitle(title).quotes).toEqual([])
  })

  it('refuses a title that names five numbers', () => {
    const title = ['F1', 'F2', 'F3', 'F4', 'F5'].map((id) => `[${id}]`).join(' ')
    expect(readTitle(title).problems).toEqual(['names 5 numbers, at most 4'])
  })

  it('finds titles in every way tests are written, and no others', () => {
    const text = `
      // it('comment')
      const words = "it('text')"
      describe.each([1])('group %s', () => {})
      it('plain', () => {})
      it.each([['it("inner")', /['"]/]])("each %s", () => {})
      it.skipIf(true)('skipped', () => {})
      test.describe('group of test', () => {
        test(\`template \${words} end\`, async () => { await test.step('step', async () => {}) })
      })
      test.beforeEach('hook', () => {})
    `
    expect(readSource('a.ts', text).titles.map(({ call, title }) => `${call}: ${title}`)).toEqual([
      'group: group %s',
      'test: plain',
      'test: each %s',
      'test: skipped',
      'group: group of test',
      'test: template … end',
    ])
  })
})

describe('spec', () => {
  const at = (title: string, state: 'passed' | 'failed' | 'skipped', file = 'test/a.test.ts') => ({
    title,
    state,
    file,
  })

  it('counts a number only where a test that names it passed and none failed', () => {
    const proof = prove([
      at('[F2] b', 'passed'),
      at('[F10] c', 'passed'),
      at('[F10] d', 'failed'),
      at('[F3] e', 'skipped'),
      at('[fault E1] f', 'passed'),
      at('[P2] g', 'passed'),
    ])
    const summary = summarize(proof)
    expect(summary.tested).toEqual(['F2'])
    expect(summary.untested).toHaveLength(302)
    expect([summary.faults.E1, summary.rules.E1, summary.promises.P2, summary.decisions.DC1]).toEqual([
      true,
      false,
      true,
      false,
    ])
    expect(Object.keys(summary)).toEqual(['tested', 'untested', 'decisions', 'promises', 'faults', 'rules'])
  })

  it('reads the reports of both runners', () => {
    const unit = {
      testResults: [
        {
          name: '/p/test/shared/a.test.ts',
          assertionResults: [
            { title: 'x', status: 'passed' },
            { title: 'y', status: 'pending' },
          ],
        },
      ],
    }
    expect(fromVitest(unit, '/p')).toEqual([
      { file: 'test/shared/a.test.ts', title: 'x', state: 'passed' },
      { file: 'test/shared/a.test.ts', title: 'y', state: 'skipped' },
    ])
    const spec = (title: string, ...states: string[]) => ({
      title,
      file: 'a.spec.ts',
      ok: true,
      tests: states.map((status) => ({ status })),
    })
    const browser = {
      config: { rootDir: '/p/test/e2e' },
      suites: [
        {
          specs: [spec('s', 'expected')],
          suites: [
            { specs: [spec('f', 'expected', 'unexpected'), spec('r', 'flaky'), spec('k', 'skipped')] },
          ],
        },
      ],
    }
    expect(
      fromPlaywright(browser, '/p').map(({ file, title, state }) => `${file} ${title} ${state}`),
    ).toEqual([
      'test/e2e/a.spec.ts s passed',
      'test/e2e/a.spec.ts f failed',
      'test/e2e/a.spec.ts r passed',
      'test/e2e/a.spec.ts k skipped',
    ])
  })
})

describe('table', () => {
  const line = (id: string, where: string) => `| ${id} | Says what it says. | pure | ${where} |`

  it('finds what is missing, twice, unknown or nowhere', () => {
    const text = [
      line('F1', 'a.ts'),
      line('F2', 'b.ts'),
      line('F2', 'not built'),
      line('F999', 'not built'),
    ].join('\n')
    const problems = checkTable(text, (file) => file === 'a.ts')
    expect(problems).toContain('F2 stands 2 times')
    expect(problems).toContain('F3 stands nowhere')
    expect(problems).toContain('DC1 stands nowhere')
    expect(problems).toContain('F999 does not exist')
    expect(problems).toContain('F2: there is no b.ts')
    expect(problems.some((problem) => /^F1\b/.test(problem))).toBe(false)
  })

  it('fills the place from passing tests and forgets a file that proves nothing any more', () => {
    const text = ['# Head', line('F1', 'not built'), line('F2', 'old.ts'), line('F3', 'not built')].join('\n')
    expect(fillTable(text, (id) => (id === 'F1' ? ['a.ts', 'b.ts'] : []))).toBe(
      ['# Head', line('F1', 'a.ts, b.ts'), line('F2', 'built, untested'), line('F3', 'not built')].join('\n'),
    )
  })
})

describe('arrows', () => {
  it.each([
    ['shared/rules/a.ts', '../../worker/b.ts'],
    ['shared/rules/a.ts', '../docs/thread.ts'],
    ['shared/core/a.ts', 'yjs'],
    ['client/state/a.ts', '#worker/env.ts'],
    ['client/ui/a.tsx', '../db/b.ts'],
    ['client/sync/a.ts', 'solid-js/store'],
    ['worker/account/a.ts', '../http/b.ts'],
    ['worker/index.ts', './dev/seed.ts'],
    ['worker/a.ts', '#client/b.ts'],
  ])('refuses %s importing %s', (file, path) => {
    expect(refuseImport(file, path)).not.toBeNull()
  })

  it.each([
    ['worker/account/a.ts', '#shared/core/decide.ts'],
    ['client/ui/a.tsx', '#client/state/parley.ts'],
    ['worker/dev.ts', './dev/seed.ts'],
    ['shared/core/command.ts', '../wire/limits.ts'],
    ['test/shared/a.test.ts', '#worker/account/b.ts'],
  ])('lets %s import %s', (file, path) => {
    expect(refuseImport(file, path)).toBeNull()
  })
})
