// @ts-check
/**
 * A contestant: trains a model in TensorFlow.js for some steps whenever it is asked to.
 *
 *   node tools/bench/training/tfjs.mjs MODEL
 */

import { dataOf, learnedIn, specs } from '../models/data.mjs';
import { batchesOf, openModel } from '../models/tfjs.mjs';
import { answer, cannot, request, sparing } from '../support/answering.mjs';
import { reasonOf, secondsPerStep } from '../support/statistics.mjs';

const kind = process.argv[2];
const spec = specs[kind];
async function open() {
  const model = await openModel(kind);
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const batches = batchesOf(kind, dataOf(spec, spec.batch * spec.steps), spec.batch);
  const losses = [];
  for (let i = 0; i < 3; i++) losses.push(await model.trainOnBatch(batches[0].x, batches[0].y));
  return { model, batches, learned: learnedIn(losses) };
}

const { model, batches, learned } = await open().catch((error) => cannot({ step: reasonOf(error) }));
answer({ prints: { step: learned } });
const seconds = sparing(() => secondsPerStep(batches, ({ x, y }) => model.trainOnBatch(x, y)));
for (;;) answer({ step: await seconds(await request()) });
