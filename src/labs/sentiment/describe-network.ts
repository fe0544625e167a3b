/** Reads from a model file what the figure needs to know of its network. */
import { dequantizeWeights } from '../../engine/onnx/dequantize-weights.ts';
import { readModel } from '../../engine/onnx/reader.ts';
import { JUDGEMENTS } from '../../data/sentences/labelled.ts';
import { describeEncoder } from '../bert-lens/encoder.ts';
import type { TextNetwork } from './order.ts';

/** Describes the encoder in a file. Throws a RangeError for a file that holds none of the recipes' encoders. */
export function describeTextNetwork(file: Uint8Array<ArrayBuffer>): TextNetwork {
  const { layers, width } = describeEncoder(file, '', '');
  const { initializers } = dequantizeWeights(readModel(file)).graph;
  const weights = [...initializers.values()]
    .filter(
      ({ name, dtype }) => dtype === 'float32' && /^(embeddings|encoder)\.(.+\.)?(weight|bias)$/.test(name),
    )
    .map(({ name, dims }) => ({ name, size: dims.reduce((product, one) => product * one, 1) }));
  return { layers, weights, headSize: JUDGEMENTS.length * (width + 1) };
}
