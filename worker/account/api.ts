export type { AccountObject as AccountApi } from './object.ts'
