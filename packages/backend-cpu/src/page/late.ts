/**
 * What a page that computes by itself loads late. It names the server as well, so that bundlers which split chunks by entry
 * keep the files that both use with the rest of the server; see docs/decisions/late-parts.md.
 */

export { lateParts } from '../late.js';
export { serve } from './server.js';
