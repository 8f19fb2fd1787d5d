/** How each op's attributes are written and read. Names and forms are those of MLIR's generic syntax. */

import type { OpAttributes, OpName } from '../opset.js';
import type { Instruction, Program } from '../program.js';
import type { TensorType } from '../tensor-type.js';
import type { Fields } from './attributes.js';

/** `name = text` */
export type WrittenAttribute = readonly [name: string, text: string];

export interface WriteContext {
  /** Adds a private function to the module and returns its symbol without `@`. */
  define(name: string, program: Program): string;
  readonly operandTypes: readonly TensorType[];
}

export interface ReadContext {
  readonly fields: Fields;
  readonly operandTypes: readonly TensorType[];
  readonly resultTypes: readonly TensorType[];
  /** One program per region, in order. */
  readonly regions: readonly Program[];
  /** The function of this symbol as a program. */
  program(symbol: string): Program;
  /** The error for text that does not fit the op. */
  fail(expected: string): Error;
}

export interface OpText<O extends OpName> {
  write?(instruction: Instruction<O>, context: WriteContext): readonly WrittenAttribute[];
  regions?(attributes: OpAttributes[O]): readonly Program[];
  read(context: ReadContext): OpAttributes[O];
}

export type OpTexts<O extends OpName> = { readonly [P in O]: OpText<P> };

/** `#stablehlo<kind WORD>` */
export function enumerator(kind: string, word: string): string {
  return `#stablehlo<${kind} ${word}>`;
}

/** `#stablehlo.name<key = [1, 2], …>`, empty lists left out as MLIR does. */
export function struct(name: string, entries: readonly (readonly [string, readonly number[] | number])[]): string {
  const written = entries
    .filter(([, value]) => typeof value === 'number' || value.length > 0)
    .map(([key, value]) => `${key} = ${typeof value === 'number' ? value : `[${value.join(', ')}]`}`);
  return `#stablehlo.${name}<${written.join(', ')}>`;
}
