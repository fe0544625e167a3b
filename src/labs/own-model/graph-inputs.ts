/** What a network wants to be given, and tensors made for it: from a picture, from tokens, or from a seeded generator. */
import type { SeededRandom } from '../../data/seeded-random.ts';
import { ThawError } from '../../engine/errors.ts';
import type { Dim, Graph } from '../../engine/onnx/types.ts';

/** Ways to fill an input. */
export const fills = ['picture', 'ids', 'mask', 'segments', 'positions', 'random', 'ones', 'zeros'] as const;
export type Fill = (typeof fills)[number];

/** One input of a network, as its file declares it. */
export interface GraphInput {
  name: string;
  dtype: string;
  /** A size, or the name of one that the caller chooses. Empty for a single number. */
  dims: Dim[];
  /** What it seems to be for. */
  guess: Fill;
  /** Ways to fill it that its type and shape allow. */
  fills: Fill[];
  /** Sizes to begin with. */
  shape: number[];
  /** Whether channels seem to stand behind height and width. */
  isChannelsLast: boolean;
  /** Random whole numbers stay below this: rows of the table that is looked up. */
  below: number;
}

/** Tokens that a text without a length of its own gets at first. */
const usualLength = 16;
const usualSide = 224;
/** More elements are refused: 256 million bytes of float32. */
const mostElements = 64e6;

const integers = new Set(['int64', 'int32', 'int16', 'int8', 'uint8', 'uint16', 'uint32', 'uint64']);
const floats = new Set(['float32', 'float16', 'float64']);

/** The inputs that a run must be given. Throws a ThawError 'bad-model' where one is no tensor. */
export function findInputs(graph: Graph): GraphInput[] {
  return graph.inputs
    .filter(({ name }) => !graph.initializers.has(name))
    .map(({ name, dtype, dims, container }): GraphInput => {
      if (container || dtype === undefined || !(integers.has(dtype) || floats.has(dtype) || dtype === 'bool'))
        return { ...unusable, name, dtype: dtype ?? container?.kind ?? '?', dims: [...(dims ?? [])] };
      const sizes = [...(dims ?? [])];
      const isChannelsLast = sizes.length === 4 && isDepth(sizes[3]) && !isDepth(sizes[1]);
      const possible = fillsOf(dtype, sizes);
      return {
        name,
        dtype,
        dims: sizes,
        fills: possible,
        guess: guessFill(name, possible),
        shape: sizes.map((size, axis) => firstSize(size, axis, sizes.length)),
        isChannelsLast,
        below: rowsRead(graph, name),
      };
    });
}

const unusable: Omit<GraphInput, 'name' | 'dtype' | 'dims'> = {
  guess: 'zeros',
  fills: [],
  shape: [],
  isChannelsLast: false,
  below: 2,
};

const isDepth = (size: Dim | undefined): boolean => size === 1 || size === 3;

function fillsOf(dtype: string, dims: readonly Dim[]): Fill[] {
  const numbers: Fill[] = ['random', 'ones', 'zeros'];
  if (dims.length === 4 || dims.length === 3) {
    const depth = dims.length === 4 ? [dims[1], dims[3]] : [dims[0], dims[2]];
    if (dtype !== 'bool' && depth.some((size) => isDepth(size) || typeof size === 'string'))
      numbers.unshift('picture');
  }
  if (dims.length <= 2 && dims.length > 0) numbers.unshift('ids', 'mask', 'segments', 'positions');
  return numbers;
}

/** By the names that exporters give; pictures wait until the reader chooses one. */
function guessFill(name: string, possible: readonly Fill[]): Fill {
  const guesses: [RegExp, Fill][] = [
    [/mask/i, 'ones'],
    [/token_?type|segment/i, 'zeros'],
    [/position/i, 'positions'],
  ];
  const guess = guesses.find(([pattern, fill]) => pattern.test(name) && possible.includes(fill))?.[1];
  return guess ?? 'random';
}

function firstSize(size: Dim, axis: number, rank: number): number {
  if (typeof size === 'number') return size;
  if (axis === 0 || /batch/i.test(size)) return 1;
  if (rank === 4) return usualSide;
  return rank <= 2 ? usualLength : 1;
}

/** The rows of the table that a Gather looks this input up in; 2 where there is none, so that classes and masks are sound. */
function rowsRead(graph: Graph, name: string): number {
  const reader = graph.nodes.find(({ opType, inputs }) => opType === 'Gather' && inputs[1] === name);
  const table = reader && graph.initializers.get(reader.inputs[0]);
  return table?.dims[0] ?? 2;
}

/** The sizes in a text such as `1×3×224×224`. Throws a ThawError 'bad-input' naming what does not fit the input. */
export function parseShape(text: string, { name, dims }: Pick<GraphInput, 'name' | 'dims'>): number[] {
  const parts = text.trim() === '' ? [] : text.trim().split(/\s*[×x*,\s]\s*/i);
  const shape = parts.map((part) => (/^\d{1,7}$/.test(part) ? Number(part) : NaN));
  const say = dims.map((size) => (size === '?' ? 'any' : String(size))).join('×') || 'a single number';
  const isWrong =
    shape.length !== dims.length ||
    shape.some((size, axis) => !(size > 0) || (typeof dims[axis] === 'number' && dims[axis] !== size));
  if (isWrong) throw badInput(`“${name}” takes ${say}, and “${text.trim()}” is no such shape.`);
  if (countOf(shape) > mostElements)
    throw badInput(`“${name}” would have ${countOf(shape).toLocaleString('en-GB')} elements.`);
  return shape;
}

const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

function badInput(message: string): ThawError {
  return new ThawError({ code: 'bad-input', message, advice: 'Change the shape of this input.' });
}

/** Elements for an input that nobody chose by hand: of normal distribution, or whole numbers from 0 up to `below`. */
export function fillNumbers(
  fill: 'random' | 'ones' | 'zeros' | 'positions',
  { dtype, below }: Pick<GraphInput, 'dtype' | 'below'>,
  shape: readonly number[],
  random: SeededRandom,
): Float64Array {
  const numbers = new Float64Array(countOf(shape));
  const length = shape.at(-1) ?? 1;
  if (fill === 'ones') return numbers.fill(1);
  if (fill === 'zeros') return numbers;
  if (fill === 'positions') return numbers.map((_, index) => index % length);
  if (dtype === 'uint8') return numbers.map(() => random.below(256));
  if (integers.has(dtype) || dtype === 'bool') return numbers.map(() => random.below(below));
  return numbers.map(() => random.normal());
}
