/** Batching of control flow. */
import { buildProgram, type Emitter, type Value } from '../builder.js';
import { fill } from '../emit/constant.js';
import { reduceOr } from '../emit/contraction.js';
import { caseOf as emitCase, whileLoop as emitWhile } from '../emit/control.js';
import { bitcastConvert, compare, select } from '../emit/elementwise.js';
import { broadcastInDim } from '../emit/movement.js';
import { inputTypes, type Program } from '../program.js';
import { type TensorType, tensorType } from '../tensor-type.js';
import { type BatchContext, type Batched, type BatchRule, type BatchRules, mapped, spread } from './rule.js';

/** The type of a region's input when it is mapped or not. */
export function batchedType({ dtype, shape }: TensorType, isMapped: boolean, size: number): TensorType {
  return tensorType(dtype, isMapped ? [size, ...shape] : shape);
}

type Run = BatchContext['run'];

/** A region over batched values whose results are mapped as `wanted`, or all of them. */
export function batchedRegion(
  run: Run,
  program: Program,
  inputs: readonly boolean[],
  size: number,
  wanted?: readonly boolean[],
): Program {
  const types = inputTypes(program).map((type, i) => batchedType(type, inputs[i]!, size));
  return buildProgram(
    types,
    (e, ...values) => {
      const operands = values.map((value, i) => ({ value, mapped: inputs[i]! }));
      return run(program, operands, e).map((result, i) =>
        (wanted?.[i] ?? true) ? spread(e, result, size) : result.value,
      );
    },
    program.name,
  );
}

/** Which results of a region are mapped when these inputs are. */
export function mappedResults(run: Run, program: Program, inputs: readonly boolean[], size: number): boolean[] {
  let results: boolean[] = [];
  const types = inputTypes(program).map((type, i) => batchedType(type, inputs[i]!, size));
  buildProgram(types, (e, ...values) => {
    const found = run(
      program,
      values.map((value, i) => ({ value, mapped: inputs[i]! })),
      e,
    );
    results = found.map(({ mapped: isMapped }) => isMapped);
    return found.map(({ value }) => value);
  });
  return results;
}

/** A loop over batches: what it starts from, which carries are mapped, its regions. */
export interface BatchedLoop {
  readonly initial: readonly Value[];
  readonly carries: readonly boolean[];
  readonly condition: Program;
  readonly body: Program;
}

/** It goes on as long as one item does; items that are over stay as they are. */
export function batchedLoop(
  { emitter, operands, size, run }: Pick<BatchContext, 'emitter' | 'operands' | 'size' | 'run'>,
  condition: Program,
  body: Program,
): BatchedLoop {
  let carries = operands.map((operand) => operand.mapped);
  for (;;) {
    const next = mappedResults(run, body, carries, size).map((isMapped, i) => isMapped || carries[i]!);
    if (next.every((isMapped, i) => isMapped === carries[i])) break;
    carries = next;
  }
  const differs = mappedResults(run, condition, carries, size)[0]!;
  if (differs) carries = carries.map(() => true);
  const initial = operands.map((operand, i) => (carries[i] ? spread(emitter, operand, size) : operand.value));
  if (!differs) {
    const [goesOn, step] = [
      batchedRegion(run, condition, carries, size, [false]),
      batchedRegion(run, body, carries, size, carries),
    ];
    return { initial, carries, condition: goesOn, body: step };
  }
  const types = initial.map(({ type }) => type);
  const each = (e: Emitter, values: readonly Value[]): Value => spread(e, run(condition, mapped(values), e)[0]!, size);
  const goesOn = buildProgram(types, (e, ...values) => [reduceOr(e, each(e, values), [0])]);
  const step = buildProgram(types, (e, ...values) => {
    const goes = each(e, values);
    return run(body, mapped(values), e).map((next, i) => where(e, goes, spread(e, next, size), values[i]!));
  });
  return { initial, carries, condition: goesOn, body: step };
}

const whileLoop: BatchRule<'while'> = (context) => {
  const { condition, body } = context.attributes;
  const loop = batchedLoop(context, condition, body);
  const results = emitWhile(context.emitter, loop.initial, loop.condition, loop.body);
  return results.map((value, i) => ({ value, mapped: loop.carries[i]! }));
};

function where(emitter: Emitter, each: Value, onTrue: Value, onFalse: Value): Value {
  return select(emitter, broadcastInDim(emitter, each, onTrue.type.shape, [0]), onTrue, onFalse);
}

const caseOf: BatchRule<'case'> = ({ emitter, attributes: { branches }, operands, size, run }) => {
  const [index, ...rest] = operands as [Batched, ...Batched[]];
  const flags = rest.map((operand) => operand.mapped);
  if (!index.mapped) {
    const regions = branches.map((branch) => batchedRegion(run, branch, flags, size));
    return mapped(
      emitCase(
        emitter,
        index.value,
        rest.map(({ value }) => value),
        regions,
      ),
    );
  }
  // An index out of range picks the last branch.
  const picks = branches
    .slice(1)
    .map((_, i) => compare(emitter, index.value, fill(emitter, index.value.type, i), 'EQ'));
  // `onPick` where the index picks the branch, `other` elsewhere.
  const pick = (branch: number, onPick: Value, other: Value): Value =>
    branch < picks.length
      ? where(emitter, picks[branch]!, onPick, other)
      : picks.reduce((kept, isOther) => where(emitter, isOther, other, kept), onPick);
  const results = branches.map((branch, i) => {
    // Cotangents of a branch that is not picked may be NaN, and 0 · NaN would spoil the others': they end at the bit cast.
    const guarded = rest.map(({ value, mapped }) => ({
      mapped,
      value: mapped ? pick(i, value, bitcastConvert(emitter, value, value.type)) : value,
    }));
    return run(branch, guarded).map((result) => spread(emitter, result, size));
  });
  return mapped(results.reduceRight((chosen, own, branch) => own.map((value, k) => pick(branch, value, chosen[k]!))));
};

export const controlBatch: BatchRules<'while' | 'case'> = { while: whileLoop, case: caseOf };
