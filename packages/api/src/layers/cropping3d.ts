import { define } from '../engine/define.js';
import { Cropping, type CroppingConstructor, croppingTable } from './cropping.js';

class Cropping3DClass extends Cropping {
  static override table(): ReturnType<typeof croppingTable> {
    return croppingTable(3, 1);
  }
}

/** Cuts borders off, of width 1 by default, along three spatial axes. */
export interface Cropping3D extends Cropping3DClass {}

/** Cuts borders off, of width 1 by default, along three spatial axes. */
export const Cropping3D: CroppingConstructor<Cropping3D> = /*#__PURE__*/ define('Cropping3D', Cropping3DClass, {
  module: 'keras.layers',
});
