import { define } from '../engine/define.js';
import type { AnyTable } from '../engine/table.js';
import { Cropping, type CroppingConstructor, croppingTable } from './cropping.js';

class Cropping1DClass extends Cropping {
  static override table(): AnyTable {
    const { cropping } = croppingTable(1, 1);
    return { cropping };
  }
}

/** Cuts borders off, of width 1 by default, along one spatial axis. */
export interface Cropping1D extends Cropping1DClass {}

/** Cuts borders off, of width 1 by default, along one spatial axis. */
export const Cropping1D: CroppingConstructor<Cropping1D> = /*#__PURE__*/ define('Cropping1D', Cropping1DClass, {
  module: 'keras.layers',
});
