/** The page in which other libraries train the last block of the same network, on the same batch, one step when asked. */
import { buildJaxStep } from './jax-network.js';
import { buildLayers, blockPaths } from './tfjs-network.js';

const steps = new Map();

/** What the bench calls; `globalThis.contenders` in the page. */
globalThis.contenders = {
  /** Makes a library ready on one of its backends, `cpu` or `wasm`. */
  async load(library, backend) {
    const weights = await readWeights();
    if (library === 'jax-js')
      steps.set(`${library} ${backend}`, await buildJaxStep(backend, weights, waves()));
    else {
      const { tf } = globalThis;
      tf.wasm.setWasmPaths(new URL('node_modules/@tensorflow/tfjs-backend-wasm/dist/', location.href).href);
      tf.wasm.setThreadsCount(1);
      await tf.setBackend(backend);
      await tf.ready();
      steps.set(`${library} ${backend}`, buildTfjsStep(tf, weights));
    }
  },

  /** One step: milliseconds and the loss before it. Throws what the library says where it cannot. */
  async step(library, backend) {
    if (library === 'TF.js') await globalThis.tf.setBackend(backend);
    const startedAt = performance.now();
    const loss = await steps.get(`${library} ${backend}`)();
    return { ms: performance.now() - startedAt, loss };
  },
};

/** A step of SGD over the last block and the head, everything below run anew; BatchNorm with stored statistics. */
function buildTfjsStep(tf, { epsilon, tensors }) {
  const frozen = buildLayers(tf, tensors, epsilon, blockPaths.slice(0, -1));
  const kernel = (name) =>
    tf.variable(tf.tensor4d(tensors[name].data, tensors[name].shape).transpose([2, 3, 1, 0]));
  const vector = (name) => tf.variable(tf.tensor1d(tensors[name].data));
  const layer = (conv, bn) => {
    const [w, gamma, beta] = [kernel(`${conv}.weight`), vector(`${bn}.weight`), vector(`${bn}.bias`)];
    const mean = tf.tensor1d(tensors[`${bn}.running_mean`].data);
    const spread = tf.tensor1d(
      tensors[`${bn}.running_var`].data.map((value) => 1 / Math.sqrt(value + epsilon)),
    );
    return (x) => tf.add(tf.mul(tf.sub(tf.conv2d(x, w, 1, 1), mean), tf.mul(gamma, spread)), beta);
  };
  const path = blockPaths.at(-1);
  const [first, second] = [1, 2].map((at) => layer(`${path}.conv${at}`, `${path}.bn${at}`));
  const head = tf.variable(
    tf.tensor2d(tensors['head.weight'].data, tensors['head.weight'].shape).transpose(),
  );
  const bias = vector('head.bias');
  const pixels = tf.tensor4d(waves(), [16, 3, 64, 64]).transpose([0, 2, 3, 1]);
  const labels = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: 16 }, (_, at) => at % 5),
      'int32',
    ),
    5,
  );
  const optimizer = tf.train.sgd(1e-4);
  return async () => {
    const loss = optimizer.minimize(() => {
      let x = frozen.stem(pixels);
      for (const run of frozen.blocks) x = run(x);
      const top = tf.relu(tf.add(second(tf.relu(first(x))), x));
      const logits = tf.add(tf.matMul(tf.mean(top, [1, 2]), head), bias);
      return tf.losses.softmaxCrossEntropy(labels, logits);
    }, true);
    const [value] = await loss.data();
    loss.dispose();
    return value;
  };
}

/** float32 [16, 3, 64, 64], as bench/training-page.js makes them. */
function waves() {
  return Float32Array.from({ length: 16 * 3 * 64 * 64 }, (_, i) => 1.5 * Math.sin(i * 0.37));
}

async function readWeights() {
  const { epsilon, tensors } = await (await fetch('../weights.json')).json();
  const buffer = await (await fetch('../weights.bin')).arrayBuffer();
  const named = tensors.map(({ name, shape, offset, length }) => [
    name,
    { shape, data: new Float32Array(buffer, offset, length) },
  ]);
  return { epsilon, tensors: Object.fromEntries(named) };
}
