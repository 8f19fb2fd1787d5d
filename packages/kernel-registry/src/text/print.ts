/**
 * Program → StableHLO text that MLIR and XLA read: elementwise ops and constants in their own syntax, all others in
 * MLIR's generic one. The text depends on nothing but the program.
 */

import type { OpName } from '../opset.js';
import {
  type AnyInstruction,
  type Instruction,
  outputTypes,
  type Program,
  type ValueId,
  valueTypes,
} from '../program.js';
import type { TensorType } from '../tensor-type.js';
import { printSymbol } from './attributes.js';
import { printDense } from './dense.js';
import { sameTypeOps } from './op-elementwise.js';
import type { OpText } from './op-text.js';
import { opTexts } from './ops.js';
import { printResultTypes, printType, printTypes } from './types.js';

/** The private functions of a module, each text once. */
class Functions {
  readonly #byBody = new Map<string, string>();
  readonly #taken = new Set<string>(['main']);
  readonly texts: string[] = [];

  /** Gives the symbol of a private function; one of the same base name and text is shared. */
  define(base: string, program: Program): string {
    const body = new FunctionPrinter(this).function(program, '@', 'private');
    const key = `${base}\n${body}`;
    const known = this.#byBody.get(key);
    if (known !== undefined) return known;
    let symbol = base;
    for (let count = 1; this.#taken.has(symbol); count++) symbol = `${base}_${count}`;
    this.#taken.add(symbol);
    this.#byBody.set(key, symbol);
    this.texts.push(body.replace('@', () => printSymbol(symbol)));
    return symbol;
  }
}

/** Where a body's values are called what. */
interface Scope {
  readonly program: Program;
  readonly types: readonly TensorType[];
  readonly names: string[];
}

/** Prints one function; names are counted through all of its regions, since they share one space. */
class FunctionPrinter {
  readonly #functions: Functions;
  readonly #lines: string[] = [];
  #arguments = 0;
  #results = 0;

  constructor(functions: Functions) {
    this.#functions = functions;
  }

  /** @param symbol with `@` */
  function(program: Program, symbol: string, visibility: 'public' | 'private'): string {
    const scope = this.#scope(program);
    const inputs = program.inputs.map(({ type, aliases }, i) => {
      const attribute = aliases === undefined ? '' : ` {tf.aliasing_output = ${aliases} : i32}`;
      return `${scope.names[i]}: ${printType(type)}${attribute}`;
    });
    const results = printTypes(outputTypes(program));
    const header = `  func.func ${visibility} ${symbol}(${inputs.join(', ')}) -> (${results}) {`;
    this.#body(scope, '    ', 'func.return');
    return [header, ...this.#lines, '  }'].join('\n');
  }

  /** A scope with the inputs named: fresh arguments, or values of the surrounding scope. */
  #scope(program: Program, captured?: readonly string[]): Scope {
    const names = captured ? [...captured] : program.inputs.map(() => `%arg${this.#arguments++}`);
    return { program, types: valueTypes(program), names };
  }

  #body(scope: Scope, indent: string, terminator: string): void {
    for (const instruction of scope.program.instructions) this.#instruction(instruction, scope, indent);
    const { outputs } = scope.program;
    const types = printTypes(outputs.map((id) => scope.types[id]!));
    this.#lines.push(
      `${indent}${[terminator, this.#values(outputs, scope)].join(' ').trim()}${types && ` : ${types}`}`,
    );
  }

  #values(ids: readonly ValueId[], scope: Scope): string {
    return ids.map((id) => scope.names[id]!).join(', ');
  }

  /** Names the results and returns the left side of the assignment. */
  #define(count: number, scope: Scope): string {
    if (count === 0) return '';
    const name = `%${this.#results++}`;
    if (count === 1) {
      scope.names.push(name);
      return `${name} = `;
    }
    for (let i = 0; i < count; i++) scope.names.push(`${name}#${i}`);
    return `${name}:${count} = `;
  }

  #instruction(instruction: AnyInstruction, scope: Scope, indent: string): void {
    const { op, operands, results } = instruction;
    const target = (): string => `${indent}${this.#define(results.length, scope)}`;
    if (op === 'constant') {
      this.#lines.push(`${target()}stablehlo.constant ${printDense(instruction.attributes.value)}`);
    } else if (sameTypeOps.has(op)) {
      const values = this.#values(operands, scope);
      this.#lines.push(`${target()}stablehlo.${op} ${values} : ${printType(results[0]!)}`);
    } else {
      this.#generic(instruction as Instruction, scope, indent);
    }
  }

  #generic(instruction: Instruction, scope: Scope, indent: string): void {
    const { op, attributes, results } = instruction;
    const text = opTexts[op] as OpText<OpName>;
    // The branches of a case take no arguments: they name the surrounding values.
    const captures = op === 'case';
    const operands = captures ? instruction.operands.slice(0, 1) : instruction.operands;
    const operandTypes = instruction.operands.map((id) => scope.types[id]!);
    const define = (base: string, program: Program): string => this.#functions.define(base, program);
    const written = text.write?.(instruction, { define, operandTypes }) ?? [];
    const properties = written.map(([key, value]) => `${key} = ${value}`).join(', ');
    const regions = text.regions?.(attributes) ?? [];
    const values = this.#values(operands, scope);
    const captured = captures ? instruction.operands.slice(1).map((id) => scope.names[id]!) : undefined;
    const target = this.#define(results.length, scope);
    let head = `${indent}${target}"stablehlo.${op}"(${values})`;
    if (properties) head += ` <{${properties}}>`;
    const tail = ` : (${printTypes(operandTypes.slice(0, operands.length))}) -> ${printResultTypes(results)}`;
    if (regions.length === 0) {
      this.#lines.push(head + tail);
      return;
    }
    this.#lines.push(`${head} ({`);
    regions.forEach((region, i) => {
      if (i > 0) this.#lines.push(`${indent}}, {`);
      this.#region(region, captured, indent);
    });
    this.#lines.push(`${indent}})${tail}`);
  }

  #region(program: Program, captured: readonly string[] | undefined, indent: string): void {
    const scope = this.#scope(program, captured);
    if (!captured && scope.names.length > 0) {
      const inputs = scope.names.map((name, i) => `${name}: ${printType(scope.types[i]!)}`);
      this.#lines.push(`${indent}^bb0(${inputs.join(', ')}):`);
    }
    this.#body(scope, `${indent}  `, 'stablehlo.return');
  }
}

/**
 * The module text of a valid program: `@main` and one private function per composite. Aliases become
 * `tf.aliasing_output` attributes, `precision: 'default'` HIGHEST.
 *
 * @throws CeratopsError UNKNOWN_NAME for a composite whose decomposition nobody knows.
 */
export function printStableHLO(program: Program): string {
  const functions = new Functions();
  const main = new FunctionPrinter(functions).function(program, '@main', 'public');
  return `module ${printSymbol(program.name)} {\n${[main, ...functions.texts].join('\n')}\n}\n`;
}
