// @ts-check
/** What docs/benchmarks/README.md says around the tables. */

export const preface = `# Benchmarks

\`npm run bench\` measures these tables and writes them here, and into [results.json](results.json) with every spread. Contestants are
processes that take turns in one run, so that they meet the same conditions: compare what stands in one row, nothing else.

- Where a cell has two figures, they are for one thread and for all threads; where Ceratops has one, for what a user gets. JAX, TensorFlow
  and Keras use all. Figures are medians.
- "× the best peer" says how many times as long as the best peer Ceratops takes, each on as many threads as it likes, by medians and, in
  parentheses, by best samples; below 1 Ceratops is faster.
- A bar against peers holds for medians and for best samples; what was reached stands in parentheses.
- Peers run as well as they can: ONNX Runtime gets its arrays as constants, so that it lays factors out in advance and copies nothing at
  a call; onnxruntime-node is native code; jax-js gets worker threads, which it does not find in Node by itself; TensorFlow.js has
  one thread in Node. Kernels of all contestants are checked to compute the same numbers.

Python is looked for in the variables \`CERATOPS_PYTHON\` and \`CERATOPS_PYTHON_TF\`, then in \`.venv\`; a Keras that is not there is
left out. JavaScript peers are installed in \`tools/bench\` when it runs. \`npm run bench -- --only products,eager\` picks groups and
writes nothing, \`--rounds 9\` takes more samples.
`;

/** @type {Record<string, { title: string, text: string }>} By group. */
export const sections = {
  training: {
    title: 'Training',
    text: 'The same models and data in each library, with Adam. Digits is the model of the README.',
  },
  inference: {
    title: 'Inference',
    text: 'Batches of the same models, with the same weights; data goes in and comes out at each call.',
  },
  eager: { title: 'Eager code', text: 'What an op costs on the host.' },
  products: {
    title: 'Matrix products',
    text: 'float32. NT: the second factor is stored transposed; TN: the first.',
  },
  convolutions: { title: 'Convolutions', text: 'float32, batch 1 where nothing is said.' },
  elementwise: {
    title: 'Elementwise and reductions',
    text: 'float32. Bytes read and written per second; the copy is what `memory.copy` of WebAssembly moves.',
  },
  compile: {
    title: 'Compilation',
    text: 'What the compiler takes, once for each program, and how that grows with the number of ops.',
  },
  memory: {
    title: 'Memory',
    text: 'The most bytes that ever live on the device, against those of the first step and a budget.',
  },
  bundle: { title: 'Bundle', text: "What a page with the README's program loads, gzipped." },
};
