import { type HostArray, inputTypes, outputTypes } from '@ceratops/kernel-registry';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { isDifferentiable } from '@ceratops/kernel-registry/tracing';
import { expect, it } from 'vitest';
import { PythonRandom } from '../random/python-random.js';
import { tangentProgram } from './tangent.js';
import { gradientCases } from './test-support/cases.js';

const step = 1e-5;

it.each(gradientCases)('the derivative of $name along a direction agrees with finite differences', (golden) => {
  const { program, inputs } = golden;
  const random = new PythonRandom(3);
  const data = inputs.map((input) => input.data);
  const wrt = inputTypes(program).flatMap((type, i) => (isDifferentiable(type) ? [i] : []));
  const of = outputTypes(program).flatMap((type, i) => (isDifferentiable(type) ? [i] : []));
  const directions = wrt.map((i) => (data[i] as Float64Array).map(() => random.uniform(-1, 1)));
  const tangents = evaluateProgram(tangentProgram(program, { wrt, of }), [...data, ...directions]).slice(
    program.outputs.length,
  );
  const moved = (distance: number): HostArray[] => {
    const there = data.map((array, i) => {
      const direction = directions[wrt.indexOf(i)];
      return direction === undefined ? array : (array as Float64Array).map((x, k) => x + distance * direction[k]!);
    });
    return evaluateProgram(program, there);
  };
  const [above, below] = [moved(step), moved(-step)];
  of.forEach((output, k) => {
    const tangent = tangents[k] as Float64Array;
    const [high, low] = [above[output] as Float64Array, below[output] as Float64Array];
    const expected = high.map((x, i) => (x - low[i]!) / (2 * step));
    const scale = Math.max(1, ...expected.map(Math.abs));
    const worst = Math.max(0, ...expected.map((x, i) => Math.abs(x - tangent[i]!)));
    expect(worst / scale, `${tangent} for ${expected}`).toBeLessThan(2e-8);
  });
});
