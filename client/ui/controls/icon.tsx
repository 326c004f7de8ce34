import { iconPaths, type IconName } from './icon-paths.ts'

export type { IconName }

/** A drawn sign. With a `label` it is an image of that name; without one it is decoration beside its words. */
export function Icon(props: { name: IconName; label?: string; class?: string }) {
  return (
    <svg
      class={`icon ${props.class ?? ''}`}
      viewBox="0 0 24 24"
      role={props.label ? 'img' : undefined}
      aria-label={props.label}
      aria-hidden={props.label ? undefined : 'true'}
    >
      <path d={iconPaths[props.name]} />
    </svg>
  )
}
