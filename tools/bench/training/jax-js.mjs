// @ts-check
/**
 * A contestant: trains a model in jax-js, a jitted step of Adam, for some steps whenever it is asked to.
 *
 *   node tools/bench/training/jax-js.mjs MODEL THREADS
 */

import { dataOf, learnedIn, specs } from '../models/data.mjs';
import { openModel } from '../models/jax-js.mjs';
import { answer, cannot, request, sparing } from '../support/answering.mjs';
import { sizeOf } from '../support/hashed-numbers.mjs';
import { reasonOf, secondsPerStep } from '../support/statistics.mjs';

const [kind, threads] = process.argv.slice(2);
const spec = specs[kind];
const [rate, beta1, beta2, epsilon] = [1e-3, 0.9, 0.999, 1e-7];

/** (state, rate, x, y) → state and loss; the rate has Adam's corrections in it. */
function stepOf({ jax, logits }) {
  const { nn, numpy } = jax;
  const labels = spec.everywhere ? spec.batch * sizeOf(spec.input) : spec.batch;
  const loss = (weights, x, y) =>
    nn
      .logSoftmax(logits(weights, x), -1)
      .mul(nn.oneHot(y, spec.classes))
      .sum()
      .mul(-1 / labels);
  const mix = (average, value, beta) => average.mul(beta).add(value.mul(1 - beta));
  return jax.jit(({ weights, means, squares }, scale, x, y) => {
    const [value, gradients] = jax.valueAndGrad(loss)(
      weights.map((weight) => weight.ref),
      x,
      y,
    );
    const m = means.map((mean, i) => mix(mean, gradients[i].ref, beta1));
    const v = squares.map((square, i) => mix(square, gradients[i].ref.mul(gradients[i]), beta2));
    const moved = weights.map((weight, i) =>
      weight.sub(m[i].ref.mul(scale.ref).div(numpy.sqrt(v[i].ref).add(epsilon))),
    );
    return [{ weights: moved, means: m, squares: v }, value];
  });
}

async function open() {
  const opened = await openModel(kind, Number(threads));
  const { jax, weights, images } = opened;
  const { x, y, count } = dataOf(spec, spec.batch * spec.steps);
  const part = (values, i) => values.slice((i * values.length) / spec.steps, ((i + 1) * values.length) / spec.steps);
  const batches = Array.from({ length: count / spec.batch }, (_, i) => ({
    x: images(part(x, i)),
    y: jax.numpy.array(part(y, i)).reshape([spec.batch, ...(spec.everywhere ? spec.input : [])]),
  }));
  const zeros = () => weights.map((weight) => jax.numpy.zeros([...weight.shape]));
  let state = { weights, means: zeros(), squares: zeros() };
  let done = 0;
  const step = stepOf(opened);
  async function train(batch) {
    done++;
    const scale = (rate * Math.sqrt(1 - beta2 ** done)) / (1 - beta1 ** done);
    const [next, loss] = step(state, jax.numpy.array([scale]), batch.x.ref, batch.y.ref);
    state = next;
    await jax.blockUntilReady(state);
    return loss;
  }
  const losses = [];
  for (let i = 0; i < 3; i++) losses.push((await (await train(batches[0])).data())[0]);
  return { train: async (batch) => (await train(batch)).dispose(), batches, learned: learnedIn(losses) };
}

const { train, batches, learned } = await open().catch((error) => cannot({ step: reasonOf(error) }));
answer({ prints: { step: learned } });
const seconds = sparing(() => secondsPerStep(batches, train));
for (;;) answer({ step: await seconds(await request()) });
