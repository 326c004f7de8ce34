import type { Component } from 'solid-js'
import type { Role } from '#shared/model/role.ts'
import { may, type Action } from '#shared/rules/permissions.ts'
import { later, opening } from '../controls/later.tsx'
import type { IconName } from '../controls/icon-paths.ts'

/** What a section gets: what stands in the address behind its name, and how to go somewhere else in itself. */
export interface SectionProps extends Record<string, unknown> {
  rest: readonly string[]
  go(rest: readonly string[]): void
}

export interface Section {
  id: string
  name: string
  group: string
  icon: IconName
  /** The right without which this section does not exist for a person [F41]; null where everybody has it. */
  needs: Action | null
  page: Component<SectionProps>
}

/** Every section of Settings [F17], in the order of the list. Each is loaded when somebody comes to it. */
export const sections: readonly Section[] = [
  {
    id: 'profile',
    name: 'User Profile',
    group: 'Company',
    icon: 'person',
    needs: null,
    page: later<SectionProps>(async () => (await import('./profile/profile.tsx')).Profile, opening),
  },
  {
    id: 'devices',
    name: 'Devices',
    group: 'Company',
    icon: 'monitor',
    needs: null,
    page: later<SectionProps>(async () => (await import('./sessions.tsx')).Sessions, opening),
  },
  {
    id: 'numbers',
    name: 'Numbers',
    group: 'Company',
    icon: 'inbox',
    needs: 'edit settings',
    page: later<SectionProps>(async () => (await import('./numbers.tsx')).Numbers, opening),
  },
  {
    id: 'auto-replies',
    name: 'Auto-Replies',
    group: 'Company',
    icon: 'clock',
    needs: 'edit auto-replies',
    page: later<SectionProps>(
      async () => (await import('./auto-replies/auto-replies.tsx')).AutoReplies,
      opening,
    ),
  },
  {
    id: 'set-aside',
    name: 'Set Aside',
    group: 'Company',
    icon: 'question',
    needs: 'see strays',
    page: later<SectionProps>(async () => (await import('./set-aside.tsx')).SetAside, opening),
  },
  {
    id: 'people',
    name: 'Mobile End Users',
    group: 'Company',
    icon: 'people',
    needs: 'edit mobile users',
    page: later<SectionProps>(async () => (await import('./mobile-end-users.tsx')).MobileEndUsers, opening),
  },
  {
    id: 'lists',
    name: 'Distribution Lists',
    group: 'Company',
    icon: 'outbox',
    needs: null,
    page: later<SectionProps>(async () => (await import('./lists/lists.tsx')).DistributionLists, opening),
  },
  {
    id: 'preferences',
    name: 'Preferences',
    group: 'This device',
    icon: 'gear',
    needs: null,
    page: later<SectionProps>(async () => (await import('./preferences.tsx')).Preferences, opening),
  },
  {
    id: 'notifications',
    name: 'Notifications',
    group: 'This device',
    icon: 'info',
    needs: null,
    page: later<SectionProps>(
      async () => (await import('./notifications.tsx')).NotificationSettings,
      opening,
    ),
  },
  {
    id: 'storage',
    name: 'Storage',
    group: 'This device',
    icon: 'down',
    needs: null,
    page: later<SectionProps>(async () => (await import('./storage.tsx')).StorageSettings, opening),
  },
  {
    id: 'help',
    name: 'Help',
    group: 'Parley',
    icon: 'question',
    needs: null,
    page: later<SectionProps>(async () => (await import('./help.tsx')).Help, opening),
  },
]

/** The sections of a role. */
export function sectionsOf(role: Role): Section[] {
  return sections.filter(({ needs }) => needs === null || may(role, needs))
}
