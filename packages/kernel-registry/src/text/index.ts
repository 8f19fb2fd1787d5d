/** `@ceratops/kernel-registry/text`: programs as StableHLO text, both ways. */

export { type ParseOptions, parseStableHLO } from './parse.js';
export { printStableHLO } from './print.js';
