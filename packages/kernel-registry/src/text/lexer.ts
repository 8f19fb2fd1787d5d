/**
 * Tokens of MLIR text. Lexing is on demand, because types (`2x3xf32`) and strings of hex are read by rules of their
 * own: the parser asks for one token at a time, or for a raw match at the current place.
 */

import { CeratopsError } from '../errors.js';

export type TokenKind =
  /** `stablehlo.add`, `dense`, `true` */
  | 'word'
  /** `%0`, `%arg1` without its `#1` */
  | 'value'
  /** `@main` */
  | 'symbol'
  /** `#stablehlo.gather` */
  | 'alias'
  /** `^bb0` */
  | 'block'
  /** `!stablehlo.token` */
  | 'type'
  | 'integer'
  | 'float'
  | 'string'
  | 'punctuation'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The text; without sigil and quotes for values, symbols, aliases, blocks, types and strings. */
  readonly text: string;
  readonly offset: number;
}

interface TokenRule {
  readonly kind: TokenKind;
  readonly pattern: RegExp;
  readonly clean?: (text: string) => string;
}

const dropSigil = (text: string): string => text.slice(1);

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\([0-9A-Fa-f]{2}|.)/g, (_, code: string) => {
    if (code.length === 2) return String.fromCharCode(Number.parseInt(code, 16));
    return { n: '\n', t: '\t' }[code] ?? code;
  });
}

/** In order: the first pattern that matches wins. */
const rules: readonly TokenRule[] = [
  { kind: 'string', pattern: /"(?:[^"\\\n]|\\.)*"/y, clean: unquote },
  { kind: 'value', pattern: /%[\w$.-]+/y, clean: dropSigil },
  { kind: 'symbol', pattern: /@"(?:[^"\\\n]|\\.)*"/y, clean: (text) => unquote(text.slice(1)) },
  { kind: 'symbol', pattern: /@[A-Za-z_][\w$.]*/y, clean: dropSigil },
  { kind: 'alias', pattern: /#[A-Za-z_][\w$.]*/y, clean: dropSigil },
  { kind: 'block', pattern: /\^[\w$.-]+/y, clean: dropSigil },
  { kind: 'type', pattern: /![A-Za-z_][\w$.]*/y, clean: dropSigil },
  { kind: 'float', pattern: /[-+]?\d+\.\d*(?:[eE][-+]?\d+)?/y },
  { kind: 'integer', pattern: /-?(?:0x[0-9A-Fa-f]+|\d+)/y },
  { kind: 'word', pattern: /[A-Za-z_][\w$.]*/y },
  { kind: 'punctuation', pattern: /->|::|\{-#|#-\}|[()[\]{}<>,=:?*#|/+-]/y },
];

const blank = /(?:\s|\/\/[^\n]*)*/y;

/** 1-based line and column. */
export function placeOf(source: string, offset: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: before[before.length - 1]!.length + 1 };
}

/** A reader of tokens with one token of lookahead. */
export class Lexer {
  readonly source: string;
  #offset = 0;
  #peeked: Token | undefined;

  constructor(source: string) {
    this.source = source;
  }

  peek(): Token {
    this.#peeked ??= this.#scan();
    return this.#peeked;
  }

  next(): Token {
    const token = this.peek();
    this.#peeked = undefined;
    return token;
  }

  /** Takes what `pattern` (sticky) matches at the current place, blanks skipped; undefined when it does not. */
  raw(pattern: RegExp): RegExpExecArray | undefined {
    const start = this.#peeked?.offset ?? this.#skipBlanks();
    pattern.lastIndex = start;
    const match = pattern.exec(this.source);
    if (!match) return undefined;
    this.#peeked = undefined;
    this.#offset = start + match[0].length;
    return match;
  }

  /** An error at a place of the text. */
  error(expected: string, at: Token | number = this.peek(), problem = 'unexpected text'): CeratopsError {
    const offset = typeof at === 'number' ? at : at.offset;
    const { line, column } = placeOf(this.source, offset);
    const received = typeof at === 'number' ? undefined : at.kind === 'end' ? 'the end of the text' : `'${at.text}'`;
    return new CeratopsError('MALFORMED_INPUT', problem, {
      subject: `StableHLO ${line}:${column}`,
      expected,
      received,
    });
  }

  /** The error for text that is right, but that no Program can hold. */
  unsupported(what: string, at: Token | number): CeratopsError {
    const { line, column } = placeOf(this.source, typeof at === 'number' ? at : at.offset);
    return new CeratopsError('UNSUPPORTED', `no import for ${what}`, { subject: `StableHLO ${line}:${column}` });
  }

  #skipBlanks(): number {
    blank.lastIndex = this.#offset;
    return this.#offset + blank.exec(this.source)![0].length;
  }

  #scan(): Token {
    const offset = this.#skipBlanks();
    if (offset >= this.source.length) return { kind: 'end', text: '', offset };
    for (const { kind, pattern, clean } of rules) {
      pattern.lastIndex = offset;
      const match = pattern.exec(this.source);
      if (!match) continue;
      this.#offset = offset + match[0].length;
      return { kind, text: clean ? clean(match[0]) : match[0], offset };
    }
    throw this.error('a token', offset, 'unreadable character');
  }
}
