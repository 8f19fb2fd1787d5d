/** Runs modules in XLA on the CPU by `tools/stablehlo/run.py`, where a Python with jax is at hand. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dtypes, type HostArray } from '../../dtype.js';
import { inputTypes, outputTypes, type Program } from '../../program.js';
import { printStableHLO } from '../index.js';

const repository = fileURLToPath(new URL('../../../../../', import.meta.url));

/** $CERATOPS_PYTHON, else the repository's virtual environment. */
export const python: string = process.env.CERATOPS_PYTHON ?? path.join(repository, '.venv/bin/python');

/** Why XLA cannot be asked here; undefined when it can. */
export function missingXla(): string | undefined {
  if (!existsSync(python)) return `no Python at ${python}`;
  const found = spawnSync(python, ['-c', 'import jax, ml_dtypes']);
  return found.status === 0 ? undefined : `${python} has no jax`;
}

interface Response {
  readonly outputs?: readonly { readonly dtype: string; readonly data: string }[];
  readonly error?: string;
}

export interface Job {
  readonly program: Program;
  readonly inputs: readonly HostArray[];
  readonly compileOnly?: boolean;
}

function request({ program, inputs, compileOnly = false }: Job): string {
  const types = inputTypes(program);
  const values = inputs.map((data, i) => ({
    ...types[i],
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  }));
  return JSON.stringify({ text: printStableHLO(program), inputs: values, compileOnly });
}

/** The outputs of each job, or what XLA said against it. */
export function runInXla(jobs: readonly Job[]): (HostArray[] | string)[] {
  const script = path.join(repository, 'tools/stablehlo/run.py');
  const input = jobs.map(request).join('\n');
  const { stdout, stderr } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return jobs.map(({ program }, i) => {
    // XLA aborts its process on some bad modules.
    const response: Response =
      lines[i] === undefined ? { error: `XLA died: ${stderr.slice(-2000)}` } : JSON.parse(lines[i]);
    if (response.error !== undefined) return response.error;
    const types = outputTypes(program);
    return (response.outputs ?? []).map(({ data }, j) => {
      const { host } = dtypes[types[j]!.dtype];
      const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
      return new host(bytes.buffer, 0, bytes.byteLength / host.BYTES_PER_ELEMENT);
    });
  });
}
