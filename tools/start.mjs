// @ts-check
/** `npm start`: the main job on a fresh clone. Arguments after `--` go to the example. */

import { build, install, run } from './workspace.mjs';

install();
build();
run('node', ['examples/digits/dist/main.js', ...process.argv.slice(2)]);
