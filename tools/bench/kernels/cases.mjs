// @ts-check
/**
 * What is computed: products, convolutions, and what only moves memory. Arrays are row-major; images are NHWC, kernels HWIO. A
 * contestant may lay its own data out otherwise, as long as the numbers are the same. `peer_kernels.py` reads the cases as JSON.
 */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {'product' | 'convolution' | 'inputGradient' | 'kernelGradient' | 'scaleShift' | 'geluChain' | 'softmax' | 'layerNorm' | 'sum'} op
 * @property {readonly (readonly number[])[]} inputs Shapes. Gradients get the image, the kernel and the gradient of the output.
 * @property {number} [operations] Multiply-adds, counted as two.
 * @property {number} [bytes] Read and written.
 * @property {readonly [boolean, boolean]} [transposed] Whether each factor is stored the other way round.
 * @property {number} [stride]
 * @property {number} [pad] On all sides.
 * @property {number} [groups]
 * @property {number} [faster] How many times as fast as the JavaScript peers it shall be on one thread.
 */

/**
 * m × k by k × n; the letters say how each factor is stored, N as it is, T transposed.
 * @param {readonly [number, number, number]} sizes
 * @param {readonly string[]} letters
 * @param {Record<string, number>} faster
 * @returns {Case[]}
 */
function products([m, k, n], letters, faster) {
  return letters.map((pair) => {
    const transposed = /** @type {[boolean, boolean]} */ ([...pair].map((letter) => letter === 'T'));
    const inputs = [transposed[0] ? [k, m] : [m, k], transposed[1] ? [n, k] : [k, n]];
    const name = `${m}×${k} by ${k}×${n}${letters.length > 1 ? `, ${pair}` : ''}`;
    return { name, op: 'product', inputs, transposed, operations: 2 * m * n * k, faster: faster[pair] };
  });
}

const layouts = ['NN', 'NT', 'TN'];
const everywhere = { NN: 1.2, NT: 1.2, TN: 1.2 };

/**
 * Square images and kernels.
 * @param {string} name
 * @param {{ batch?: number, size: number, inputs: number, outputs: number, kernel: number, stride?: number, pad?: number, groups?: number }} shape
 */
function convolution(name, { batch = 1, size, inputs, outputs, kernel, stride = 1, pad = 0, groups = 1 }) {
  const side = Math.floor((size + 2 * pad - kernel) / stride) + 1;
  const x = [batch, size, size, inputs];
  const w = [kernel, kernel, inputs / groups, outputs];
  const d = [batch, side, side, outputs];
  const operations = 2 * batch * side * side * outputs * (inputs / groups) * kernel ** 2;
  return { name, x, w, d, attributes: { stride, pad, groups, operations } };
}

/** @returns {Case} */
function forward([name, shape]) {
  const { x, w, attributes } = convolution(name, shape);
  return { name, op: 'convolution', inputs: [x, w], ...attributes, faster: 1.3 };
}

/** @returns {Case[]} */
function withGradients([name, shape]) {
  const { x, w, d, attributes } = convolution(name, shape);
  return [
    { name: `${name}, forward`, op: 'convolution', inputs: [x, w], ...attributes },
    { name: `${name}, input gradient`, op: 'inputGradient', inputs: [x, w, d], ...attributes },
    { name: `${name}, kernel gradient`, op: 'kernelGradient', inputs: [x, w, d], ...attributes },
  ];
}

/** Batch 1. */
const networks = Object.entries({
  'ResNet-50: 7×7/2, 3 → 64 at 224²': { size: 224, inputs: 3, outputs: 64, kernel: 7, stride: 2, pad: 3 },
  'ResNet-50: 3×3, 64 → 64 at 56²': { size: 56, inputs: 64, outputs: 64, kernel: 3, pad: 1 },
  'ResNet-50: 1×1, 64 → 256 at 56²': { size: 56, inputs: 64, outputs: 256, kernel: 1 },
  'ResNet-50: 3×3/2, 128 → 128 at 56²': { size: 56, inputs: 128, outputs: 128, kernel: 3, stride: 2, pad: 1 },
  'ResNet-50: 3×3, 256 → 256 at 14²': { size: 14, inputs: 256, outputs: 256, kernel: 3, pad: 1 },
  'ResNet-50: 1×1, 1024 → 256 at 14²': { size: 14, inputs: 1024, outputs: 256, kernel: 1 },
  'ResNet-50: 3×3, 512 → 512 at 7²': { size: 7, inputs: 512, outputs: 512, kernel: 3, pad: 1 },
  'MobileNet: 3×3/2, 3 → 32 at 224²': { size: 224, inputs: 3, outputs: 32, kernel: 3, stride: 2, pad: 1 },
  'MobileNet: depthwise 3×3, 32 at 112²': { size: 112, inputs: 32, outputs: 32, kernel: 3, pad: 1, groups: 32 },
  'MobileNet: depthwise 3×3/2, 64 at 112²': {
    ...{ size: 112, inputs: 64, outputs: 64, groups: 64 },
    kernel: 3,
    stride: 2,
    pad: 1,
  },
  'MobileNet: depthwise 3×3, 512 at 14²': { size: 14, inputs: 512, outputs: 512, kernel: 3, pad: 1, groups: 512 },
  'MobileNet: 1×1, 512 → 512 at 14²': { size: 14, inputs: 512, outputs: 512, kernel: 1 },
});

/** The two convolutions of the digits model, as they are trained. */
const digits = Object.entries({
  'digits: 3×3, 1 → 32 at 28², batch 128': { batch: 128, size: 28, inputs: 1, outputs: 32, kernel: 3 },
  'digits: 3×3, 32 → 64 at 13², batch 128': { batch: 128, size: 13, inputs: 32, outputs: 64, kernel: 3 },
});

const image = [2048, 2048];
const rows = [1024, 1024];
const both = (shape) => 8 * shape[0] * shape[1];

/** @type {Record<'products' | 'convolutions' | 'elementwise', Case[]>} */
export const cases = {
  products: [
    ...products([1024, 1024, 1024], layouts, { ...everywhere, NN: 1.3 }),
    ...products([510, 510, 510], layouts, everywhere),
    ...products([1, 1024, 1024], layouts, everywhere),
    ...products([4096, 64, 4096], layouts, everywhere),
    ...products([512, 512, 512], ['NN'], {}),
    ...products([256, 256, 256], ['NN'], {}),
  ],
  convolutions: [...networks.map(forward), ...digits.flatMap(withGradients)],
  elementwise: [
    { name: 'gelu(x·a + b), 2048×2048', op: 'geluChain', inputs: [image, [2048], [2048]], bytes: both(image) },
    { name: 'x·a + b, 2048×2048', op: 'scaleShift', inputs: [image, [2048], [2048]], bytes: both(image) },
    { name: 'softmax of rows, 1024×1024', op: 'softmax', inputs: [rows], bytes: both(rows) },
    { name: 'layer norm of rows, 1024×1024', op: 'layerNorm', inputs: [rows, [1024], [1024]], bytes: both(rows) },
    { name: 'sum, 2048×2048', op: 'sum', inputs: [image], bytes: both(image) / 2 },
  ],
};
