// @ts-check
/** jax-js on its WebAssembly backend, jitted. It convolves NCHW by OIHW. */

import { sizeOf } from '../../support/hashed-numbers.mjs';
import { openJaxJs } from '../../support/jax-js.mjs';
import { channelsFirst, channelsLast, kernelOutputsFirst, kernelOutputsLast } from '../../support/layouts.mjs';

const scaleShift = (x, a, b) => x.mul(a).add(b);

function functionsOf({ lax, nn, numpy, vjp }) {
  const convolve =
    ({ stride, pad, groups }) =>
    (x, w) =>
      lax.convGeneralDilated(
        x,
        w,
        [stride, stride],
        [
          [pad, pad],
          [pad, pad],
        ],
        { featureGroupCount: groups },
      );
  const pulled = (fn, at, d) => {
    const [value, pull] = vjp(fn, [at]);
    value.dispose();
    return pull(d)[0];
  };
  return {
    product:
      ({ transposed: [a, b] }) =>
      (x, y) =>
        numpy.matmul(a ? x.transpose() : x, b ? y.transpose() : y),
    convolution: convolve,
    inputGradient: (kernel) => (x, w, d) => pulled((v) => convolve(kernel)(v, w), x, d),
    kernelGradient: (kernel) => (x, w, d) => pulled((v) => convolve(kernel)(x, v), w, d),
    scaleShift: () => scaleShift,
    geluChain: () => (x, a, b) => nn.gelu(scaleShift(x, a, b), { approximate: true }),
    softmax: () => (x) => nn.softmax(x, -1),
    layerNorm: () => (x, gamma, beta) => nn.standardize(x, -1, { epsilon: 1e-3 }).mul(gamma).add(beta),
    sum: () => (x) => numpy.sum(x),
  };
}

/** @param {number} threads */
export async function open(threads) {
  const jax = await openJaxJs(threads);
  const functions = functionsOf(jax);
  return (kernel, inputs) => {
    const compute = jax.jit(functions[kernel.op](kernel));
    const isImage = 'stride' in kernel;
    const array = ({ shape, data }, place) => {
      if (!isImage) return jax.numpy.array(data).reshape([...shape]);
      const moved = (place === 1 ? kernelOutputsFirst : channelsFirst)({ shape, data });
      return jax.numpy.array(moved.data).reshape([...moved.shape]);
    };
    const arrays = inputs.map(array);
    const once = () => compute(...arrays.map((value) => value.ref));
    const back = kernel.op === 'kernelGradient' ? kernelOutputsLast : channelsLast;
    return {
      async run() {
        const result = once();
        await jax.blockUntilReady(result.ref);
        result.dispose();
      },
      async result() {
        const result = once();
        const { shape } = result;
        const data = await result.data();
        if (data.length !== sizeOf(shape)) throw new Error('a result of another size');
        return isImage ? back({ shape, data }).data : data;
      },
    };
  };
}
