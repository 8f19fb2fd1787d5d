/** The main job: thirteen lines define a model; it learns digits, goes to a .keras file and comes back the same. */

import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import '@ceratops/backend-cpu';
import { InvalidArgumentError, program } from 'commander';
import { loadDigits } from './digits.js';
import { drawCurves, drawDigits } from './drawing.js';

const options = program
  .name('npm start --')
  .description('Trains a small CNN on handwritten digits, saves it, loads it again and compares.')
  .option('--backend <name>', 'the backend that computes', 'cpu')
  .option('--epochs <count>', 'how often to go through the digits', wholeNumber, 5)
  .option('--file <path>', 'where the model goes', 'digits.keras')
  .parse()
  .opts<{ backend: string; epochs: number; file: string }>();
const { epochs } = options;
const colors = process.stdout.isTTY === true && process.stdout.hasColors(256);

await keras.config.setBackend(options.backend);
keras.setRandomSeed(0);
const { train, test } = loadDigits();

const model = keras.Sequential([
  keras.Input([28, 28, 1]),
  layers.Conv2D(32, 3, { activation: 'relu' }),
  layers.MaxPooling2D(2),
  layers.Conv2D(64, 3, { activation: 'relu' }),
  layers.MaxPooling2D(2),
  layers.Flatten(),
  layers.Dropout(0.5),
  layers.Dense(10, { activation: 'softmax' }),
]);
model.summary();
model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy', metrics: ['accuracy'] });

const { history } = await model.fit(train.x, train.y, { epochs, batchSize: 128, validationSplit: 0.1 });
if (epochs > 1) {
  console.log(`\n${drawCurves('loss    ', { training: history.loss!, validation: history.val_loss! }, colors)}`);
  console.log(
    `\n${drawCurves('accuracy', { training: history.accuracy!, validation: history.val_accuracy! }, colors)}`,
  );
}

const before = await (await model.predict(test.x, { verbose: 0 })).data();
await model.save(options.file);
const again = await keras.saving.loadModel(options.file);
const after = await (await again.predict(test.x, { verbose: 0 })).data();

const classOf = (probabilities: ArrayLike<number>, sample: number): number => {
  let best = 0;
  for (let i = 1; i < 10; i++) if (probabilities[sample * 10 + i]! > probabilities[sample * 10 + best]!) best = i;
  return best;
};
const shown = [0, 1, 2, 3];
const pixels = 28 * 28;
console.log();
console.log(
  drawDigits(
    shown.map((i) => test.x.subarray(i * pixels, (i + 1) * pixels)),
    shown.map((i) => `${classOf(before as Float32Array, i)} (is ${test.y[i]})`),
    colors,
  ),
);

let difference = 0;
for (let i = 0; i < before.length; i++)
  difference = Math.max(difference, Math.abs(Number(before[i]) - Number(after[i])));
let correct = 0;
for (let i = 0; i < test.count; i++) if (classOf(before as Float32Array, i) === test.y[i]) correct++;

console.log(`saved to ${options.file}; reloaded, its ${before.length} predictions differ by at most ${difference}`);
console.log(`test accuracy: ${(correct / test.count).toFixed(4)}`);
if (difference > 1e-6) process.exitCode = 1;

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('Expected a whole number above 0.');
  return number;
}
