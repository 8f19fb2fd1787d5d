/** One op: MLIR's generic form for every op, and the hand-off to the pretty forms. */

import type { TensorType } from '../tensor-type.js';
import { parseDictionary } from './attributes.js';
import type { Cursor } from './cursor.js';
import { parsePretty } from './pretty.js';
import type { AttributeMap, TextArgument, TextOp, TextRegion } from './tree.js';
import { parseType, parseTypeList } from './types.js';

/** What follows the results of an op. */
export type OpBody = Omit<TextOp, 'results' | 'offset'>;

/** `%x` or `%x#1` */
export function parseValue(cursor: Cursor): string {
  const { text } = cursor.expectKind('value');
  if (!cursor.accept('#')) return text;
  return `${text}#${cursor.expectInteger()}`;
}

/** `(types) -> types` */
export function parseFunctionType(cursor: Cursor): { operands: TensorType[]; results: TensorType[] } {
  const operands = cursor.list('(', ')', () => parseType(cursor));
  cursor.expect('->');
  return { operands, results: parseTypeList(cursor) };
}

/** `%name: type {attributes}` */
export function parseArgument(cursor: Cursor): TextArgument {
  const { text } = cursor.expectKind('value');
  cursor.expect(':');
  const type = parseType(cursor);
  const attributes: AttributeMap = cursor.at('{') ? parseDictionary(cursor) : new Map();
  skipLocation(cursor);
  return { name: text, type, attributes };
}

/** `{ ^bb0(arguments): ops }`; arguments that a pretty form names elsewhere are given. */
export function parseRegion(cursor: Cursor, inputs: readonly TextArgument[] = []): TextRegion {
  cursor.expect('{');
  let args = inputs;
  if (cursor.atKind('block')) {
    cursor.next();
    if (cursor.at('(')) args = cursor.list('(', ')', () => parseArgument(cursor));
    cursor.expect(':');
  }
  const ops: TextOp[] = [];
  while (!cursor.accept('}')) ops.push(parseOp(cursor));
  return { inputs: args, ops };
}

/** `loc(…)` says where the text came from; nothing here needs it. */
export function skipLocation(cursor: Cursor): void {
  if (!cursor.accept('loc')) return;
  cursor.expect('(');
  for (let depth = 1; depth > 0; ) {
    const { text, kind } = cursor.next();
    if (kind === 'end') throw cursor.error("')'");
    if (kind === 'punctuation') depth += text === '(' ? 1 : text === ')' ? -1 : 0;
  }
}

/** `%a, %b:2 =`, one name per result. */
function parseResults(cursor: Cursor): string[] {
  if (!cursor.atKind('value')) return [];
  const names: string[] = [];
  do {
    const { text } = cursor.expectKind('value');
    const count = cursor.accept(':') ? cursor.expectInteger() : 1;
    if (count === 1) names.push(text);
    else for (let i = 0; i < count; i++) names.push(`${text}#${i}`);
  } while (cursor.accept(','));
  cursor.expect('=');
  return names;
}

function parseGeneric(cursor: Cursor): OpBody {
  const name = cursor.expectKind('string').text;
  const operands = cursor.list('(', ')', () => parseValue(cursor));
  const attributes = new Map();
  const addAll = (entries: AttributeMap): void => {
    for (const [key, value] of entries) attributes.set(key, value);
  };
  if (cursor.accept('<')) {
    addAll(parseDictionary(cursor));
    cursor.expect('>');
  }
  const regions = cursor.at('(') ? cursor.list('(', ')', () => parseRegion(cursor)) : [];
  if (cursor.at('{')) addAll(parseDictionary(cursor));
  cursor.expect(':');
  const { results } = parseFunctionType(cursor);
  return { name, operands, attributes, regions, resultTypes: results };
}

export function parseOp(cursor: Cursor): TextOp {
  const { offset } = cursor.peek();
  const results = parseResults(cursor);
  const body = cursor.atKind('string') ? parseGeneric(cursor) : parsePretty(cursor);
  skipLocation(cursor);
  if (results.length > 0 && results.length !== body.resultTypes.length) {
    throw cursor.error(`${body.resultTypes.length} result names`, offset, `${results.length} result names`);
  }
  return { ...body, results, offset };
}
