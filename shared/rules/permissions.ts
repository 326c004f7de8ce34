import type { Role } from '../model/role.ts'

/**
 * Everything a person can be allowed to do. Within an account every agent may read every conversation [F51];
 * roles decide actions, screens and exports [F38].
 */
export const actions = [
  'reply',
  'note',
  'claim',
  'transfer',
  'end',
  'start',
  'edit mobile users',
  'change consent',
  'edit views',
  'edit lists',
  'send to lists',
  'see strays',
  'edit auto-replies',
  'edit settings',
  'edit people',
] as const
export type Action = (typeof actions)[number]

/** Whether a role may do an action. The whole table of rights is here. */
export function may(role: Role, action: Action): boolean {
  switch (role) {
    case 'admin':
      return true
    case 'agent':
      return agentActions.has(action)
  }
}

const agentActions: ReadonlySet<Action> = new Set<Action>([
  'reply',
  'note',
  'claim',
  'transfer',
  'end',
  'start',
  'edit mobile users',
  'change consent',
  'edit views',
  'edit lists',
  'send to lists',
  'edit auto-replies',
])
