import { dtypes } from '../dtype.js';
import { outputTypes } from '../program.js';
import { sizeOf } from '../tensor-type.js';
import { LocalDevice } from './local-device.js';

/**
 * The null device: negotiates, validates, compiles and keeps every account, but computes nothing; all it ever reads
 * back from a program is zeros. It has no synchronous read, so that nothing comes to rely on one.
 */
export function nullBackend(): LocalDevice {
  return new LocalDevice({
    name: 'null',
    synchronousReads: false,
    run: (program) =>
      outputTypes(program).map(({ dtype, shape }) => {
        const { host, hostElements } = dtypes[dtype];
        return new host(sizeOf(shape) * hostElements);
      }),
  });
}
