/**
 * What the way back through a scan keeps of each iteration. A residual is stacked only when it is neither the same in all iterations,
 * nor an element or a result of the scan, nor cheap to compute again from what is kept.
 */
import { type OpName, viewOps } from '../../opset.js';
import type { AnyInstruction, Program, ValueId } from '../../program.js';
import type { SplitVjp } from '../../vjp/split.js';
import type { ScanAttributes } from './attributes.js';
import { isFree, makersOf } from './body.js';

/** Computed again rather than stored and loaded: cheaper, or (tanh) about as cheap and a stack less. */
const cheapOps: ReadonlySet<OpName> = /*#__PURE__*/ new Set<OpName>([
  ...viewOps,
  'constant',
  'iota',
  'convert',
  'compare',
  'select',
  'not',
  'and',
  'or',
  'negate',
  'abs',
  'sign',
  'is_finite',
  'add',
  'subtract',
  'multiply',
  'maximum',
  'minimum',
  'tanh',
]);

export interface ResidualPlan {
  /** The forward body, whose outputs are those of the original and then what is stacked for the way back. */
  readonly body: Program;
  /** The values of the body that the way back starts from, each in the body's numbering. */
  readonly constants: readonly ValueId[];
  readonly elements: readonly ValueId[];
  /** Values that are slices of results of the scan, with the number of the stack. */
  readonly results: readonly { readonly id: ValueId; readonly stack: number }[];
  readonly stacked: readonly ValueId[];
  /** Computed from constants only, once for all iterations. */
  readonly invariant: readonly ValueId[];
  /** The residuals of the backward program, in its order. */
  readonly residuals: readonly ValueId[];
}

export function planResiduals(scan: ScanAttributes, split: SplitVjp): ResidualPlan {
  const { forward } = split;
  const residuals = split.residuals.map(({ from, index }) => (from === 'input' ? index : forward.outputs[index]!));
  const values = new BodyValues(scan, forward);
  for (const id of [...new Set(residuals)].sort((a, b) => a - b)) values.keep(id);
  const outputs = [...forward.outputs.slice(0, scan.body.outputs.length), ...values.stacked];
  return { body: { ...forward, name: scan.body.name, outputs }, ...values.starts(residuals), residuals };
}

/** The values of a forward body by how the way back comes to them. */
class BodyValues {
  readonly stacked: ValueId[] = [];
  readonly #scan: ScanAttributes;
  readonly #program: Program;
  readonly #makers: readonly (AnyInstruction | undefined)[];
  readonly #invariant: boolean[] = [];
  readonly #atHand = new Map<ValueId, boolean>();

  constructor(scan: ScanAttributes, program: Program) {
    this.#scan = scan;
    this.#program = program;
    this.#makers = makersOf(program);
    for (const [id, maker] of this.#makers.entries()) {
      this.#invariant.push(maker === undefined ? id < scan.constants : maker.operands.every((o) => this.#invariant[o]));
    }
  }

  /** Stacks a residual unless the way back has it anyway. */
  keep(id: ValueId): void {
    if (this.#isAtHand(id)) return;
    this.stacked.push(id);
    this.#atHand.clear();
  }

  #isElement(id: ValueId): boolean {
    return id >= this.#scan.constants + this.#scan.carries && id < this.#program.inputs.length;
  }

  /** The stack among the scan's own results that has it, or −1. */
  #stackOf(id: ValueId): number {
    return this.#program.outputs.slice(this.#scan.carries, this.#scan.body.outputs.length).indexOf(id);
  }

  #isGiven(id: ValueId): boolean {
    return this.#isElement(id) || this.#stackOf(id) >= 0 || this.stacked.includes(id);
  }

  #isAtHand(id: ValueId): boolean {
    let known = this.#atHand.get(id);
    if (known !== undefined) return known;
    known = this.#invariant[id] || this.#isGiven(id);
    const maker = this.#makers[id];
    if (!known && maker !== undefined && cheapOps.has(maker.op)) {
      known = maker.operands.every((operand) => this.#isAtHand(operand));
    }
    this.#atHand.set(id, known);
    return known;
  }

  #isFree(id: ValueId): boolean {
    const maker = this.#makers[id];
    return maker !== undefined && isFree(maker);
  }

  /** What the residuals are computed from. */
  starts(
    residuals: readonly ValueId[],
  ): Pick<ResidualPlan, 'constants' | 'elements' | 'results' | 'stacked' | 'invariant'> {
    const leaves = new Set<ValueId>();
    const visit = (id: ValueId): void => {
      if ((this.#invariant[id] && !this.#isFree(id)) || this.#isGiven(id)) leaves.add(id);
      else this.#makers[id]!.operands.forEach(visit);
    };
    residuals.forEach(visit);
    const all = [...leaves];
    const invariant = all.filter((id) => this.#invariant[id]);
    const varying = all.filter((id) => !this.#invariant[id] && !this.stacked.includes(id));
    return {
      constants: invariant.filter((id) => id < this.#scan.constants),
      invariant: invariant.filter((id) => id >= this.#scan.constants),
      elements: varying.filter((id) => this.#isElement(id)),
      results: varying.filter((id) => !this.#isElement(id)).map((id) => ({ id, stack: this.#stackOf(id) })),
      stacked: this.stacked,
    };
  }
}
