/**
 * The network `resnet-mixed` in TensorFlow.js, from the same weights: the fastest form that its WASM backend offers,
 * with BatchNorm folded into the convolutions and fused kernels for convolution, bias and ReLU. Runs in a page; NHWC.
 */

/** The blocks of the network, lowest first. */
export const blockPaths = [1, 2, 3, 4].flatMap((stage) => [`layer${stage}.0`, `layer${stage}.1`]);

/**
 * @param tf TensorFlow.js with its WASM backend chosen
 * @param {Record<string, { shape: number[], data: Float32Array }>} weights by their PyTorch names, convolutions as [out, in, h, w]
 * @param {number} epsilon that of every BatchNorm
 * @returns {(pixels: Float32Array) => Float32Array} from float32 [64, 64, 3] to float32 [classes]
 */
export function buildNetwork(tf, weights, epsilon) {
  const { stem, blocks } = buildLayers(tf, weights, epsilon);
  const head = tf.tensor2d(weights['head.weight'].data, weights['head.weight'].shape).transpose();
  const bias = tf.tensor1d(weights['head.bias'].data);
  return (pixels) => {
    const logits = tf.tidy(() => {
      let x = stem(tf.tensor4d(pixels, [1, 64, 64, 3]));
      for (const run of blocks) x = run(x);
      return tf.fused.matMul({ a: tf.mean(x, [1, 2]), b: head, bias });
    });
    const answer = logits.dataSync();
    logits.dispose();
    return answer;
  };
}

/** The stem and the blocks, each as a function of float32 [N, h, w, c]. */
export function buildLayers(tf, weights, epsilon, paths = blockPaths) {
  const conv = (name, bn, stride, pad, activation) => {
    const { filter, bias } = foldBatchNorm(tf, weights, name, bn, epsilon);
    return (x) => tf.fused.conv2d({ x, filter, bias, strides: stride, pad, activation });
  };
  const block = (path) => {
    const hasProjection = `${path}.downsample.0.weight` in weights;
    // stages begin with a projection where they halve the picture; the first has none
    const stride = hasProjection ? 2 : 1;
    const first = conv(`${path}.conv1`, `${path}.bn1`, stride, 1, 'relu');
    const second = conv(`${path}.conv2`, `${path}.bn2`, 1, 1, 'linear');
    const project = hasProjection
      ? conv(`${path}.downsample.0`, `${path}.downsample.1`, stride, 0, 'linear')
      : (x) => x;
    return (x) => tf.relu(tf.add(second(first(x)), project(x)));
  };
  const stem = conv('stem.conv', 'stem.bn', 2, 1, 'relu');
  return { stem: (x) => tf.maxPool(stem(x), 3, 2, 1), blocks: paths.map(block) };
}

/** Convolution and BatchNorm as one convolution with a bias: W·a and β − μ·a, a = γ/√(σ²+ε). */
function foldBatchNorm(tf, weights, name, bn, epsilon) {
  const { shape, data } = weights[`${name}.weight`];
  const [out, ...rest] = shape;
  const each = rest.reduce((product, extent) => product * extent, 1);
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => weights[`${bn}.${part}`].data,
  );
  const scale = gamma.map((value, c) => value / Math.sqrt(variance[c] + epsilon));
  const folded = data.map((value, index) => value * scale[Math.floor(index / each)]);
  return {
    filter: tf.tensor4d(folded, [out, ...rest]).transpose([2, 3, 1, 0]),
    bias: tf.tensor1d(beta.map((value, c) => value - mean[c] * scale[c])),
  };
}
