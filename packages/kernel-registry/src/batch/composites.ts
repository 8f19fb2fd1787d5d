/** Batching of our own composites, where being decomposed would lose their gradient or what backends know of them. */
import type { Value } from '../builder.js';
import { emitAgain, scanAttributes } from '../composites/scan/attributes.js';
import { broadcastTo } from '../emit/broadcast-to.js';
import { reshape, transpose } from '../emit/movement.js';
import type { OpAttributes } from '../opset.js';
import type { Program } from '../program.js';
import { batchedLoop, batchedRegion, mappedResults } from './control.js';
import { type BatchContext, type Batched, type BatchRule, itemShape, mapped, spread, together } from './rule.js';

type CompositeRule = BatchRule<'composite'>;
type Context = BatchContext<'composite'>;

const elementwise: CompositeRule = together('composite');

/** The attribute `axis` is one further back. */
const alongAxis: CompositeRule = ({ emitter, operands, size, attributes }) => {
  const axis = attributes.attributes.axis as number;
  const values = operands.map((operand) => spread(emitter, operand, size));
  return mapped(emitter.emit('composite', values, { ...attributes, attributes: { axis: axis + 1 } }));
};

/** The batch joins that of the operands. A bias or mask that is the same for all of both stays as it is. */
const attention: CompositeRule = (context) => {
  const { emitter, operands, size } = context;
  const batch = itemShape(operands[0]!)[0]!;
  const joined = operands.map((operand, i) => {
    const [own, ...rest] = itemShape(operand);
    if (i >= 3 && own === 1 && !operand.mapped) return operand.value;
    const whole = [size, batch, ...rest];
    const value = broadcastTo(emitter, spread(emitter, operand, size), whole);
    return reshape(emitter, value, [size * batch, ...rest]);
  });
  const results = again(context, joined, {});
  return mapped(results.map((value) => reshape(emitter, value, [size, batch, ...value.type.shape.slice(1)])));
};

function again(
  { emitter, attributes }: Context,
  operands: readonly Value[],
  regions: OpAttributes['composite']['attributes'],
): readonly Value[] {
  return emitter.emit('composite', operands, {
    name: attributes.name,
    attributes: { ...attributes.attributes, ...regions },
  });
}

const checkpoint: CompositeRule = (context) => {
  const { operands, size, attributes, run } = context;
  const flags = operands.map((operand) => operand.mapped);
  const body = batchedRegion(run, attributes.attributes.body as Program, flags, size);
  const values = operands.map(({ value }) => value);
  return mapped(again(context, values, { body }));
};

const boundedWhile: CompositeRule = (context) => {
  const { condition, body } = context.attributes.attributes as { readonly condition: Program; readonly body: Program };
  const loop = batchedLoop(context, condition, body);
  const results = again(context, loop.initial, { condition: loop.condition, body: loop.body });
  return results.map((value, i) => ({ value, mapped: loop.carries[i]! }));
};

/** The batch is behind the length in elements and stacks, in front in everything else. */
const scan: CompositeRule = ({ emitter, operands, size, attributes, run }) => {
  const { body, constants, carries, length, reverse } = scanAttributes(attributes.attributes);
  const outer = constants + carries;
  let flags = operands.map((operand) => operand.mapped);
  let results: boolean[];
  for (;;) {
    results = mappedResults(run, body, flags, size);
    const next = flags.map((isMapped, i) => isMapped || (i >= constants && i < outer && results[i - constants]!));
    if (next.every((isMapped, i) => isMapped === flags[i])) break;
    flags = next;
  }
  const wanted = results.map((isMapped, i) => (i < carries ? flags[constants + i]! : isMapped));
  const exchanged = (value: Value): Value =>
    transpose(emitter, value, [1, 0, ...value.type.shape.slice(2).map((_, i) => i + 2)]);
  const value = (operand: Batched, i: number): Value => (flags[i] ? spread(emitter, operand, size) : operand.value);
  const values = operands.map(value).map((operand, i) => (i >= outer && flags[i] ? exchanged(operand) : operand));
  const given = {
    constants: values.slice(0, constants),
    carries: values.slice(constants, outer),
    elements: values.slice(outer),
  };
  const batched = emitAgain(emitter, given, { body: batchedRegion(run, body, flags, size, wanted), length, reverse });
  const stacks = batched.stacks.map((stack, i) => (wanted[carries + i] ? exchanged(stack) : stack));
  return [...batched.carries, ...stacks].map((result, i) => ({ value: result, mapped: wanted[i]! }));
};

/** Counters under one key; under a key each they are what they are made of. */
const threefry = ({ emitter, operands, size, attributes }: Context): readonly Batched[] | undefined => {
  const [key, ...counters] = operands as readonly [Batched, ...Batched[]];
  if (key.mapped) return undefined;
  const words = counters.map((operand) => spread(emitter, operand, size));
  return mapped(emitter.emit('composite', [key.value, ...words], attributes));
};

/** Undefined: it is batched as what it is made of. */
export const compositeBatch: {
  readonly [name: string]: (context: Context) => readonly Batched[] | undefined;
} = {
  'ceratops.attention@1': attention,
  'ceratops.bounded_while@1': boundedWhile,
  'ceratops.checkpoint@1': checkpoint,
  'ceratops.erf@1': elementwise,
  'ceratops.erf_inv@1': elementwise,
  'ceratops.log_softmax@1': alongAxis,
  'ceratops.logistic@1': elementwise,
  'ceratops.relu@1': elementwise,
  'ceratops.rsqrt@1': elementwise,
  'ceratops.scan@1': scan,
  'ceratops.softmax@1': alongAxis,
  'ceratops.stop_gradient@1': elementwise,
  'ceratops.threefry2x32@1': threefry,
};
