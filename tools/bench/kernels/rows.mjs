// @ts-check
/** Products and convolutions beside those of JAX and TensorFlow. */

import { race } from '../support/contestant.mjs';
import { row } from '../support/rows.mjs';
import { convolutions, operationsOf, products } from './shapes.mjs';

/** @param {import('../support/settings.mjs').Settings} settings */
export async function kernelRows({ threads, peers, rounds }) {
  const counted = (shapes) => shapes.map((shape) => ({ ...shape, operations: operationsOf(shape) }));
  const shapes = JSON.stringify({ products: counted(products), convolutions: counted(convolutions) });
  const own = (count) => ({ command: process.execPath, args: ['tools/bench/kernels/ceratops.mjs', String(count)] });
  const other = ({ python, backend }) => ({
    command: python,
    args: ['tools/bench/kernels/peer_kernels.py', backend, shapes],
  });
  const results = await race(
    {
      single: own(1),
      several: own(threads),
      ...(peers.jax && { jax: other(peers.jax) }),
      ...(peers.tensorflow && { tensorflow: other(peers.tensorflow) }),
    },
    { rounds, warmups: 1 },
  );
  return Object.keys(results.single).map((name) => {
    const figures = Object.fromEntries(Object.entries(results).map(([who, rates]) => [who, rates[name]]));
    return row('kernels', name, 'GFLOP/s', figures, { better: 'higher', compared: true });
  });
}
