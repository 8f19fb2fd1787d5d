// @ts-check
/** Times the compilation of programs of 1,000 and 10,000 ops on the CPU backend. */

import { createCpuBackend } from '@ceratops/backend-cpu';
import { CeratopsError, ProgramBuilder, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { answer, request } from '../support/answering.mjs';
import { summarise } from '../support/statistics.mjs';

const threads = Number(process.argv[2]);
const matrix = tensorType('float32', [16, 16]);
const product = { lhsContractingDimensions: [1], rhsContractingDimensions: [0] };

/** @type {Record<string, (builder: ProgramBuilder, ops: number) => any>} */
const programs = {
  /** One long life and many short ones. */
  chain(builder, ops) {
    const x = builder.input(matrix);
    let value = x;
    for (let i = 0; i < ops; i++) value = i % 2 === 0 ? emit.multiply(builder, value, x) : emit.add(builder, value, x);
    return value;
  },
  diamonds(builder, ops) {
    let value = builder.input(matrix);
    for (let i = 0; i < ops; i += 3)
      value = emit.multiply(builder, emit.tanh(builder, value), emit.negate(builder, value));
    return value;
  },
  /** All that the first half makes is kept for the second, as for gradients. */
  unrolled(builder, ops) {
    const [x, w] = [builder.input(matrix), builder.input(matrix)];
    const states = [x];
    for (let i = 0; i < ops / 4; i++)
      states.push(emit.tanh(builder, emit.dotGeneral(builder, states.at(-1) ?? x, w, product)));
    return states
      .reverse()
      .reduce((sum, state) => emit.multiply(builder, emit.dotGeneral(builder, sum, w, product), state));
  },
};

const backend = createCpuBackend({ threads });

/** Median seconds of a compilation. */
function seconds(build, ops, repeats) {
  const samples = [];
  for (let i = 0; i < repeats; i++) {
    const builder = new ProgramBuilder();
    const program = builder.build([build(builder, ops)], 'bench');
    const from = performance.now();
    const executable = backend.compile(program);
    samples.push((performance.now() - from) / 1000);
    if ('then' in executable) throw new CeratopsError('INTERNAL', 'the CPU backend of Node compiles at once');
    executable.release();
  }
  return summarise(samples).median;
}

for (const build of Object.values(programs)) seconds(build, 1000, 3);
answer({});
for (;;) {
  await request();
  const figures = {};
  for (const [name, build] of Object.entries(programs)) {
    const [few, many] = [seconds(build, 1000, 5), seconds(build, 10_000, 1)];
    figures[name] = few / 1000;
    figures[`${name}Growth`] = many / few;
  }
  answer(figures);
}
