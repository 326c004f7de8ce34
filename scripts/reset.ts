import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { projectRoot } from './dev-config.ts'

/** `npm run reset`: drops the local state. The next start seeds anew. */
for (const folder of ['.wrangler', '.parley'])
  rmSync(resolve(projectRoot, folder), { recursive: true, force: true })
console.log('The local state is gone. `npm start` seeds anew.')
