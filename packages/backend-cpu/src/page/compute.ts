/** Entry of the worker that computes for a page. It loads nothing later: see docs/decisions/late-parts.md. */

import { lateParts } from '../late.js';
import type { Port } from './protocol.js';
import { serve } from './server.js';

serve(globalThis as unknown as Port, lateParts);
