import { posix } from 'node:path'

/**
 * Who may import whom, by resolved path, so that `../worker/x.ts` is the same as `#worker/x.ts`. The lint rules
 * say the same in the editor for the spellings they know; this table is the word.
 */
const arrows: readonly { from: RegExp; never: RegExp; except?: RegExp; why: string }[] = [
  { from: /^shared\//, never: /^(worker|client|test|scripts)\//, why: 'shared knows neither side' },
  { from: /^worker\//, never: /^(client|test|scripts)\//, why: 'client -> shared <- worker' },
  { from: /^client\//, never: /^(worker|test|scripts)\//, why: 'client -> shared <- worker' },
  { from: /^scripts\//, never: /^(client|test)\//, why: 'scripts serve the project, not its tests' },
  {
    from: /^shared\/(rules|core|model|rows|base)\//,
    never: /^(yjs|lib0|y-protocols|shared\/(docs|wire)\/)/,
    except: /^shared\/wire\/limits\.ts$/,
    why: 'rules and core know neither Yjs nor the wire',
  },
  { from: /^shared\/(?!docs\/)/, never: /^(yjs|lib0|y-protocols)/, why: 'only shared/docs knows Yjs' },
  {
    from: /^worker\/(?!dev\.ts$|dev\/)/,
    never: /^worker\/dev(\.ts$|\/)/,
    why: 'what is for development never reaches the deployed bundle',
  },
  {
    from: /^worker\/account\//,
    never: /^(hono|worker\/(http|queues|email|dev)\/)/,
    why: 'the account object imports no http, queue or mail code',
  },
  {
    from: /^client\/(sync|db)\//,
    never: /^(solid-js|@kobalte|@tanstack|client\/(ui|state)\/)/,
    why: 'client/sync and client/db know no Solid',
  },
  {
    from: /^client\/ui\//,
    never: /^(dexie|yjs|client\/(sync|db)\/)/,
    why: 'client/ui reads through client/state',
  },
]

/** What is wrong with an import, or null. `file` is from the project's root, `path` as written in the import. */
export function refuseImport(file: string, path: string): string | null {
  const target = resolve(file, path)
  const broken = arrows.find(
    ({ from, never, except }) => from.test(file) && never.test(target) && !except?.test(target),
  )
  return broken ? `imports ${path}: ${broken.why}` : null
}

function resolve(file: string, path: string): string {
  if (path.startsWith('#')) return path.slice(1)
  return path.startsWith('.') ? posix.join(posix.dirname(file), path) : path
}
