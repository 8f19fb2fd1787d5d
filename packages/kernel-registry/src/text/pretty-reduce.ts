/** The syntax of `stablehlo.reduce`, with a named op or a region as its body. */

import type { TensorType } from '../tensor-type.js';
import { parseAttribute } from './attributes.js';
import type { Cursor } from './cursor.js';
import { type OpBody, parseArgument, parseFunctionType, parseRegion, parseValue } from './parse-op.js';
import type { Attribute, TextArgument, TextRegion } from './tree.js';

/** A body that applies one binary op to scalars. */
function namedBody(op: string, type: TensorType, offset: number): TextRegion {
  const scalar: TensorType = { dtype: type.dtype, shape: [] };
  const argument = (name: string): TextArgument => ({ name, type: scalar, attributes: new Map() });
  const step = { attributes: new Map<string, Attribute>(), regions: [], offset };
  return {
    inputs: [argument('lhs'), argument('rhs')],
    ops: [
      { ...step, name: op, results: ['result'], operands: ['lhs', 'rhs'], resultTypes: [scalar] },
      { ...step, name: 'stablehlo.return', results: [], operands: ['result'], resultTypes: [] },
    ],
  };
}

/** `reducer(%a0: t, %b0: t) (%a1: t, %b1: t) { … }`: pairs here, all accumulators first in the region. */
function parseReducer(cursor: Cursor): TextRegion {
  cursor.expect('reducer');
  const pairs: TextArgument[][] = [];
  while (cursor.at('(')) pairs.push(cursor.list('(', ')', () => parseArgument(cursor)));
  return parseRegion(cursor, [...pairs.map(([lhs]) => lhs!), ...pairs.map(([, rhs]) => rhs!)]);
}

/** `(%x init: %z), (…) [applies op] across dimensions = [0] : (…) -> … [reducer…]` */
export function parseReduce(cursor: Cursor, name: string): OpBody {
  const { offset } = cursor.peek();
  const inputs: string[] = [];
  const initials: string[] = [];
  do {
    cursor.expect('(');
    inputs.push(parseValue(cursor));
    cursor.expect('init');
    cursor.expect(':');
    initials.push(parseValue(cursor));
    cursor.expect(')');
  } while (cursor.accept(','));
  const applied = cursor.accept('applies') ? cursor.expectKind('word').text : undefined;
  cursor.expect('across');
  cursor.expect('dimensions');
  cursor.expect('=');
  const dimensions = parseAttribute(cursor);
  cursor.expect(':');
  const { results } = parseFunctionType(cursor);
  const body = applied === undefined ? parseReducer(cursor) : namedBody(applied, results[0]!, offset);
  return {
    name,
    operands: [...inputs, ...initials],
    attributes: new Map([['dimensions', dimensions]]),
    regions: [body],
    resultTypes: results,
  };
}
