import { expect, it } from 'vitest';
import { onDevices } from '../test-support/devices.js';
import { Mean } from './index.js';

onDevices('addVariable', () => {
  it('takes a name and a shape', () => {
    const metric = Mean();
    expect(metric.addVariable('extra', [2]).shape).toEqual([2]);
    const wrong = { name: 'extra', shape: [2] };
    expect(() => metric.addVariable(wrong as never, undefined as never)).toThrow(/addVariable\(name, shape\)/);
  });
});
