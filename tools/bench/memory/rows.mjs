// @ts-check
/** The most bytes that ever live on the device, against those of the first step. */

import { startups } from '../support/contestant.mjs';
import { row, scaled } from '../support/rows.mjs';

const jobs = { training: '1,000 training steps of the MLP', eager: '1,000 eager iterations of 1 MB each' };

export async function memoryRows() {
  const program = (job) => ({ command: process.execPath, args: ['tools/bench/memory/ceratops.mjs', job] });
  const results = await startups({ training: program('training'), eager: program('eager') }, 1);
  return Object.entries(jobs).map(([job, name]) => {
    const { first, peak, budget } = results[job];
    const allowed = (first.median + budget.median) / 2 ** 20;
    const figures = { several: scaled(peak, 2 ** -20) };
    return row('memory', `peak live bytes of ${name}`, 'MiB', figures, { atMost: allowed });
  });
}
