/** Sizes, weights, MACs and receptive fields of convolutional networks and of BERT, from their definitions. */

/** A convolution or pooling: filter side, stride and padding in cells. */
export interface Window {
  filter: number;
  stride: number;
  padding: number;
}

/** Side of the output of a window that slides over a side of `cells`. */
export function outputSide(cells: number, { filter, stride, padding }: Window): number {
  return Math.floor((cells + 2 * padding - filter) / stride) + 1;
}

/** Weights of a convolution; a linear layer is a filter of side 1. */
export function convolutionWeights(filter: number, inputs: number, outputs: number, hasBias = true): number {
  return filter ** 2 * inputs * outputs + (hasBias ? outputs : 0);
}

/** Side of the receptive field in pixels after a chain of windows. */
export function receptiveField(windows: readonly Pick<Window, 'filter' | 'stride'>[]): number {
  let [field, step] = [1, 1];
  for (const { filter, stride } of windows) {
    field += (filter - 1) * step;
    step *= stride;
  }
  return field;
}

/** One row of the table of VGG-16: a stage of convolutions or a linear layer. */
export interface Row {
  weights: number;
  macs: number;
}

/** VGG-16 (configuration D of Simonyan and Zisserman) for 224 pixels and 1,000 classes: five stages, three linear layers. */
export function countVgg16(): Row[] {
  const rows: Row[] = [];
  let [channels, side] = [3, 224];
  for (const [outputs, convolutions] of vggStages) {
    const row: Row = { weights: 0, macs: 0 };
    for (let layer = 0; layer < convolutions; layer++) {
      row.weights += convolutionWeights(3, channels, outputs);
      row.macs += convolutionWeights(3, channels, outputs, false) * side ** 2;
      channels = outputs;
    }
    rows.push(row);
    side = outputSide(side, { filter: 2, stride: 2, padding: 0 });
  }
  let features = channels * side ** 2;
  for (const outputs of [4096, 4096, 1000]) {
    rows.push({ weights: (features + 1) * outputs, macs: features * outputs });
    features = outputs;
  }
  return rows;
}

/** Windows of VGG-16 up to its last pooling. */
export function vgg16Windows(): Window[] {
  return vggStages.flatMap(([, convolutions]) => [
    ...Array.from({ length: convolutions }, () => ({ filter: 3, stride: 1, padding: 1 })),
    { filter: 2, stride: 2, padding: 0 },
  ]);
}

/** Channels and number of convolutions of each stage. */
const vggStages: readonly (readonly [channels: number, convolutions: number])[] = [
  [64, 2],
  [128, 2],
  [256, 3],
  [512, 3],
  [512, 3],
];

/** A residual network of He and others for 224 pixels and 1,000 classes: basic blocks, or bottlenecks four times as wide. */
export function countResnet(blocks: readonly number[], isBottleneck: boolean): Row & { field: number } {
  const total: Row = { weights: 0, macs: 0 };
  const chain: Window[] = [
    { filter: 7, stride: 2, padding: 3 },
    { filter: 3, stride: 2, padding: 1 },
  ];
  const add = (window: Window, side: number, inputs: number, outputs: number): number => {
    const after = outputSide(side, window);
    // BatchNorm with a scale and a shift per channel follows; there is no bias
    total.weights += convolutionWeights(window.filter, inputs, outputs, false) + 2 * outputs;
    total.macs += convolutionWeights(window.filter, inputs, outputs, false) * after ** 2;
    return after;
  };
  const one = { filter: 1, stride: 1, padding: 0 };
  let side = outputSide(add(chain[0] ?? one, 224, 3, 64), chain[1] ?? one);
  let channels = 64;
  blocks.forEach((count, stage) => {
    const inner = 64 * 2 ** stage;
    const outputs = isBottleneck ? 4 * inner : inner;
    for (let block = 0; block < count; block++) {
      const three = { filter: 3, stride: stage > 0 && block === 0 ? 2 : 1, padding: 1 };
      const layers: [Window, number, number][] = isBottleneck
        ? [
            [one, channels, inner],
            [three, inner, inner],
            [one, inner, outputs],
          ]
        : [
            [three, channels, inner],
            [{ ...three, stride: 1 }, inner, inner],
          ];
      const entry = side;
      for (const [window, inputs, width] of layers) {
        side = add(window, side, inputs, width);
        chain.push(window);
      }
      if (three.stride > 1 || channels !== outputs)
        add({ ...one, stride: three.stride }, entry, channels, outputs);
      channels = outputs;
    }
  });
  total.weights += (channels + 1) * 1000;
  total.macs += channels * 1000;
  return { ...total, field: receptiveField(chain) };
}

/** Parts of BERT-base (Devlin and others), weights each. */
export function countBertBase(): { embeddings: number; norm: number; block: BertBlock; pooler: number } {
  const [vocabulary, places, types, hidden, inner] = [30_522, 512, 2, 768, 3072];
  return {
    embeddings: (vocabulary + places + types) * hidden,
    norm: 2 * hidden,
    block: {
      attention: 4 * (hidden + 1) * hidden,
      linear: (hidden + 1) * inner + (inner + 1) * hidden,
      norms: 4 * hidden,
    },
    pooler: (hidden + 1) * hidden,
  };
}

/** Weights of one block of BERT. */
export interface BertBlock {
  attention: number;
  linear: number;
  norms: number;
}

/** Attention (Vaswani and others) of float rows [tokens, features], causal or not: weights [T, T] and outputs [T, features]. */
export function attend(
  queries: number[][],
  keys: number[][],
  values: number[][],
  isCausal: boolean,
): { weights: number[][]; outputs: number[][] } {
  const weights = queries.map((query, place) => {
    const scores = keys.map((key) => dot(query, key) / Math.sqrt(query.length));
    const powers = scores.map((score, other) => (isCausal && other > place ? 0 : Math.exp(score)));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / sum);
  });
  const outputs = weights.map((row) =>
    (values[0] ?? []).map((_, feature) =>
      dot(
        row,
        values.map((value) => value[feature] ?? 0),
      ),
    ),
  );
  return { weights, outputs };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
