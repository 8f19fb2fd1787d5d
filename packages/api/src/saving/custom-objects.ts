/** Classes and functions that the caller names, for files that name something this package does not know. */

export type CustomObjects = { readonly [name: string]: unknown };

const scopes: CustomObjects[] = [];

/** Makes `objects` known to everything that `body` loads. */
export function withCustomObjects<T>(objects: CustomObjects | undefined, body: () => T): T {
  if (objects === undefined) return body();
  scopes.push(objects);
  try {
    return body();
  } finally {
    scopes.pop();
  }
}

/** All that are known now, the innermost first in doubt: for what reads a config only after it has waited. */
export function customObjects(): CustomObjects {
  return Object.assign({}, ...scopes);
}
