import { describe, expect, it } from 'vitest';
import { fillIn } from './file-names.js';

const values = { epoch: 1, loss: 0.0586211, mae: 0.20291, acc: 123456.789, neg: -0.5 };

/** What Python's `str.format` gives for the values above. */
const expected = {
  '{mae:.3e}': '2.029e-01',
  '{epoch:>4}': '   1',
  '{epoch:4d}': '   1',
  '{loss:g}': '0.0586211',
  '{{x}}': '{x}',
  '{epoch:03d}-{loss:.2f}': '001-0.06',
  '{acc:g}': '123457',
  '{acc:.3g}': '1.23e+05',
  '{acc:E}': '1.234568E+05',
  '{neg:08.3f}': '-000.500',
  '{neg:<8.2f}|': '-0.50   |',
  '{neg:^9.1f}|': '  -0.5   |',
  '{epoch:*^5d}': '**1**',
  '{epoch:+d}': '+1',
  '{acc:.0f}': '123457',
  '{loss}': '0.0586211',
  '{loss:.3}': '0.0586',
  '{epoch:f}': '1.000000',
};

describe('file names', () => {
  it.each(Object.entries(expected))('%s', (template, text) => {
    expect(fillIn(template, values)).toBe(text);
  });

  it('have fields that exist and formats that are some', () => {
    expect(() => fillIn('{val_loss}', values)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => fillIn('{loss:x}', values)).toThrow(/bad format/);
  });
});
