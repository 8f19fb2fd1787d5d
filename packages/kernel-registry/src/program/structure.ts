/** The keys of an object that count when programs are compared and hashed: those with a value, and not the names of programs. */
export function structuralKeys(value: object): string[] {
  const fields = value as { readonly [name: string]: unknown };
  const keys: string[] = [];
  for (const key in fields)
    if (fields[key] !== undefined && !(key === 'name' && 'instructions' in fields)) keys.push(key);
  return keys;
}
