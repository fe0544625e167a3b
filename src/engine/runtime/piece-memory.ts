/**
 * Keys and values of the pieces that a decoder has read, kept beside its session: what is read on costs a run of the new pieces alone, and
 * nothing of it leaves the worker. Which pieces they belong to is kept too, so that whoever asks need not know what is remembered.
 */
import type { PastInput } from '../onnx/edits/remember-keys.ts';
import type { InputTensors, NamedTensors } from './types.ts';

/** A run that goes on behind what is remembered. */
export interface Continuation {
  /** The inputs of the session: the pieces that are new, and what is remembered of those before. */
  inputs: InputTensors;
  /** Takes what the session gave for `values`; until then the new pieces are not remembered. */
  keep: (outputs: NamedTensors) => void;
}

export interface PieceMemory {
  /** The values that every run must return. */
  readonly values: readonly string[];
  /** The run of a text, int64 [1, T]: behind what is remembered of its beginning, at most `known` pieces and never all of them. */
  goOn: (inputs: InputTensors, known: number) => Continuation;
  /** Forgets everything. */
  clear: () => void;
}

/** An empty memory for a decoder whose pieces are `input`, of which it takes at most `longest`. */
export function createPieceMemory(input: string, longest: number, past: readonly PastInput[]): PieceMemory {
  let readIds = new BigInt64Array(0);
  // Made once: pieces lie one behind the other, so what a run takes is the beginning
  const held = new Map<string, Float32Array<ArrayBuffer>>();
  return {
    values: past.map(({ fresh }) => fresh),
    clear() {
      readIds = new BigInt64Array(0);
      held.clear();
    },
    goOn(inputs, known) {
      const ids = inputs[input].data as BigInt64Array<ArrayBuffer>;
      const count = Math.min(sharedLength(ids, readIds), known, ids.length - 1);
      readIds = ids.slice(0, count);
      const fresh = ids.slice(count);
      const before = past.map(({ name, width }) => {
        const data = held.get(name) ?? new Float32Array(longest * width);
        held.set(name, data);
        return [name, { dtype: 'float32', shape: [1, count, width], data: data.subarray(0, count * width) }];
      });
      return {
        inputs: {
          [input]: { dtype: 'int64', shape: [1, fresh.length], data: fresh },
          ...(Object.fromEntries(before) as NamedTensors),
        },
        keep(outputs) {
          for (const { name, fresh, width } of past) held.get(name)?.set(outputs[fresh].data, count * width);
          readIds = ids;
        },
      };
    },
  };
}

function sharedLength(a: BigInt64Array, b: BigInt64Array): number {
  const differs = a.findIndex((id, place) => b[place] !== id);
  return differs < 0 ? a.length : differs;
}
