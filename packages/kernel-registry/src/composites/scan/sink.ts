/**
 * What no later iteration waits for is computed after the loop: sums of products over iterations (the gradients of weights), which become
 * one product over all of them, and outputs that are products with a value that is the same in all iterations.
 */

import { spread } from '../../batch/rule.js';
import { runBatched } from '../../batch/run.js';
import { buildProgram, type Emitter, type Value } from '../../builder.js';
import { dotGeneral, reduceSum } from '../../emit/contraction.js';
import { add } from '../../emit/elementwise.js';
import { type AnyInstruction, type Program, type ValueId, valueTypes } from '../../program.js';
import { reducerKind } from '../../region.js';
import { byteSizeOf } from '../../tensor-type.js';
import type { ScanResults } from './attributes.js';
import { rebuild } from './body.js';
import { dependence, type LoopParts } from './hoist.js';

export interface SunkLoop extends LoopParts {
  /** The results of the loop as it was, from those of this one. */
  finish(emitter: Emitter, results: ScanResults): ScanResults;
}

/** A term of a sum: views of one op on values of the body. */
interface Term {
  readonly base: AnyInstruction;
  readonly views: readonly AnyInstruction[];
}

export function sink(parts: LoopParts): SunkLoop {
  return new Sinker(parts).result();
}

class Sinker {
  readonly #parts: LoopParts;
  readonly #makers: readonly (AnyInstruction | undefined)[];
  readonly #invariant: readonly boolean[];
  readonly #types: ReturnType<typeof valueTypes>;
  readonly #uses: number[];
  /** Per carry, the terms that leave the loop. */
  readonly #terms = new Map<number, Term[]>();
  /** Outputs that leave the loop: the number of the stack, the value that is stacked instead. */
  readonly #outputs = new Map<number, ValueId>();
  /** Values whose stacks the work after the loop needs, beside elements. */
  readonly #stacked: ValueId[] = [];
  /** Values that are no longer computed inside, each with what stands for it there. */
  readonly #replaced = new Map<ValueId, ValueId>();

  constructor(parts: LoopParts) {
    this.#parts = parts;
    const { body } = parts;
    const { makers, invariant } = dependence(parts);
    this.#makers = makers;
    this.#invariant = invariant;
    this.#types = valueTypes(body);
    this.#uses = this.#types.map(() => 0);
    for (const { operands } of body.instructions) for (const id of operands) this.#uses[id]!++;
    for (const id of body.outputs) this.#uses[id]!++;
    parts.operands.carries.forEach((_, carry) => {
      this.#findSum(carry);
    });
    body.outputs.slice(parts.operands.carries.length).forEach((id, stack) => {
      this.#findOutput(id, stack);
    });
  }

  get #firstElement(): number {
    return this.#parts.operands.constants.length + this.#parts.operands.carries.length;
  }

  /** carry + terms, where nothing else looks at the carry. */
  #findSum(carry: number): void {
    const { body, operands } = this.#parts;
    const input = operands.constants.length + carry;
    const output = body.outputs[carry]!;
    if (this.#uses[input] !== 1) return;
    const terms: ValueId[] = [];
    const pending = [output];
    let holdsCarry = false;
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      const maker = this.#makers[id];
      if (id === input) holdsCarry = true;
      else if (maker?.op === 'add' && this.#uses[id] === 1) pending.push(...maker.operands);
      else terms.push(id);
    }
    if (!holdsCarry || this.#makers[output]?.op !== 'add') return;
    const found = terms.map((id) => this.#termOf(id));
    if (found.some((term) => term === undefined)) return;
    const dots = found.filter((term) => term!.base.op === 'dot_general');
    const sums = found.filter((term) => term!.base.op !== 'dot_general');
    const all = [...dots, ...sums] as Term[];
    const fresh = [...new Set(all.flatMap(({ base }) => this.#roots(base)))].filter((id) => !this.#hasStack(id));
    const cost = fresh.reduce((sum, id) => sum + byteSizeOf(this.#types[id]!), 0);
    if (cost > byteSizeOf(this.#types[input]!)) return;
    this.#stacked.push(...fresh);
    this.#terms.set(carry, all);
    this.#replaced.set(output, input);
  }

  #termOf(id: ValueId): Term | undefined {
    const views: AnyInstruction[] = [];
    let maker = this.#makers[id];
    while (maker !== undefined && isView(maker)) {
      views.unshift(maker);
      maker = this.#makers[maker.operands[0]!];
    }
    if (maker === undefined) return undefined;
    const isSum = maker.op === 'reduce' && maker.operands.length === 2 && reducerKind(maker.attributes.body) === 'add';
    if (maker.op !== 'dot_general' && !isSum) return undefined;
    if (this.#roots(maker).some((factor) => this.#invariant[factor])) return undefined;
    return { base: maker, views };
  }

  /** What the factors of a product, or what is summed, are views of. */
  #roots(base: AnyInstruction): readonly ValueId[] {
    return factorsOf(base).map((id) => this.#rootOf(id));
  }

  #rootOf(id: ValueId): ValueId {
    let root = id;
    for (let maker = this.#makers[root]; maker !== undefined && isView(maker); maker = this.#makers[root]) {
      root = maker.operands[0]!;
    }
    return root;
  }

  #hasStack(id: ValueId): boolean {
    const isElement = id >= this.#firstElement && this.#makers[id] === undefined;
    return isElement || this.#stacked.includes(id) || this.#stackOf(id) >= 0;
  }

  /** The stack of the loop itself that has a value. */
  #stackOf(id: ValueId): number {
    return this.#parts.body.outputs.slice(this.#parts.operands.carries.length).indexOf(id);
  }

  /** A product with an invariant value that is only an output, of something whose stack is there or no larger. */
  #findOutput(id: ValueId, stack: number): void {
    let maker = this.#makers[id];
    let only = this.#uses[id] === 1;
    while (maker !== undefined && isView(maker) && only) {
      only = this.#uses[maker.operands[0]!] === 1;
      maker = this.#makers[maker.operands[0]!];
    }
    if (maker?.op !== 'dot_general' || !only) return;
    const [factor, ...others] = maker.operands.filter((operand) => !this.#invariant[operand]);
    if (factor === undefined || others.length > 0) return;
    const varying = this.#rootOf(factor);
    if (!this.#hasStack(varying)) {
      if (byteSizeOf(this.#types[varying]!) > byteSizeOf(this.#types[id]!)) return;
      this.#stacked.push(varying);
    }
    this.#outputs.set(stack, varying);
  }

  result(): SunkLoop {
    const { body, operands, length } = this.#parts;
    if (this.#terms.size + this.#outputs.size === 0) return { ...this.#parts, finish: (_emitter, results) => results };
    const carries = operands.carries.length;
    const stays = body.outputs.slice(carries).map((_, stack) => !this.#outputs.has(stack));
    const outputs = [
      ...body.outputs.slice(0, carries).map((id) => this.#replaced.get(id) ?? id),
      ...body.outputs.slice(carries).filter((_, stack) => stays[stack]),
      ...this.#stacked,
    ];
    const lean = buildProgram(
      body.inputs.map(({ type }) => type),
      (e, ...values) => rebuild(e, body, outputs, new Map(values.map((value, id) => [id, value]))),
      body.name,
    );
    return { body: lean, operands, length, finish: (emitter, results) => this.#finish(emitter, results, stays) };
  }

  #finish(emitter: Emitter, results: ScanResults, stays: readonly boolean[]): ScanResults {
    const kept = stays.filter(Boolean).length;
    const own = [...results.stacks.slice(0, kept)];
    const stacks: (Value | undefined)[] = stays.map((isThere) => (isThere ? own.shift() : undefined));
    const stackOf = (id: ValueId): Value => {
      const extra = this.#stacked.indexOf(id);
      if (extra >= 0) return results.stacks[kept + extra]!;
      const element = id - this.#firstElement;
      if (element >= 0 && this.#makers[id] === undefined) return this.#parts.operands.elements[element]!;
      return stacks[this.#stackOf(id)]!;
    };
    const allOf = (id: ValueId): Value => {
      const root = this.#rootOf(id);
      return this.#overAll(emitter, id, root, stackOf(root));
    };
    const carries = results.carries.map((carry, i) =>
      (this.#terms.get(i) ?? []).reduce((sum, term) => add(emitter, sum, total(emitter, term, allOf)), carry),
    );
    const first = this.#parts.operands.carries.length;
    const all = stacks.map((stack, i) => {
      const from = this.#outputs.get(i);
      return stack ?? this.#overAll(emitter, this.#parts.body.outputs[first + i]!, from!, stackOf(from!));
    });
    return { carries, stacks: all };
  }

  /** A value of all iterations that is made of constants and one other value, whose stack is given. */
  #overAll(emitter: Emitter, id: ValueId, from: ValueId, stack: Value): Value {
    if (id === from) return stack;
    const { body, operands, length } = this.#parts;
    const types = [...body.inputs.map(({ type }) => type), this.#types[from]!];
    const program: Program = buildProgram(types, (e, ...values) => {
      const known = new Map(values.slice(0, -1).map((value, input) => [input, value] as const));
      return rebuild(e, body, [id], known.set(from, values.at(-1)!));
    });
    // Of the inputs only constants are looked at.
    const inputs = [...operands.constants, ...operands.carries, ...operands.elements];
    const given = [...inputs.map((value) => ({ value, mapped: false })), { value: stack, mapped: true }];
    return spread(emitter, runBatched(emitter, program, given, length)[0]!, length);
  }
}

function factorsOf({ op, operands }: AnyInstruction): readonly ValueId[] {
  return op === 'dot_general' ? operands : operands.slice(0, 1);
}

function isView({ op }: AnyInstruction): boolean {
  return op === 'transpose' || op === 'reshape';
}

/** The sum of a term over all iterations. */
function total(emitter: Emitter, { base, views }: Term, allOf: (id: ValueId) => Value): Value {
  const behind = (axes: readonly number[]): number[] => axes.map((axis) => axis + 1);
  let value: Value;
  if (base.op === 'dot_general') {
    const a = base.attributes;
    value = dotGeneral(emitter, allOf(base.operands[0]!), allOf(base.operands[1]!), {
      lhsBatchingDimensions: behind(a.lhsBatchingDimensions),
      rhsBatchingDimensions: behind(a.rhsBatchingDimensions),
      lhsContractingDimensions: [0, ...behind(a.lhsContractingDimensions)],
      rhsContractingDimensions: [0, ...behind(a.rhsContractingDimensions)],
      precision: a.precision,
      dtype: a.dtype,
    });
  } else {
    const { dimensions } = base.attributes as { readonly dimensions: readonly number[] };
    value = reduceSum(emitter, allOf(base.operands[0]!), [0, ...behind(dimensions)]);
  }
  for (const { op, attributes } of views) value = emitter.emit(op, [value], attributes)[0]!;
  return value;
}
