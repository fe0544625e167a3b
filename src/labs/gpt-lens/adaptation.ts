/**
 * Ways to adapt a decoder to a task, and how many weights each of them moves. A decoder's head can already name any answer, so the first ways
 * leave every weight: the task is written as text, or as vectors in front of it (Lester et al. 2021).
 */
import { countAdaptation } from '../bert-lens/adaptation.ts';
import type { DecoderDescription } from './decoder.ts';

export const decoderWays = ['prompt', 'soft', 'head', 'bias', 'lora', 'last', 'all'] as const;

export type DecoderWay = (typeof decoderWays)[number];

/** How much of a way. */
export interface DecoderAmounts {
  /** Vectors in front of the text. */
  soft: number;
  /** LoRA's rank. */
  lora: number;
  /** Classes of a new head on the last piece. */
  classes: number;
}

/** What a way does. */
export interface CountedWay {
  way: DecoderWay;
  /** All that move, new ones included. */
  moving: number;
  /** New ones beside the file's. */
  added: number;
  /** Whether the answer is written by the network's own head; otherwise a new one reads the last piece's state. */
  writes: boolean;
}

/** Every way with its count, from the file. */
export function countWays(
  decoder: DecoderDescription,
  { soft, lora, classes }: DecoderAmounts,
): CountedWay[] {
  const amounts = { last: 1, adapters: 0, lora };
  return decoderWays.map((way) => {
    if (way === 'prompt') return { way, moving: 0, added: 0, writes: true };
    if (way === 'soft')
      return { way, moving: soft * decoder.width, added: soft * decoder.width, writes: true };
    if (way === 'head') {
      const added = classes * (decoder.width + 1);
      return { way, moving: added, added, writes: false };
    }
    const { moving, added } = countAdaptation(decoder, way, amounts);
    return { way, moving, added, writes: true };
  });
}
