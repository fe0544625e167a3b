/** A network, a gallery and a frame small enough to check by hand. */
import { packStack, type LensFrame } from '../../../src/figures/resnet-lens/frame.ts';
import type { Gallery } from '../../../src/figures/resnet-lens/run-state.ts';
import type { NetworkDescription } from '../../../src/labs/network-description.ts';
import type { ActivationStack } from '../../../src/labs/activations.ts';

/** Stem, one residual block, pool and head: 4 + 30 + 0 + 9 weights. */
export const network: NetworkDescription = {
  id: 'tiny',
  title: 'Tiny',
  inputShape: [3, 8, 8],
  classes: 3,
  parameters: 43,
  macs: 500,
  blocks: [
    {
      id: 'stem',
      kind: 'stem',
      output: 'stem.relu',
      shape: [2, 4, 4],
      parameters: 4,
      macs: 100,
      receptiveField: 3,
      fieldStep: 1,
      fieldStart: 0,
      tensors: [
        { name: 'stem.conv', op: 'Conv', kernel: 3, stride: 2, shape: [2, 4, 4], parameters: 4, macs: 100 },
        { name: 'stem.relu', op: 'Relu', shape: [2, 4, 4], parameters: 0, macs: 0 },
      ],
    },
    {
      id: '1.1',
      kind: 'residual',
      output: 'layer1.0.relu2',
      shape: [60, 2, 2],
      parameters: 30,
      macs: 391,
      receptiveField: 7,
      fieldStep: 1,
      fieldStart: 0,
      tensors: [
        {
          name: 'layer1.0.conv1',
          op: 'Conv',
          kernel: 3,
          stride: 1,
          shape: [60, 2, 2],
          parameters: 28,
          macs: 391,
        },
        { name: 'layer1.0.bn1', op: 'BatchNormalization', shape: [60, 2, 2], parameters: 2, macs: 0 },
        { name: 'layer1.0.add', op: 'Add', shape: [60, 2, 2], parameters: 0, macs: 0 },
        { name: 'layer1.0.relu2', op: 'Relu', shape: [60, 2, 2], parameters: 0, macs: 0 },
      ],
    },
    {
      id: 'pool',
      kind: 'pool',
      output: 'flatten',
      shape: [60],
      parameters: 0,
      macs: 0,
      receptiveField: 20,
      fieldStep: 1,
      fieldStart: 0,
      tensors: [{ name: 'pool', op: 'GlobalAveragePool', shape: [60, 1, 1], parameters: 0, macs: 0 }],
    },
    {
      id: 'head',
      kind: 'head',
      output: 'logits',
      shape: [3],
      parameters: 9,
      macs: 9,
      receptiveField: 20,
      fieldStep: 1,
      fieldStart: 0,
      tensors: [{ name: 'head', op: 'Gemm', shape: [3], parameters: 9, macs: 9 }],
    },
  ],
  training: {
    'feature-extractor': { blocks: ['head'], parameters: 9 },
    'fine-tuning': { blocks: ['stem', '1.1', 'head'], parameters: 43 },
    'from-scratch': { blocks: ['stem', '1.1', 'head'], parameters: 43 },
  },
};

export const gallery: Gallery = {
  sheet: '/sprites/gallery.webp',
  preview: '/sprites/gallery-preview.webp',
  columns: 32,
  pictures: [
    { concept: 'fox', style: 'flat' },
    { concept: 'hot-beverage', style: 'noto' },
  ],
};

/** Values 0, 1, 2 … modulo 7: every channel differs and some values are zero. */
export function makeStack(channels: number, height: number, width: number): ActivationStack {
  const data = Float32Array.from({ length: channels * height * width }, (_, i) => (i * 3) % 7);
  return { channels, height, width, data };
}

export const frame: LensFrame = {
  madeBy: 'a test',
  weights: '0'.repeat(64),
  network,
  picture: { concept: 'fox', style: 'flat' },
  top: [
    { name: 'fox', probability: 0.9 },
    { name: 'owl', probability: 0.1 },
  ],
  open: { block: '1.1', stack: packStack(makeStack(60, 2, 2)) },
  faces: { stem: packStack(makeStack(1, 4, 4)) },
};
