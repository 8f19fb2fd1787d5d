import { define } from '../engine/define.js';
import type { Layer, LayerOptions } from '../engine/layer.js';
import { WrapperClass } from './wrapper-base.js';

export interface WrapperOptions extends LayerOptions {}

/** A layer around another one; for subclasses. */
export interface Wrapper extends WrapperClass {}

export interface WrapperConstructor {
  /** A layer around another one; for subclasses. */
  new (layer: Layer<never, unknown>, options?: WrapperOptions): Wrapper;
  /** A layer around another one; for subclasses. */
  (layer: Layer<never, unknown>, options?: WrapperOptions): Wrapper;
  readonly prototype: Wrapper;
}

export const Wrapper: WrapperConstructor = /*#__PURE__*/ define('Wrapper', WrapperClass, { module: 'keras.layers' });
