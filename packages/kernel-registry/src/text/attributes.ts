/** MLIR attributes: parsing into the tree, printing, and reading fields of an op as plain TypeScript. */

import { expandLiteral } from '../literal.js';
import type { Cursor } from './cursor.js';
import { parseDense, parseInteger, printScalar } from './dense.js';
import type { Token } from './lexer.js';
import type { Attribute, AttributeMap } from './tree.js';
import { parseType } from './types.js';

/** `key = value, key` up to `close`; a key alone is a unit attribute. */
function parseEntries(cursor: Cursor, open: string, close: string): AttributeMap {
  const entries = cursor.list(open, close, (): [string, Attribute] => {
    const key = cursor.atKind('string') ? cursor.next() : cursor.expectKind('word');
    return [key.text, cursor.accept('=') ? parseAttribute(cursor) : { kind: 'unit' }];
  });
  return new Map(entries);
}

export function parseDictionary(cursor: Cursor): AttributeMap {
  return parseEntries(cursor, '{', '}');
}

/** `<word word>`, `<key = value, …>` or a convolution's dimension numbers. */
function parseDialectBody(cursor: Cursor): Attribute {
  cursor.expect('<');
  if (cursor.at('[')) {
    const numbers = parseConvolutionDimensions(cursor);
    cursor.expect('>');
    return numbers;
  }
  const entries = new Map<string, Attribute>();
  const words: string[] = [];
  while (!cursor.accept('>')) {
    const key = cursor.expectKind('word');
    if (cursor.accept('=')) entries.set(key.text, parseAttribute(cursor));
    else words.push(key.text);
    cursor.accept(',');
  }
  return entries.size > 0 || words.length === 0 ? { kind: 'dictionary', entries } : { kind: 'words', words };
}

/** `[b, 0, f]x[0, i, o]->[b, 0, f]` */
export function parseConvolutionDimensions(cursor: Cursor): Attribute {
  const labels = (): (string | number)[] =>
    cursor.list('[', ']', () => {
      const token = cursor.next();
      return token.kind === 'integer' ? Number(token.text) : token.text;
    });
  const input = labels();
  cursor.expect('x');
  const kernel = labels();
  cursor.expect('->');
  return { kind: 'convolution', operands: [input, kernel, labels()] };
}

/** `array<i64: 1, 2>` */
function parseTypedArray(cursor: Cursor): Attribute {
  cursor.expect('array');
  cursor.expect('<');
  const items: Attribute[] = [];
  cursor.next();
  if (cursor.accept(':')) {
    do items.push(parseAttribute(cursor));
    while (cursor.accept(','));
  }
  cursor.expect('>');
  return { kind: 'array', items };
}

/** A number, its type dropped; hex digits of a float type are its bits. */
function parseNumber(cursor: Cursor, token: Token): Attribute {
  cursor.next();
  const isHex = /^-?0x/i.test(token.text);
  // In an op's own syntax a colon and a tensor type follow that are not the number's.
  const suffix = cursor.raw(/:\s*((?:si|ui|i|f|bf)\d+|index)\b/y)?.[1];
  if (token.kind === 'float') return { kind: 'float', value: Number(token.text) };
  if (isHex && suffix === 'f64') return { kind: 'float', value: float64FromBits(BigInt(token.text)) };
  return { kind: 'integer', value: parseInteger(token.text) };
}

function float64FromBits(bits: bigint): number {
  return new Float64Array(new BigUint64Array([bits]).buffer)[0]!;
}

const wordAttributes: Readonly<Record<string, (cursor: Cursor) => Attribute>> = {
  true: (cursor) => literalWord(cursor, { kind: 'bool', value: true }),
  false: (cursor) => literalWord(cursor, { kind: 'bool', value: false }),
  unit: (cursor) => literalWord(cursor, { kind: 'unit' }),
  dense: (cursor) => ({ kind: 'dense', value: parseDense(cursor) }),
  array: parseTypedArray,
  tensor: (cursor) => ({ kind: 'type', type: parseType(cursor) }),
};

function literalWord(cursor: Cursor, attribute: Attribute): Attribute {
  cursor.next();
  return attribute;
}

/** @throws CeratopsError MALFORMED_INPUT */
export function parseAttribute(cursor: Cursor): Attribute {
  const token = cursor.peek();
  if (cursor.at('[')) return { kind: 'array', items: cursor.list('[', ']', () => parseAttribute(cursor)) };
  if (cursor.at('{')) return { kind: 'dictionary', entries: parseDictionary(cursor) };
  // Where the op knows the kind of attribute, its name is left out.
  if (cursor.at('<')) return parseDialectBody(cursor);
  switch (token.kind) {
    case 'integer':
    case 'float':
      return parseNumber(cursor, token);
    case 'string':
      return { kind: 'string', value: cursor.next().text };
    case 'symbol':
      return { kind: 'symbol', value: cursor.next().text };
    case 'alias':
      cursor.next();
      return cursor.at('<') ? parseDialectBody(cursor) : { kind: 'words', words: [token.text] };
    case 'word':
      return wordAttributes[token.text]?.(cursor) ?? literalWord(cursor, { kind: 'words', words: [token.text] });
    default:
      throw cursor.error('an attribute');
  }
}

/** A float64 attribute, exact. */
export function printFloat(value: number): string {
  return `${printScalar('float64', value)} : f64`;
}

export function printString(text: string): string {
  const escaped = text.replace(/["\\\n\t]/g, (c) => `\\${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return `"${escaped}"`;
}

export function printArray(values: readonly (number | boolean)[], element: 'i64' | 'i1' = 'i64'): string {
  return values.length === 0 ? `array<${element}>` : `array<${element}: ${values.join(', ')}>`;
}

/** An N×2 table, as MLIR wants paddings. */
export function printPairs(pairs: readonly (readonly [number, number])[]): string {
  const rows = pairs.map(([low, high]) => `[${low}, ${high}]`).join(', ');
  return `dense<${pairs.length === 0 ? '' : `[${rows}]`}> : tensor<${pairs.length}x2xi64>`;
}

/** `a` or `"a b"` before `=`. */
export function printKey(key: string): string {
  return /^[A-Za-z_][\w$.]*$/.test(key) ? key : printString(key);
}

/** `@name` or `@"odd name"`. */
export function printSymbol(name: string): string {
  return /^[A-Za-z_][\w$.]*$/.test(name) ? `@${name}` : `@${printString(name)}`;
}

/** The fields of one op (or of a struct attribute), with errors that name what is missing. */
export class Fields {
  readonly #entries: AttributeMap;
  readonly #fail: (expected: string) => Error;

  constructor(entries: AttributeMap, fail: (expected: string) => Error) {
    this.#entries = entries;
    this.#fail = fail;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  get(key: string): Attribute | undefined {
    return this.#entries.get(key);
  }

  integer(key: string, fallback?: number): number {
    const attribute = this.#entries.get(key);
    if (attribute?.kind === 'integer') return Number(attribute.value);
    if (attribute?.kind === 'dense' && attribute.value.data.length === 1) return Number(attribute.value.data[0]);
    return this.#default(key, 'an integer', attribute, fallback);
  }

  /** `array<i64: …>`, `[…]` or `dense<…>`; a dense splat is expanded. */
  integers(key: string, fallback?: readonly number[]): number[] {
    const attribute = this.#entries.get(key);
    const numbers = attribute === undefined ? undefined : numbersOf(attribute);
    return numbers ?? [...this.#default(key, 'integers', attribute, fallback)];
  }

  booleans(key: string, fallback?: readonly boolean[]): boolean[] {
    const attribute = this.#entries.get(key);
    const numbers = attribute === undefined ? undefined : numbersOf(attribute);
    return numbers?.map((x) => x !== 0) ?? [...this.#default(key, 'booleans', attribute, fallback)];
  }

  /** Rows of two. */
  pairs(key: string, fallback?: readonly (readonly [number, number])[]): (readonly [number, number])[] {
    const attribute = this.#entries.get(key);
    const numbers = attribute === undefined ? undefined : numbersOf(attribute);
    if (numbers === undefined) return [...this.#default(key, 'pairs of integers', attribute, fallback)];
    return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i]!, numbers[2 * i + 1]!] as const);
  }

  boolean(key: string, fallback?: boolean): boolean {
    const attribute = this.#entries.get(key);
    if (attribute?.kind === 'bool') return attribute.value;
    if (attribute?.kind === 'unit') return true;
    return this.#default(key, 'true or false', attribute, fallback);
  }

  string(key: string, fallback?: string): string {
    const attribute = this.#entries.get(key);
    if (attribute?.kind === 'string' || attribute?.kind === 'symbol') return attribute.value;
    return this.#default(key, 'a string', attribute, fallback);
  }

  /** One of `allowed`, written `#stablehlo<kind WORD>` or `WORD`. */
  word<W extends string>(key: string, allowed: readonly W[], fallback?: W): W {
    const attribute = this.#entries.get(key);
    const words = attribute?.kind === 'words' ? attribute.words : attribute?.kind === 'string' ? [attribute.value] : [];
    const found = allowed.find((word) => word === words[words.length - 1]);
    return found ?? this.#default(key, `one of ${allowed.join(', ')}`, attribute, fallback);
  }

  dictionary(key: string): Fields {
    const attribute = this.#entries.get(key);
    if (attribute?.kind !== 'dictionary') throw this.#fail(`${key} = a dictionary`);
    return new Fields(attribute.entries, this.#fail);
  }

  /** The fallback where the key is absent; an error where it is there but unfit. */
  #default<T>(key: string, expected: string, attribute: Attribute | undefined, fallback: T | undefined): T {
    if (attribute === undefined && fallback !== undefined) return fallback;
    throw this.#fail(`${key} = ${expected}`);
  }
}

function numbersOf(attribute: Attribute): number[] | undefined {
  switch (attribute.kind) {
    case 'integer':
      return [Number(attribute.value)];
    case 'bool':
      return [Number(attribute.value)];
    case 'dense':
      return Array.from(expandLiteral(attribute.value) as ArrayLike<number | bigint>, Number);
    case 'array': {
      const parts = attribute.items.map(numbersOf);
      return parts.includes(undefined) ? undefined : parts.flatMap((part) => part!);
    }
    default:
      return undefined;
  }
}
