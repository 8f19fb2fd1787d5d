/**
 * Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011), the
 * counter-based generator under JAX's random numbers.
 */

import type { Emitter, Value } from '../builder.js';
import { type CompositeDefinition, defineComposite } from '../composite.js';
import { constantLike, fill } from '../emit/constant.js';
import { add, or, shiftLeft, shiftRightLogical, xor } from '../emit/elementwise.js';
import { broadcastInDim, reshape, sliceInDim } from '../emit/movement.js';
import { checkCount, fail, formatTypes } from '../infer/rule.js';
import { sameShape, tensorType } from '../tensor-type.js';

const name = 'ceratops.threefry2x32@1';
const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;
/** The parity constant that makes the third word of the key schedule. */
const parity = 0x1bd11bda;

function rotateLeft(emitter: Emitter, x: Value, bits: number): Value {
  const high = shiftLeft(emitter, x, constantLike(emitter, x, bits));
  const low = shiftRightLogical(emitter, x, constantLike(emitter, x, 32 - bits));
  return or(emitter, high, low);
}

function hash(emitter: Emitter, key: Value, counters: readonly [Value, Value]): readonly Value[] {
  const { shape } = counters[0].type;
  const word = (i: number): Value => reshape(emitter, sliceInDim(emitter, key, 0, i, i + 1), []);
  const first = word(0);
  const second = word(1);
  const mixed = xor(emitter, first, second);
  const third = xor(emitter, mixed, fill(emitter, tensorType('uint32', []), parity));
  const schedule = [first, second, third];
  let [x, y] = counters;
  for (let group = 0; group <= 5; group++) {
    if (group > 0) {
      for (const bits of rotations[(group - 1) % 2]!) {
        x = add(emitter, x, y);
        y = xor(emitter, x, rotateLeft(emitter, y, bits));
      }
    }
    const count = fill(emitter, tensorType('uint32', []), group);
    const next = add(emitter, schedule[(group + 1) % 3]!, count);
    x = add(emitter, x, broadcastInDim(emitter, schedule[group % 3]!, shape, []));
    y = add(emitter, y, broadcastInDim(emitter, next, shape, []));
  }
  return [x, y];
}

/** (key uint32[2], high counters, low counters) → two words per counter. */
export const threefry2x32: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name,
  infer: (operands) => {
    checkCount(name, operands, 3);
    const [key, high, low] = operands;
    const integers = operands.every(({ dtype }) => dtype === 'uint32');
    if (!integers || !sameShape(key!.shape, [2]) || !sameShape(high!.shape, low!.shape)) {
      fail('SHAPE_MISMATCH', name, 'bad operands', 'uint32[2] and two equal uint32 shapes', formatTypes(operands));
    }
    return [high!, low!];
  },
  decompose: (emitter, [key, high, low]) => hash(emitter, key!, [high!, low!]),
});
