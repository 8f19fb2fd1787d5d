// @ts-check
/** Opens a session of onnxruntime-web (WebAssembly) or onnxruntime-node with a number of threads. */

/**
 * @param {'onnxruntime-web' | 'onnxruntime-node'} library
 * @param {number} threads
 * @returns {Promise<{ Tensor: any, session: (model: Uint8Array, fold?: boolean) => Promise<any> }>}
 */
export async function openOnnxRuntime(library, threads) {
  const { InferenceSession, Tensor, env } = await import(library);
  if (library === 'onnxruntime-web') env.wasm.numThreads = threads;
  env.logLevel = 'error';
  const options = {
    executionProviders: [library === 'onnxruntime-web' ? 'wasm' : 'cpu'],
    graphOptimizationLevel: 'all',
    ...(library === 'onnxruntime-node' && { intraOpNumThreads: threads, interOpNumThreads: 1 }),
  };
  /** Ops of constants are computed at every run, not once, unless they may be folded. */
  const unfolded = { extra: { optimization: { disable_specified_optimizers: 'ConstantFolding' } } };
  return {
    Tensor,
    session: (model, fold = true) => InferenceSession.create(model, { ...options, ...(!fold && unfolded) }),
  };
}
