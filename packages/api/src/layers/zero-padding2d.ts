import { define } from '../engine/define.js';
import { ZeroPadding, type ZeroPaddingConstructor, zeroPaddingTable } from './zero-padding.js';

class ZeroPadding2DClass extends ZeroPadding {
  static override table(): ReturnType<typeof zeroPaddingTable> {
    return zeroPaddingTable(2);
  }
}

/** Adds borders of zeros along two spatial axes. */
export interface ZeroPadding2D extends ZeroPadding2DClass {}

/** Adds borders of zeros along two spatial axes. */
export const ZeroPadding2D: ZeroPaddingConstructor<ZeroPadding2D> = /*#__PURE__*/ define(
  'ZeroPadding2D',
  ZeroPadding2DClass,
  {
    module: 'keras.layers',
  },
);
