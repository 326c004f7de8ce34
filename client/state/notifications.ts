import { createSignal, type Accessor } from 'solid-js'
import * as z from 'zod/mini'

/** Which texts this browser tells its agent of while nobody looks, and whether their words may be seen. */
export interface NotificationChoice {
  reach: 'mine' | 'groups' | 'all'
  words: boolean
}

/** Where notifications on this device stand. `why` is for the person. */
export type NotificationState =
  | { kind: 'unknown' }
  | { kind: 'unavailable'; why: string }
  | { kind: 'off' }
  | { kind: 'on'; choice: NotificationChoice }

export interface Notifications {
  state: Accessor<NotificationState>
  /** Looks at what the browser and the edge say. */
  look(): Promise<void>
  /** Asks the browser, which may ask the person: call it from a press. Answers what went wrong, or null. */
  turnOn(choice: NotificationChoice): Promise<string | null>
  turnOff(): Promise<string | null>
}

const offer = z.object({ key: z.nullable(z.string()) })
const kept = z.object({ reach: z.enum(['mine', 'groups', 'all']), words: z.boolean() })
const keptAs = 'parley.notifications'

/** Web push for this browser. What was chosen is kept here; the edge forgets it when the session ends. */
export function createNotifications(): Notifications {
  const [state, setState] = createSignal<NotificationState>({ kind: 'unknown' })

  const look = async () => {
    if (!('serviceWorker' in navigator) || !('PushManager' in window))
      return void setState({ kind: 'unavailable', why: missing() })
    if (Notification.permission === 'denied')
      return void setState({
        kind: 'unavailable',
        why: 'This browser blocks notifications from Parley. Allow them in its settings for this site.',
      })
    const registration = await navigator.serviceWorker.getRegistration()
    const subscription = await registration?.pushManager.getSubscription()
    const choice = readChoice()
    setState(subscription && choice ? { kind: 'on', choice } : { kind: 'off' })
  }

  return {
    state,
    look,
    async turnOn(choice) {
      try {
        if ((await Notification.requestPermission()) !== 'granted') {
          await look()
          return 'The browser did not allow notifications.'
        }
        const { key } = offer.parse(await (await fetch('/api/push')).json())
        if (key === null) return 'This Parley sends no notifications: its operator has not set them up.'
        const registration = await navigator.serviceWorker.ready
        const subscription =
          (await registration.pushManager.getSubscription()) ??
          (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }))
        const { endpoint, keys } = subscription.toJSON()
        const answer = await fetch('/api/push', {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ endpoint, p256dh: keys?.['p256dh'], auth: keys?.['auth'], ...choice }),
        })
        if (!answer.ok) return 'Parley did not take it. Try again in a moment.'
        localStorage.setItem(keptAs, JSON.stringify(choice))
        await look()
        return null
      } catch (fault) {
        console.error('notifications', fault)
        return 'The browser could not reach its push service. Try again when you are online.'
      }
    },
    async turnOff() {
      try {
        const registration = await navigator.serviceWorker.getRegistration()
        const subscription = await registration?.pushManager.getSubscription()
        await subscription?.unsubscribe()
        localStorage.removeItem(keptAs)
        await fetch('/api/push', { method: 'DELETE' })
        await look()
        return null
      } catch (fault) {
        console.error('notifications', fault)
        return 'Notifications could not be turned off. Try again when you are online.'
      }
    },
  }
}

function readChoice(): NotificationChoice | null {
  try {
    return kept.safeParse(JSON.parse(localStorage.getItem(keptAs) ?? 'null')).data ?? null
  } catch {
    return null
  }
}

/** iPhones and iPads have web push only for what stands on the home screen (16.4 and later). */
function missing(): string {
  return /iPhone|iPad/u.test(navigator.userAgent)
    ? 'Add Parley to the home screen first: this device sends notifications only to apps that stand there.'
    : 'This browser has no notifications.'
}
