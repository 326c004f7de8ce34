/**
 * What a form holds once `saved` was taken: what was typed since, over what stands there `now`. A save lets go of
 * nothing else.
 */
export function afterSave<Fields extends object>(
  typed: Partial<Fields>,
  saved: Partial<Fields>,
  now: Fields,
): { typed: Partial<Fields>; seen: Partial<Fields> } {
  const since = (Object.keys(typed) as (keyof Fields)[]).filter((field) => typed[field] !== saved[field])
  const of = (fields: Partial<Fields>) =>
    Object.fromEntries(since.map((field) => [field, fields[field]])) as Partial<Fields>
  return { typed: of(typed), seen: of(now) }
}
