/** Modules and functions. */

import { parseDictionary } from './attributes.js';
import { Cursor } from './cursor.js';
import { parseArgument, parseRegion, skipLocation } from './parse-op.js';
import type { TextFunction, TextModule } from './tree.js';
import { parseType } from './types.js';

/** `-> type` or `-> (type {attributes}, …)`: the body says the same. */
function skipResultTypes(cursor: Cursor): void {
  if (!cursor.accept('->')) return;
  if (!cursor.at('(')) {
    parseType(cursor);
    return;
  }
  cursor.list('(', ')', () => {
    parseType(cursor);
    if (cursor.at('{')) parseDictionary(cursor);
    skipLocation(cursor);
  });
}

function parseFunction(cursor: Cursor): TextFunction {
  const { offset } = cursor.expect('func.func');
  const visibility = cursor.accept('private') ? 'private' : 'public';
  cursor.accept('public');
  const name = cursor.expectKind('symbol').text;
  const inputs = cursor.list('(', ')', () => parseArgument(cursor));
  skipResultTypes(cursor);
  if (cursor.accept('attributes')) parseDictionary(cursor);
  const { ops } = parseRegion(cursor);
  skipLocation(cursor);
  return { name, visibility, inputs, ops, offset };
}

/** `#name = …` at the top level: an alias for a location. */
function skipAlias(cursor: Cursor): void {
  cursor.next();
  cursor.expect('=');
  skipLocation(cursor);
}

/** Reads a whole module; functions outside of a `module { }` are one too. */
export function parseModule(source: string): { readonly module: TextModule; readonly cursor: Cursor } {
  const cursor = new Cursor(source);
  const functions = new Map<string, TextFunction>();
  while (cursor.atKind('alias')) skipAlias(cursor);
  const wrapped = cursor.accept('module');
  const name = wrapped && cursor.atKind('symbol') ? cursor.next().text : undefined;
  if (wrapped) {
    if (cursor.accept('attributes')) parseDictionary(cursor);
    cursor.expect('{');
  }
  while (cursor.at('func.func')) {
    const parsed = parseFunction(cursor);
    if (functions.has(parsed.name)) throw cursor.error('another name', parsed.offset, `a second @${parsed.name}`);
    functions.set(parsed.name, parsed);
  }
  if (wrapped) {
    cursor.expect('}');
    skipLocation(cursor);
  }
  while (cursor.atKind('alias')) skipAlias(cursor);
  if (!cursor.atKind('end')) throw cursor.error(wrapped ? 'the end of the text' : 'func.func or module');
  return { module: { name, functions }, cursor };
}
