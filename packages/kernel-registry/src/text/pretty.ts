/**
 * The ops' own syntax. Most ops follow one pattern, `op %a, %b, key = value {attributes} : types`, and a row only says
 * which attribute each key means; the few others have a parser of their own.
 */

import type { TensorType } from '../tensor-type.js';
import { parseAttribute, parseConvolutionDimensions, parseDictionary } from './attributes.js';
import type { Cursor } from './cursor.js';
import { parseDense } from './dense.js';
import { type OpBody, parseRegion, parseValue } from './parse-op.js';
import { parseReduce } from './pretty-reduce.js';
import type { Attribute, AttributeMap, TextArgument } from './tree.js';
import { parseType, parseTypeList } from './types.js';

interface PrettyForm {
  /** From a key of the text to the attribute it means; other keys mean themselves. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Attributes that bare words mean, in order. */
  readonly words?: readonly string[];
  /** The attribute that `@symbol` or a string means. */
  readonly symbol?: string;
  /** What types without an arrow say of the results: the last one, all of them, or nothing. */
  readonly results?: 'last' | 'all' | 'none';
  /** Turns what was written into the attributes of the generic form. */
  readonly finish?: (attributes: AttributeMap) => AttributeMap;
}

type PrettyParser = (cursor: Cursor, name: string) => OpBody;

const forms: Readonly<Record<string, PrettyForm>> = {
  'stablehlo.compare': { words: ['comparison_direction', 'compare_type'] },
  'stablehlo.broadcast_in_dim': { keys: { dims: 'broadcast_dimensions' } },
  'stablehlo.broadcast': { keys: { sizes: 'broadcast_sizes' } },
  'stablehlo.transpose': { keys: { dims: 'permutation' } },
  'stablehlo.reverse': { keys: { dims: 'dimensions' } },
  'stablehlo.iota': { keys: { dim: 'iota_dimension' } },
  'stablehlo.concatenate': { keys: { dim: 'dimension' } },
  'stablehlo.get_dimension_size': { keys: { dim: 'dimension' } },
  'stablehlo.pad': { keys: { low: 'edge_padding_low', high: 'edge_padding_high', interior: 'interior_padding' } },
  'stablehlo.dynamic_slice': { keys: { sizes: 'slice_sizes' } },
  'stablehlo.fft': { keys: { type: 'fft_type', length: 'fft_length' } },
  'stablehlo.rng_bit_generator': { keys: { algorithm: 'rng_algorithm' } },
  'stablehlo.optimization_barrier': { results: 'all' },
  'stablehlo.custom_call': { symbol: 'call_target_name' },
  'stablehlo.composite': { symbol: 'name' },
  'stablehlo.dot_general': { finish: finishDot },
  'stablehlo.dot': { keys: { precision: 'precision_config' } },
  'stablehlo.convolution': { finish: finishConvolution },
  'stablehlo.return': { results: 'none' },
  'func.return': { results: 'none' },
  'func.call': { symbol: 'callee' },
};

const parsers: Readonly<Record<string, PrettyParser>> = {
  'stablehlo.constant': parseConstant,
  'stablehlo.reduce': parseReduce,
  'stablehlo.while': parseWhile,
};

/** Ops whose dialect the text may leave out inside a function. */
const shortNames: Readonly<Record<string, string>> = { return: 'func.return', call: 'func.call' };

/** Values of keys that are no attributes of MLIR. */
const keyParsers: Readonly<Record<string, (cursor: Cursor) => Attribute>> = {
  contracting_dims: parseSides,
  batching_dims: parseSides,
  dim_numbers: parseConvolutionDimensions,
};

/** `[1] x [0]` */
function parseSides(cursor: Cursor): Attribute {
  const lhs = parseAttribute(cursor);
  cursor.expect('x');
  return { kind: 'array', items: [lhs, parseAttribute(cursor)] };
}

export function parsePretty(cursor: Cursor): OpBody {
  const { text } = cursor.expectKind('word');
  const name = shortNames[text] ?? text;
  return (parsers[name] ?? parseUniform)(cursor, name);
}

function parseUniform(cursor: Cursor, name: string): OpBody {
  const form = forms[name] ?? {};
  const attributes = new Map<string, Attribute>();
  const operands: string[] = [];
  const words = [...(form.words ?? [])];
  const steps: Readonly<Partial<Record<string, () => void>>> = {
    value: () => operands.push(parseValue(cursor)),
    symbol: () => attributes.set(form.symbol ?? 'symbol', parseAttribute(cursor)),
    string: () => attributes.set(form.symbol ?? 'symbol', parseAttribute(cursor)),
    word: () => parseKey(cursor, form, words, attributes),
  };
  // A lone `return` ends where its block ends.
  while (!cursor.at(':') && !cursor.at('}')) {
    if (cursor.accept(',') || cursor.accept('(') || cursor.accept(')')) continue;
    if (cursor.at('[')) addSlices(cursor, attributes);
    else if (cursor.at('{')) for (const [key, value] of parseDictionary(cursor)) attributes.set(key, value);
    else {
      const step = steps[cursor.peek().kind];
      if (!step) throw cursor.error(`an operand, an attribute or ':' of ${name}`);
      step();
    }
  }
  const resultTypes = cursor.accept(':') ? parseResultTypes(cursor, form.results ?? 'last') : [];
  return { name, operands, attributes: form.finish?.(attributes) ?? attributes, regions: [], resultTypes };
}

function parseKey(cursor: Cursor, form: PrettyForm, words: string[], attributes: Map<string, Attribute>): void {
  const key = cursor.expectKind('word');
  if (cursor.accept('=')) {
    const value = (keyParsers[key.text] ?? parseAttribute)(cursor);
    attributes.set(form.keys?.[key.text] ?? key.text, value);
    return;
  }
  const attribute = words.shift();
  if (attribute === undefined) throw cursor.error("':'", key);
  attributes.set(attribute, { kind: 'words', words: [key.text] });
}

/** `(t, t) -> t`, `t, t -> (t, t)` or types alone. */
function parseResultTypes(cursor: Cursor, rule: 'last' | 'all' | 'none'): readonly TensorType[] {
  const types = parseTypeList(cursor);
  if (cursor.accept('->')) return parseTypeList(cursor);
  if (rule === 'last') return types.slice(-1);
  return rule === 'all' ? types : [];
}

const integer = (value: number): Attribute => ({ kind: 'integer', value: BigInt(value) });

/** `[0:10, 2:8:3]` */
function addSlices(cursor: Cursor, attributes: Map<string, Attribute>): void {
  const ranges = cursor.list('[', ']', () => {
    const start = cursor.expectInteger();
    cursor.expect(':');
    const limit = cursor.expectInteger();
    return [start, limit, cursor.accept(':') ? cursor.expectInteger() : 1] as const;
  });
  ['start_indices', 'limit_indices', 'strides'].forEach((key, i) => {
    attributes.set(key, { kind: 'array', items: ranges.map((range) => integer(range[i]!)) });
  });
}

function finishDot(attributes: AttributeMap): AttributeMap {
  const finished = new Map(attributes);
  const numbers = new Map<string, Attribute>();
  for (const [key, name] of [
    ['contracting_dims', 'contracting'],
    ['batching_dims', 'batching'],
  ] as const) {
    const sides = attributes.get(key);
    if (sides?.kind !== 'array') continue;
    numbers.set(`lhs_${name}_dimensions`, sides.items[0]!);
    numbers.set(`rhs_${name}_dimensions`, sides.items[1]!);
  }
  finished.set('dot_dimension_numbers', { kind: 'dictionary', entries: numbers });
  const precision = attributes.get('precision');
  if (precision) finished.set('precision_config', precision);
  return finished;
}

const windowKeys: Readonly<Record<string, string>> = {
  stride: 'window_strides',
  pad: 'padding',
  lhs_dilate: 'lhs_dilation',
  rhs_dilate: 'rhs_dilation',
  reverse: 'window_reversal',
};

function finishConvolution(attributes: AttributeMap): AttributeMap {
  const finished = new Map(attributes);
  const window = attributes.get('window');
  if (window?.kind === 'dictionary') {
    for (const [key, value] of window.entries) finished.set(windowKeys[key] ?? key, value);
  }
  const numbers = attributes.get('dim_numbers');
  if (numbers) finished.set('dimension_numbers', numbers);
  return finished;
}

function parseConstant(cursor: Cursor, name: string): OpBody {
  const attributes = new Map<string, Attribute>(cursor.at('{') ? parseDictionary(cursor) : []);
  const value = parseDense(cursor);
  attributes.set('value', { kind: 'dense', value });
  return { name, operands: [], attributes, regions: [], resultTypes: [value.type] };
}

/** `(%carry = %initial, …) : types cond { … } do { … }` */
function parseWhile(cursor: Cursor, name: string): OpBody {
  const carries = cursor.list('(', ')', () => {
    const carry = cursor.expectKind('value').text;
    cursor.expect('=');
    return { carry, initial: parseValue(cursor) };
  });
  const resultTypes: TensorType[] = [];
  if (cursor.accept(':')) {
    do resultTypes.push(parseType(cursor));
    while (cursor.accept(','));
  }
  const attributes: AttributeMap = cursor.accept('attributes') ? parseDictionary(cursor) : new Map();
  const inputs = carries.map(({ carry }, i): TextArgument => {
    const type = resultTypes[i];
    if (!type) throw cursor.error(`${carries.length} types`);
    return { name: carry, type, attributes: new Map() };
  });
  cursor.expect('cond');
  const condition = parseRegion(cursor, inputs);
  cursor.expect('do');
  const body = parseRegion(cursor, inputs);
  return { name, operands: carries.map(({ initial }) => initial), attributes, regions: [condition, body], resultTypes };
}
