/** Entry of the worker that computes for a page. */

import type { Port } from './protocol.js';
import { serve } from './server.js';

serve(globalThis as unknown as Port);
