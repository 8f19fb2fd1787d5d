export * from './backend.js';
export * from './dtype.js';
export * from './errors.js';
export * from './literal.js';
export * from './opset.js';
export * from './program.js';
export * from './tensor-type.js';
