/**
 * Carries of loops that need no first value: a scan's stacks begin as zeros, and then get all of their rows, one an iteration.
 * A late part.
 */

import { type Instruction, splatValue, type ValueId } from '@ceratops/kernel-registry';
import { type Graph, graphOf } from '../graph.js';

/** A loop that counts a carry up from 0 by ones to `rounds`. */
interface Count {
  readonly carry: ValueId;
  readonly rounds: number;
}

/** Per carry of a loop: whether the loop writes all of it, and reads nothing of it. */
export function overwrittenCarries(outer: Graph, loop: Instruction<'while'>): boolean[] {
  const body = graphOf(loop.attributes.body);
  const count = countOf(outer, loop, body);
  return loop.operands.map((_, carry) => count !== undefined && writesAll(body, carry, count));
}

function countOf(outer: Graph, { operands, attributes }: Instruction<'while'>, body: Graph): Count | undefined {
  const condition = graphOf(attributes.condition);
  const test = condition.instructionOf(attributes.condition.outputs[0]!);
  if (test?.op !== 'compare' || test.attributes.direction !== 'LT') return undefined;
  // Inputs are the first values.
  const [carry, limit] = test.operands as [ValueId, ValueId];
  const rounds = scalarOf(condition, limit);
  if (condition.definitions[carry]! >= 0 || rounds === undefined || rounds < 1) return undefined;
  const next = body.instructionOf(body.program.outputs[carry]!);
  const isNext =
    next?.op === 'add' && next.operands.includes(carry) && next.operands.some((id) => scalarOf(body, id) === 1);
  return isNext && scalarOf(outer, operands[carry]!) === 0 ? { carry, rounds } : undefined;
}

/** The value of a scalar constant. */
function scalarOf(graph: Graph, id: ValueId): number | undefined {
  const instruction = graph.instructionOf(id);
  return instruction?.op === 'constant' && graph.sizes[id] === 1
    ? Number(splatValue(instruction.attributes.value))
    : undefined;
}

/** Its next value is itself with another row replaced each time, and nothing else looks at it. */
function writesAll(body: Graph, carry: ValueId, { carry: counter, rounds }: Count): boolean {
  const { outputs, instructions } = body.program;
  const put = body.instructionOf(outputs[carry]!);
  if (put?.op !== 'dynamic_update_slice' || put.operands[0] !== carry) return false;
  const uses = [...outputs, ...instructions.flatMap(({ operands }) => operands)].filter((id) => id === carry);
  if (uses.length > 1) return false;
  const [{ shape }, { shape: part }] = [body.types[carry]!, body.types[put.operands[1]!]!];
  const cut = shape.flatMap((size, axis) => (size === part[axis] ? [] : [axis]));
  return cut.every(
    (axis) =>
      cut.length === 1 &&
      part[axis] === 1 &&
      shape[axis] === rounds &&
      countsRows(body, put.operands[2 + axis]!, counter, rounds),
  );
}

/** From the first row on, or from the last one back. */
function countsRows(body: Graph, row: ValueId, counter: ValueId, rounds: number): boolean {
  if (row === counter) return true;
  const back = body.instructionOf(row);
  if (back?.op !== 'subtract' || back.operands[1] !== counter) return false;
  return scalarOf(body, back.operands[0]!) === rounds - 1;
}
