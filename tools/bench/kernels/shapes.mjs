// @ts-check
/** What is multiplied and convolved; `peer_kernels.py` reads it as JSON. */

/** m × k by k × n. */
export const products = [
  { m: 1024, n: 1024, k: 1024 },
  { m: 512, n: 512, k: 512 },
  { m: 510, n: 510, k: 510 },
  { m: 256, n: 256, k: 256 },
  { m: 1, n: 1024, k: 1024 },
].map((shape) => ({ name: `${shape.m}×${shape.k} by ${shape.k}×${shape.n}`, ...shape }));

/** The two convolutions of the digits model: square images and kernels, no padding. */
export const convolutions = [
  { batch: 128, size: 28, inputs: 1, outputs: 32, kernel: 3 },
  { batch: 128, size: 13, inputs: 32, outputs: 64, kernel: 3 },
].map((shape) => ({ name: `conv ${shape.size}²×${shape.inputs} → ${shape.outputs}`, ...shape }));

/** Multiply-adds, counted as two. */
export function operationsOf(shape) {
  if ('k' in shape) return 2 * shape.m * shape.n * shape.k;
  const side = shape.size - shape.kernel + 1;
  return 2 * shape.batch * side * side * shape.outputs * shape.inputs * shape.kernel ** 2;
}
