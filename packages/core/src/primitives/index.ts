/** `@ceratops/core/primitives`: one function per op of the opset, strict: equal dtypes and shapes, no broadcasting. */
export * from './contraction.js';
export * from './control.js';
export * from './elementwise.js';
export * from './movement.js';
export * from './numeric.js';
export * from './structure.js';
