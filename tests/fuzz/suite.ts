import { afterAll, describe, expect, it } from 'vitest';
import { closeBackends } from './backends.js';
import { fuzz } from './fuzz.js';

/** Tests so many programs in blocks; a file is a share of the seeds, so that files run side by side. */
export function testPrograms(seed: number, programs: number): void {
  const block = 100;
  const blocks = Array.from({ length: programs / block }, (_, i) => seed + i * block);
  describe('random programs: the CPU is within the error bound of the evaluator, bit by bit however it runs', () => {
    it.each(blocks)('seeds from %i', async (start) => {
      const { failures, unknown, elements } = await fuzz({ seed: start, programs: block });
      expect(failures.join('\n\n')).toBe('');
      expect(unknown / elements).toBeLessThan(0.2);
    });
    afterAll(closeBackends);
  });
}
