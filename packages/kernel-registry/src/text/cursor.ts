/** The small moves of a recursive-descent parser. */

import { Lexer, type Token, type TokenKind } from './lexer.js';

const names: Readonly<Partial<Record<TokenKind, string>>> = {
  word: 'a keyword',
  value: 'a value (%name)',
  symbol: 'a symbol (@name)',
  block: 'a block label (^name)',
  integer: 'an integer',
  string: 'a string',
};

export class Cursor extends Lexer {
  /** True when the next token is this punctuation or word. */
  at(text: string): boolean {
    const token = this.peek();
    return token.text === text && (token.kind === 'punctuation' || token.kind === 'word');
  }

  atKind(kind: TokenKind): boolean {
    return this.peek().kind === kind;
  }

  /** Takes the next token if it is this punctuation or word. */
  accept(text: string): boolean {
    if (!this.at(text)) return false;
    this.next();
    return true;
  }

  expect(text: string): Token {
    if (!this.at(text)) throw this.error(`'${text}'`);
    return this.next();
  }

  expectKind(kind: TokenKind): Token {
    if (!this.atKind(kind)) throw this.error(names[kind] ?? kind);
    return this.next();
  }

  expectInteger(): number {
    return Number(this.expectKind('integer').text);
  }

  /** `open item, item close`, possibly empty. */
  list<T>(open: string, close: string, item: () => T): T[] {
    this.expect(open);
    const items: T[] = [];
    if (this.accept(close)) return items;
    do items.push(item());
    while (this.accept(','));
    this.expect(close);
    return items;
  }
}
