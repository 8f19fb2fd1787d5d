/** How resizing weighs the elements around a position, as `jax.image.resize` does; positions are centers of elements. */

export type Interpolation = 'bilinear' | 'bicubic' | 'lanczos3' | 'lanczos5';

/** Keys' cubic with a = -1/2. */
function cubic(x: number): number {
  if (x >= 2) return 0;
  return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2;
}

function lanczos(x: number, radius: number): number {
  if (x > radius) return 0;
  if (x <= 1e-3) return 1;
  const angle = Math.PI * x;
  return (radius * Math.sin(angle) * Math.sin(angle / radius)) / (angle * angle);
}

const kernels: { readonly [K in Interpolation]: (distance: number) => number } = {
  bilinear: (x) => Math.max(0, 1 - x),
  bicubic: cubic,
  lanczos3: (x) => lanczos(x, 3),
  lanczos5: (x) => lanczos(x, 5),
};

/** A matrix [larger, size], row-major, whose rows sum to 1. @param larger how many positions the `size` elements become. */
export function interpolationWeights(kind: Interpolation, size: number, larger: number): Float32Array {
  const weights = new Float32Array(larger * size);
  for (let i = 0; i < larger; i++) {
    const at = ((i + 0.5) * size) / larger - 0.5;
    const row = Array.from({ length: size }, (_, k) => kernels[kind](Math.abs(at - k)));
    const total = row.reduce((sum, weight) => sum + weight, 0);
    row.forEach((weight, k) => {
      weights[i * size + k] = weight / total;
    });
  }
  return weights;
}
