import { define } from '../engine/define.js';
import { Cropping, type CroppingConstructor, croppingTable } from './cropping.js';

class Cropping2DClass extends Cropping {
  static override table(): ReturnType<typeof croppingTable> {
    return croppingTable(2, 0);
  }
}

/** Cuts borders off, of width 0 by default, along two spatial axes. */
export interface Cropping2D extends Cropping2DClass {}

/** Cuts borders off, of width 0 by default, along two spatial axes. */
export const Cropping2D: CroppingConstructor<Cropping2D> = /*#__PURE__*/ define('Cropping2D', Cropping2DClass, {
  module: 'keras.layers',
});
