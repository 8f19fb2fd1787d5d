/** A callback from functions; a plain object with the same hooks does as well. */

import { type Defined, define } from '../engine/define.js';
import { Callback, type CallbackLike } from './callback.js';

export type LambdaCallbackOptions = Omit<CallbackLike, 'setModel' | 'setParams' | 'wantsBatchEnd'>;

// biome-ignore lint/correctness/noUnusedVariables: it gives the class its hooks
interface LambdaCallbackClass extends LambdaCallbackOptions {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the hooks are assigned in the constructor
class LambdaCallbackClass extends Callback {
  constructor(hooks: LambdaCallbackOptions) {
    super();
    Object.assign(this, hooks);
  }
}

export interface LambdaCallback extends LambdaCallbackClass {}

export const LambdaCallback: Defined<typeof LambdaCallbackClass> = /*#__PURE__*/ define(
  'LambdaCallback',
  LambdaCallbackClass,
  {
    module: 'keras.callbacks',
  },
);
