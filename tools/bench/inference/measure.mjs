// @ts-check
/** The loop of a contestant that predicts: batches of data, and one sample. */

import { dataOf, specs } from '../models/data.mjs';
import { answer, cannot, request, sparing } from '../support/answering.mjs';
import { fingerprint, sizeOf } from '../support/hashed-numbers.mjs';
import { reasonOf, summarise, timeOf } from '../support/statistics.mjs';

/** @typedef {Float32Array | Int32Array} Samples */
/**
 * @typedef {object} Predictor
 * @property {(x: Samples) => Promise<ArrayLike<number>>} all Of many samples, batch by batch; flat.
 * @property {(x: Samples) => Promise<ArrayLike<number>>} one Of one sample.
 * @property {() => number} [busy] Seconds that kernels have computed so far.
 */

/**
 * Never returns.
 * @param {string} kind
 * @param {() => Promise<Predictor>} open
 */
export async function measurePredictions(kind, open) {
  const spec = specs[kind];
  const batches = spec.steps;
  const { x } = dataOf(spec, spec.batch * batches);
  const single = x.slice(0, sizeOf(spec.input));
  const opened = open().then(async (predictor) => ({ predictor, print: fingerprint(await predictor.all(x)) }));
  const { predictor, print } = await opened.catch((error) => {
    const reason = reasonOf(error);
    return cannot({ batch: reason, one: reason });
  });
  const ofBatch = sparing(async () => (await timeOf(() => predictor.all(x), 0.2, 0.5)) / batches);
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
  }, 0.1);
  return { one: seconds, ...(busy && { overhead: summarise(overheads).median }) };
}

/**
 * Many samples by a function of one batch.
 * @param {import('../models/data.mjs').Spec} spec
 * @param {(x: Samples) => Promise<ArrayLike<number>>} predict
 */
export function inBatches({ batch, input, classes, everywhere }, predict) {
  const outputs = everywhere ? input[0] * classes : classes;
  return async (/** @type {Samples} */ x) => {
    const size = batch * sizeOf(input);
    const predictions = new Float32Array((x.length / sizeOf(input)) * outputs);
    for (let i = 0; i * size < x.length; i++) {
      predictions.set(await predict(x.subarray(i * size, (i + 1) * size)), i * batch * outputs);
    }
    return predictions;
  };
}
