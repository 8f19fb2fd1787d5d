import { define } from '../engine/define.js';
import { ZeroPadding, type ZeroPaddingConstructor, zeroPaddingTable } from './zero-padding.js';

class ZeroPadding1DClass extends ZeroPadding {
  static override table(): ReturnType<typeof zeroPaddingTable> {
    return zeroPaddingTable(1);
  }
}

/** Adds borders of zeros along one spatial axis. */
export interface ZeroPadding1D extends ZeroPadding1DClass {}

/** Adds borders of zeros along one spatial axis. */
export const ZeroPadding1D: ZeroPaddingConstructor<ZeroPadding1D> = /*#__PURE__*/ define(
  'ZeroPadding1D',
  ZeroPadding1DClass,
  {
    module: 'keras.layers',
  },
);
