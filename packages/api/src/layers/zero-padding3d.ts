import { define } from '../engine/define.js';
import { ZeroPadding, type ZeroPaddingConstructor, zeroPaddingTable } from './zero-padding.js';

class ZeroPadding3DClass extends ZeroPadding {
  static override table(): ReturnType<typeof zeroPaddingTable> {
    return zeroPaddingTable(3);
  }
}

/** Adds borders of zeros along three spatial axes. */
export interface ZeroPadding3D extends ZeroPadding3DClass {}

/** Adds borders of zeros along three spatial axes. */
export const ZeroPadding3D: ZeroPaddingConstructor<ZeroPadding3D> = /*#__PURE__*/ define(
  'ZeroPadding3D',
  ZeroPadding3DClass,
  {
    module: 'keras.layers',
  },
);
