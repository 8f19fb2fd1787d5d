/**
 * Threefry-2x32 with 20 rounds, the hash under every random stream: Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", 2011.
 */
import {
  CeratopsError,
  type CompositeDefinition,
  defineComposite,
  type Emitter,
  formatType,
  sameShape,
  type TensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';

const rotations: readonly (readonly number[])[] = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
];
const parity = 0x1bd11bda;
const groups = 5;

/** (key 0, key 1: scalars; counts 0, counts 1: of one shape) → two hashes of that shape; all uint32. */
export const threefry2x32: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: 'ceratops.threefry2x32@1',
  infer: (operands) => {
    const [key0, key1, counts0, counts1] = operands;
    const fits =
      operands.length === 4 &&
      operands.every(({ dtype }) => dtype === 'uint32') &&
      [key0!, key1!].every(({ shape }) => shape.length === 0) &&
      sameShape(counts0!.shape, counts1!.shape);
    if (fits) return [counts0!, counts1!];
    throw badOperands(operands);
  },
  decompose,
});

function badOperands(operands: readonly TensorType[]): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', 'bad operands', {
    subject: 'ceratops.threefry2x32@1',
    expected: 'two uint32[] keys and two uint32 counts of one shape',
    received: operands.map(formatType).join(', '),
  });
}

function decompose(e: Emitter, [key0, key1, counts0, counts1]: readonly Value[]): readonly Value[] {
  const { type } = counts0!;
  const scalarParity = emit.constantLike(e, key0!, parity);
  const key2 = emit.xor(e, emit.xor(e, key0!, key1!), scalarParity);
  const keys = [key0!, key1!, key2].map((key) => emit.broadcastTo(e, key, type.shape));
  let x = emit.add(e, counts0!, keys[0]!);
  let y = emit.add(e, counts1!, keys[1]!);
  for (let group = 0; group < groups; group++) {
    for (const distance of rotations[group % 2]!) {
      x = emit.add(e, x, y);
      y = emit.xor(e, x, rotateLeft(e, y, distance));
    }
    x = emit.add(e, x, keys[(group + 1) % 3]!);
    y = emit.add(e, emit.add(e, y, keys[(group + 2) % 3]!), emit.fill(e, type, group + 1));
  }
  return [x, y];
}

function rotateLeft(e: Emitter, x: Value, distance: number): Value {
  const left = emit.shiftLeft(e, x, emit.constantLike(e, x, distance));
  return emit.or(e, left, emit.shiftRightLogical(e, x, emit.constantLike(e, x, 32 - distance)));
}
