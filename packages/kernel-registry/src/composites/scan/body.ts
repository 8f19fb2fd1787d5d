/** Looking into the body of a scan, and emitting parts of it elsewhere. */
import type { Emitter, Value } from '../../builder.js';
import { viewOps } from '../../opset.js';
import type { AnyInstruction, Program, ValueId } from '../../program.js';

/** Per value, the instruction that makes it; none for inputs. */
export function makersOf({ inputs, instructions }: Program): (AnyInstruction | undefined)[] {
  const makers: (AnyInstruction | undefined)[] = inputs.map(() => undefined);
  for (const instruction of instructions) {
    for (const _ of instruction.results) makers.push(instruction);
  }
  return makers;
}

/** Costs nothing wherever it is: no reason to compute it elsewhere. */
export function isFree(maker: AnyInstruction): boolean {
  return maker.operands.length === 0 || viewOps.has(maker.op);
}

/** Emits values of a program again, from those that are known, which grow by what is emitted. */
export function rebuild(
  emitter: Emitter,
  { inputs, instructions }: Program,
  ids: readonly ValueId[],
  known: Map<ValueId, Value>,
): Value[] {
  const needed = new Set(ids.filter((id) => !known.has(id)));
  const firsts: ValueId[] = [];
  let next = inputs.length;
  for (const { results } of instructions) {
    firsts.push(next);
    next += results.length;
  }
  for (let i = instructions.length - 1; i >= 0; i--) {
    const { operands, results } = instructions[i]!;
    if (!results.some((_, k) => needed.has(firsts[i]! + k))) continue;
    for (const operand of operands) if (!known.has(operand)) needed.add(operand);
  }
  instructions.forEach(({ op, operands, attributes, results }, i) => {
    const first = firsts[i]!;
    if (!results.some((_, k) => needed.has(first + k))) return;
    const values = emitter.emit(
      op,
      operands.map((id) => known.get(id)!),
      attributes,
    );
    values.forEach((value, k) => {
      if (!known.has(first + k)) known.set(first + k, value);
    });
  });
  return ids.map((id) => known.get(id)!);
}
