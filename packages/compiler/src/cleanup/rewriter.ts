/**
 * Clean-up: one pass forwards that simplifies every instruction as it is emitted and gives equal instructions one value,
 * then dead code. A rule sees operands that are simplified already, so chains collapse as they are built.
 */

import {
  type AnyInstruction,
  equalAttributes,
  hashData,
  type Literal,
  type OpAttributes,
  type OpName,
  type Program,
  removeDeadCode,
  type Scalar,
  splat,
  splatValue,
  type TensorType,
  type ValueId,
} from '@ceratops/kernel-registry';
import { type LateParts, needed } from '../late-parts.js';

/** Gives the value that replaces the instruction, emitting what it needs; undefined where the rule does not apply. */
export type Rewrite<O extends OpName = OpName> = (
  rewriter: Rewriter,
  instruction: AnyInstruction & { readonly op: O },
) => ValueId | undefined;

export interface Rule {
  readonly ops: readonly OpName[];
  /** Set when it can only apply where some operand is a constant; most instructions have none. */
  readonly constant?: true;
  readonly rewrite: Rewrite;
}

export type RulesByOp = ReadonlyMap<OpName, readonly Rule[]>;

export function rulesByOp(rules: readonly Rule[]): RulesByOp {
  const byOp = new Map<OpName, Rule[]>();
  for (const rule of rules) for (const op of rule.ops) byOp.set(op, [...(byOp.get(op) ?? []), rule]);
  return byOp;
}

export class Rewriter {
  readonly late: LateParts | undefined;
  readonly #rules: RulesByOp;
  readonly #types: TensorType[] = [];
  readonly #definitions: number[] = [];
  readonly #instructions: AnyInstruction[] = [];
  /** Emitted instructions by hash: the numbers of instructions. */
  readonly #known = new Map<number, number[]>();
  readonly #first: ValueId[] = [];
  /** How often each rule applied, by the name of its function. */
  readonly applied: Map<string, number> = new Map();

  constructor(rules: RulesByOp, late: LateParts | undefined) {
    this.#rules = rules;
    this.late = late;
  }

  typeOf(value: ValueId): TensorType {
    return this.#types[value]!;
  }

  /** The instruction that defines a value, if it is not an input. */
  definitionOf(value: ValueId): AnyInstruction | undefined {
    return this.#instructions[this.#definitions[value]!];
  }

  definedBy<O extends OpName>(value: ValueId, op: O): (AnyInstruction & { readonly op: O }) | undefined {
    const definition = this.definitionOf(value);
    return definition?.op === op ? (definition as AnyInstruction & { readonly op: O }) : undefined;
  }

  /** The one value that fills a constant. */
  splatOf(value: ValueId): Scalar | undefined {
    const constant = this.definedBy(value, 'constant');
    return constant === undefined ? undefined : splatValue(constant.attributes.value);
  }

  fill(type: TensorType, value: Scalar): ValueId {
    return this.constant(splat(type, value));
  }

  constant(value: Literal): ValueId {
    return this.emit('constant', [], { value }, [value.type]);
  }

  /** Simplifies and emits; gives the first result. */
  emit<O extends OpName>(
    op: O,
    operands: readonly ValueId[],
    attributes: OpAttributes[O],
    results: readonly TensorType[],
  ): ValueId {
    return this.add({ op, operands, attributes, results } as AnyInstruction);
  }

  add(instruction: AnyInstruction): ValueId {
    const { op } = instruction;
    return (
      this.#apply(this.#rules.get(op), instruction) ??
      this.#apply(this.late?.rules.get(op), instruction) ??
      this.#withoutDuplicates(instruction)
    );
  }

  #apply(rules: readonly Rule[] | undefined, instruction: AnyInstruction): ValueId | undefined {
    if (rules === undefined) return undefined;
    const onConstant = this.#hasConstant(instruction.operands);
    for (const rule of rules) {
      if (rule.constant && !onConstant) continue;
      const value = rule.rewrite(this, instruction);
      if (value === undefined) continue;
      const { name } = rule.rewrite;
      this.applied.set(name, (this.applied.get(name) ?? 0) + 1);
      return value;
    }
    return undefined;
  }

  #hasConstant(operands: readonly ValueId[]): boolean {
    for (const operand of operands) {
      const definition = this.#definitions[operand]!;
      if (definition >= 0 && this.#instructions[definition]!.op === 'constant') return true;
    }
    return false;
  }

  #withoutDuplicates(instruction: AnyInstruction): ValueId {
    // Barriers keep what is computed again apart.
    if (instruction.op === 'optimization_barrier') return this.#append(instruction);
    const hash = hashInstruction(instruction);
    const bucket = this.#known.get(hash);
    const same = bucket?.find((i) => equalInstructions(this.#instructions[i]!, instruction));
    if (same !== undefined) return this.#first[same]!;
    if (bucket === undefined) this.#known.set(hash, [this.#instructions.length]);
    else bucket.push(this.#instructions.length);
    return this.#append(instruction);
  }

  #append(instruction: AnyInstruction): ValueId {
    const first = this.#types.length;
    this.#first.push(first);
    for (const type of instruction.results) {
      this.#types.push(type);
      this.#definitions.push(this.#instructions.length);
    }
    this.#instructions.push(instruction);
    return first;
  }

  rewrite(program: Program): Program {
    const renamed: ValueId[] = program.inputs.map(({ type }, i) => {
      this.#types.push(type);
      this.#definitions.push(-1);
      return i;
    });
    for (const instruction of program.instructions) {
      const operands = instruction.operands.map((id) => renamed[id]!);
      const first = this.add({ ...instruction, operands } as AnyInstruction);
      for (let r = 0; r < instruction.results.length; r++) renamed.push(first + r);
    }
    const outputs = program.outputs.map((id) => renamed[id]!);
    const clean = { ...program, instructions: this.#instructions, outputs };
    const hasBarriers = clean.instructions.some(({ op }) => op === 'optimization_barrier');
    return removeDeadCode(hasBarriers ? needed(this.late).withoutBarriers(clean) : clean);
  }
}

const opNumbers: Map<OpName, number> = new Map();

function hashInstruction({ op, operands, attributes }: AnyInstruction): number {
  let hash = opNumbers.get(op);
  if (hash === undefined) opNumbers.set(op, (hash = hashData(op)));
  for (const key in attributes) {
    if (key.length > 0) hash ^= hashData(attributes);
    break;
  }
  let mixed = hash | 0;
  for (const operand of operands) mixed = Math.imul(mixed ^ operand, 0x85ebca6b) ^ (mixed >>> 13);
  return mixed;
}

function equalInstructions(a: AnyInstruction, b: AnyInstruction): boolean {
  if (a.op !== b.op || a.operands.length !== b.operands.length) return false;
  if (a.operands.some((operand, i) => operand !== b.operands[i])) return false;
  return equalAttributes(a.attributes, b.attributes);
}
