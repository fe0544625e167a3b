/** A decoder as its own file describes it: sizes, and how many weights stand where. */
import { describeTransformer, type EncoderDescription, type EncoderPart } from '../bert-lens/encoder.ts';

/** What the lens knows of a decoder before any text. Its head is the table of the embeddings turned over: it has no weights of its own. */
export interface DecoderDescription extends Omit<EncoderDescription, 'parts'> {
  /** `embeddings`, `layer.0` …, `norm`. */
  parts: Omit<EncoderPart, 'tensors'>[];
}

/** The value that holds the attention of a layer, float32 [N, heads, T, P + T]: the T new pieces look at all. */
export function attentionName(layer: number): string {
  return `decoder.layer.${layer}.attention.probabilities`;
}

/** Describes the decoder in a model file. Throws a RangeError for a file that holds none of the recipes' decoders. */
export function describeDecoder(
  file: Uint8Array<ArrayBuffer>,
  id: string,
  title: string,
): DecoderDescription {
  const last = { id: 'norm', prefix: 'decoder.norm.' };
  const { parts, ...facts } = describeTransformer(file, { id, title, stack: 'decoder', last });
  return { ...facts, parts: parts.map(({ tensors: _, ...part }) => part) };
}
