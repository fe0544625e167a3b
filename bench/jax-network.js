/** The network in jax-js: a compiled step of SGD over the last block and the head. NCHW. */
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  valueAndGrad,
} from './node_modules/@jax-js/jax/dist/index.js';
import { blockPaths } from './tfjs-network.js';

/** A function that takes a step on this batch, float32 [16, 3, 64, 64], and resolves with the loss before it. */
export async function buildJaxStep(backend, { epsilon, tensors }, pixels) {
  await init(backend);
  defaultDevice(backend);
  const array = ({ shape, data }) => np.array(data).reshape(shape);
  const path = blockPaths.at(-1);
  const trained = [
    ...[1, 2].flatMap((at) => [`${path}.conv${at}.weight`, `${path}.bn${at}.weight`, `${path}.bn${at}.bias`]),
    ...['head.weight', 'head.bias'],
  ];
  const names = Object.keys(tensors).filter((name) => !trained.includes(name));
  const frozen = Object.fromEntries(names.map((name) => [name, array(tensors[name])]));
  let moving = Object.fromEntries(trained.map((name) => [name, array(tensors[name])]));
  const x = array({ shape: [16, 3, 64, 64], data: pixels });
  const labels = array({
    shape: [16, 5],
    data: Float32Array.from({ length: 80 }, (_, at) => (Math.floor(at / 5) % 5 === at % 5 ? 1 : 0)),
  });

  const lossOf = (moving, frozen, x, labels) => {
    const of = (name) => (moving[name] ?? frozen[name]).ref;
    const column = (value) => value.reshape([1, -1, 1, 1]);
    const conv = (x, name, bn, stride, pad) => {
      const y = lax.conv(
        x,
        of(`${name}.weight`),
        [stride, stride],
        [
          [pad, pad],
          [pad, pad],
        ],
      );
      const spread = of(`${bn}.weight`).div(np.sqrt(of(`${bn}.running_var`).add(epsilon)));
      return y
        .sub(column(of(`${bn}.running_mean`)))
        .mul(column(spread))
        .add(column(of(`${bn}.bias`)));
    };
    let y = nn.relu(conv(x, 'stem.conv', 'stem.bn', 2, 1));
    // zeros beside what is not negative change no maximum
    y = lax.reduceWindow(
      np.pad(y, [
        [0, 0],
        [0, 0],
        [1, 1],
        [1, 1],
      ]),
      np.max,
      [3, 3],
      [2, 2],
    );
    for (const path of blockPaths) {
      const hasProjection = `${path}.downsample.0.weight` in tensors;
      const stride = hasProjection ? 2 : 1;
      const skip = hasProjection
        ? conv(y.ref, `${path}.downsample.0`, `${path}.downsample.1`, stride, 0)
        : y.ref;
      y = conv(
        nn.relu(conv(y, `${path}.conv1`, `${path}.bn1`, stride, 1)),
        `${path}.conv2`,
        `${path}.bn2`,
        1,
        1,
      );
      y = nn.relu(y.add(skip));
    }
    const logits = np.matmul(np.mean(y, [2, 3]), of('head.weight').transpose()).add(of('head.bias'));
    return np.sum(nn.logSoftmax(logits).mul(labels)).mul(-1 / 16);
  };
  const both = jit(valueAndGrad(lossOf));
  return async () => {
    const old = moving;
    const refs = (group) =>
      Object.fromEntries(Object.entries(group).map(([name, value]) => [name, value.ref]));
    const [loss, gradients] = both(refs(old), refs(frozen), x.ref, labels.ref);
    moving = Object.fromEntries(trained.map((name) => [name, old[name].sub(gradients[name].mul(1e-4))]));
    await blockUntilReady(moving);
    return (await loss.data())[0];
  };
}
