// @ts-check
/** The loop of a contestant that predicts: batches of data, and one sample. */

import { dataOf, specs } from '../models/data.mjs';
import { answer, cannot, request, sparing } from '../support/answering.mjs';
import { fingerprint, sizeOf } from '../support/hashed-numbers.mjs';
import { reasonOf, summarise, timeOf } from '../support/statistics.mjs';

/** @typedef {Float32Array | Int32Array} Samples */
/**
 * @typedef {object} Predictor
 * @property {(x: Samples) => Promise<ArrayLike<number>>} batch Of a batch; flat.
 * @property {(x: Samples) => Promise<ArrayLike<number>>} one Of one sample.
 * @property {boolean} [takesMany] Whether `batch` takes many batches as well, as `predict` of Keras does.
 * @property {() => number} [busy] Seconds that kernels have computed so far.
 */

/**
 * Never returns.
 * @param {string} kind
 * @param {() => Promise<Predictor>} open
 */
export async function measurePredictions(kind, open) {
  const spec = specs[kind];
  const { x } = dataOf(spec, spec.batch * spec.steps);
  const single = x.slice(0, sizeOf(spec.input));
  const first = x.slice(0, spec.batch * sizeOf(spec.input));
  const opened = open().then(async (predictor) => ({ predictor, print: fingerprint(await predictor.batch(first)) }));
  const { predictor, print } = await opened.catch((error) => {
    const reason = reasonOf(error);
    return cannot({ batch: reason, one: reason });
  });
  const [data, batches] = predictor.takesMany ? [x, spec.steps] : [first, 1];
  const ofBatch = sparing(async () => (await timeOf(() => predictor.batch(data), 0.2, 0.5)) / batches);
  // A server's process is warm: what the engine compiles within its first few hundred calls is not what a request costs.
  await timeOf(() => predictor.one(single), 0.5);
  answer({ prints: { predictions: print } });
  for (;;) {
    const counted = await request();
    answer({ batch: await ofBatch(counted), ...(await ofOne(predictor, single)) });
  }
}

/** Seconds of a prediction of one sample, and those beyond the kernels' own. */
async function ofOne({ one, busy }, single) {
  const overheads = [];
  const seconds = await timeOf(async () => {
    const start = performance.now() / 1000 - (busy?.() ?? 0);
    await one(single);
    overheads.push(performance.now() / 1000 - (busy?.() ?? 0) - start);
  }, 0.2);
  return { one: seconds, ...(busy && { overhead: summarise(overheads).median }) };
}
