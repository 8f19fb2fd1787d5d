// @ts-check
/** What a page loads; `tools/bundle/measure.mjs` measures it. */

import { measure } from '../../bundle/measure.mjs';
import { row } from '../support/rows.mjs';
import { summarise } from '../support/statistics.mjs';

export async function bundleRows() {
  const rows = [];
  for (const bundler of ['esbuild', 'rollup']) {
    const { gzipped } = await measure(bundler);
    const figures = { ceratops: { several: summarise([gzipped / 1024]) } };
    rows.push(row('bundle', `the README's program, by ${bundler}`, 'KB', figures, { bars: [{ atMost: 120 }] }));
  }
  return rows;
}
