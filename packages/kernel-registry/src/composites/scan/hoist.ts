/**
 * What an iteration need not wait for is computed before the loop: what is the same for all iterations, and products of elements with
 * such values, which become one large product over all iterations (the input projections of a recurrent layer).
 */

import { spread } from '../../batch/rule.js';
import { runBatched } from '../../batch/run.js';
import { buildProgram, type Emitter, type Value } from '../../builder.js';
import type { AnyInstruction, Program, ValueId } from '../../program.js';
import { valueTypes } from '../../program.js';
import type { ScanOperands } from './attributes.js';
import { isFree, makersOf, rebuild } from './body.js';

export interface LoopParts {
  readonly body: Program;
  readonly operands: ScanOperands;
  readonly length: number;
}

/** How the values of a body depend on the loop. */
interface Dependence {
  readonly makers: readonly (AnyInstruction | undefined)[];
  /** The same in all iterations. */
  readonly invariant: readonly boolean[];
  /** Does not depend on what the iteration before left. */
  readonly parallel: readonly boolean[];
}

export function dependence({ body, operands }: Pick<LoopParts, 'body' | 'operands'>): Dependence {
  const makers = makersOf(body);
  const firstElement = operands.constants.length + operands.carries.length;
  const invariant: boolean[] = [];
  const parallel: boolean[] = [];
  makers.forEach((maker, id) => {
    const isInput = maker === undefined;
    const isConstant = id < operands.constants.length;
    invariant.push(isInput ? isConstant : maker.operands.every((operand) => invariant[operand]));
    parallel.push(isInput ? isConstant || id >= firstElement : maker.operands.every((operand) => parallel[operand]));
  });
  return { makers, invariant, parallel };
}

/** The loop with less in its body. */
export function hoist(emitter: Emitter, parts: LoopParts): LoopParts {
  const { body, operands, length } = parts;
  const found = hoistable(parts);
  if (found.invariant.length + found.products.length === 0) return parts;
  const known = new Map(operands.constants.map((value, id) => [id, value] as const));
  const constants = [...operands.constants, ...rebuild(emitter, body, found.invariant, known)];
  const elements = [...operands.elements, ...overAll(emitter, parts, found.products)];
  const types = valueTypes(body);
  const firstElement = operands.constants.length + operands.carries.length;
  const ids = [
    ...operands.constants.map((_, id) => id),
    ...found.invariant,
    ...operands.carries.map((_, i) => operands.constants.length + i),
    ...operands.elements.map((_, i) => firstElement + i),
    ...found.products,
  ];
  const lean = buildProgram(
    ids.map((id) => types[id]!),
    (e, ...values) => rebuild(e, body, body.outputs, new Map(ids.map((id, i) => [id, values[i]!]))),
    body.name,
  );
  return { body: lean, operands: { constants, carries: operands.carries, elements }, length };
}

function hoistable({ body, operands }: LoopParts): { invariant: ValueId[]; products: ValueId[] } {
  const { makers, invariant, parallel } = dependence({ body, operands });
  const worthIt = (id: ValueId): boolean => makers[id] !== undefined && !isFree(makers[id]!);
  /** Free values are emitted where they are used, so what they are made of has to be there. */
  const used = new Set<ValueId>();
  const use = (id: ValueId): void => {
    const maker = makers[id];
    if (invariant[id] && maker !== undefined && isFree(maker)) maker.operands.forEach(use);
    else used.add(id);
  };
  for (const id of body.outputs) use(id);
  makers.forEach((maker, id) => {
    if (maker !== undefined && !invariant[id]) for (const operand of maker.operands) use(operand);
  });
  const products = makers.flatMap((maker, id) => {
    if (maker?.op !== 'dot_general' || !parallel[id] || invariant[id]) return [];
    return maker.operands.some((operand) => invariant[operand]) ? [id] : [];
  });
  return { invariant: [...used].filter((id) => invariant[id] && worthIt(id)), products };
}

/** Parallel values of all iterations at once, stacked. */
function overAll(emitter: Emitter, { body, operands, length }: LoopParts, ids: readonly ValueId[]): Value[] {
  if (ids.length === 0) return [];
  const inputs = [
    ...operands.constants.map((value) => ({ value, mapped: false })),
    ...operands.carries.map((value) => ({ value, mapped: false })),
    ...operands.elements.map((value) => ({ value, mapped: true })),
  ];
  const needed = onlyFor(body, ids);
  return runBatched(emitter, needed, inputs, length).map((result) => spread(emitter, result, length));
}

/** The program of some values alone; its inputs stay. */
function onlyFor(body: Program, ids: readonly ValueId[]): Program {
  const types = body.inputs.map(({ type }) => type);
  return buildProgram(types, (e, ...values) => rebuild(e, body, ids, new Map(values.map((value, id) => [id, value]))));
}
