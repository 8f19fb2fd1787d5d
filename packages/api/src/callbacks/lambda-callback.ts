/** A callback from functions; a plain object with the same hooks does as well. */

import { Callback, type CallbackLike } from './callback.js';

export type LambdaCallbackOptions = Omit<CallbackLike, 'setModel' | 'setParams' | 'wantsBatchEnd'>;

export interface LambdaCallback extends LambdaCallbackOptions {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the hooks are assigned in the constructor
export class LambdaCallback extends Callback {
  constructor(hooks: LambdaCallbackOptions) {
    super();
    Object.assign(this, hooks);
  }
}
