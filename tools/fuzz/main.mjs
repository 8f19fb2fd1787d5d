// @ts-check
/** `npm run fuzz`: random programs on the CPU; `npm run fuzz -- --help` says more. */

import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, program } from 'commander';
import { createServer } from 'vite';

const {
  programs,
  seed,
  minutes = Number.POSITIVE_INFINITY,
} = program
  .name('npm run fuzz --')
  .description('Runs random programs on the CPU against the evaluator, and prints the smallest case of each failure.')
  .option('--programs <count>', 'how many', wholeNumber, 10_000)
  .option('--seed <number>', 'of the first one; the others count up', wholeNumber, 1000)
  .option('--minutes <number>', 'when to stop at the latest', minutesOf)
  .parse()
  .opts();

/** @param {string} text */
function wholeNumber(text) {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('Expected a whole number.');
}

/** @param {string} text */
function minutesOf(text) {
  const number = Number(text);
  if (number > 0) return number;
  throw new InvalidArgumentError('Expected a number above 0.');
}

const conditions = ['@ceratops/source', 'node', 'import', 'default'];
const server = await createServer({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  ssr: { resolve: { conditions, externalConditions: conditions } },
});

const start = performance.now();
let shown = 0;

/** @param {import('../../tests/fuzz/fuzz.js').FuzzResult} result */
function show({ programs: done, failures, elements, unknown }, isLast = false) {
  const seconds = (performance.now() - start) / 1000;
  const pause = process.stderr.isTTY ? 0.2 : 10;
  if (!isLast && seconds - shown < pause) return;
  shown = seconds;
  const share = ((100 * unknown) / Math.max(elements, 1)).toFixed(1);
  const line = `${done} of ${programs} programs in ${seconds.toFixed(0)} s, ${failures.length} failures, ${share} % of the elements unknown`;
  process.stderr.write(process.stderr.isTTY && !isLast ? `\r\x1b[K${line}` : `${line}\n`);
}

let reported = 0;
try {
  const { fuzz } = await server.ssrLoadModule('/tests/fuzz/fuzz.ts');
  const { closeBackends } = await server.ssrLoadModule('/tests/fuzz/backends.ts');
  const result = await fuzz({
    seed,
    programs,
    after: (/** @type {import('../../tests/fuzz/fuzz.js').FuzzResult} */ done) => {
      for (const failure of done.failures.slice(reported)) console.log(`\n${failure}\n`);
      reported = done.failures.length;
      show(done);
      return performance.now() - start > minutes * 60_000;
    },
  });
  show(result, true);
  await closeBackends();
  if (result.failures.length > 0) process.exitCode = 1;
} finally {
  await server.close();
}
