/** Configs of models, compared with those that Python writes. */

/** Without the call arguments that Python writes though they say nothing: `training: false`, and null for any. */
export function withoutDefaults(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutDefaults);
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json).map(([key, value]) => [key, withoutDefaults(value)] as const);
  const { kwargs, ...rest } = Object.fromEntries(entries) as { readonly kwargs?: object };
  if (kwargs === undefined) return rest;
  const said = Object.entries(kwargs).filter(([key, value]) => value !== null && !(key === 'training' && !value));
  return { ...rest, kwargs: Object.fromEntries(said) };
}
