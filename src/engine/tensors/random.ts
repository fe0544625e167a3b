/**
 * PyTorch's random numbers on the CPU: the Mersenne Twister MT19937 (Matsumoto and Nishimura 1998) and the ways in which
 * `rand`, `randn`, `randint` and `randperm` draw from it, so that one seed gives the same numbers here and there.
 */
import { float32, float64, int64, type DType } from './dtype.ts';
import { runtimeError } from './python-error.ts';
import { Tensor, allocate, checkCount, countOf, tensorOf } from './tensor.ts';

const size = 624;

/** A generator with PyTorch's state: the twister, and the second of two normal numbers kept for the next draw. */
export class Generator {
  #state = new Uint32Array(size);
  #at = size;
  #kept: number | undefined;

  constructor(seed: number) {
    this.seed(seed);
  }

  /** Begins again from a seed. */
  seed(seed: number): void {
    this.#state[0] = seed >>> 0;
    for (let at = 1; at < size; at++) {
      const last = this.#state[at - 1] ^ (this.#state[at - 1] >>> 30);
      this.#state[at] = Math.imul(1812433253, last) + at;
    }
    this.#at = size;
    this.#kept = undefined;
  }

  /** 32 random bits. */
  next(): number {
    if (this.#at === size) this.#twist();
    let bits = this.#state[this.#at++];
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }

  /** From 0 to 1 with the 24 bits of a float32, or the 53 of a float64. */
  uniform(dtype: DType): number {
    if (dtype !== float64) return (this.next() & 0xffffff) / 2 ** 24;
    const high = BigInt(this.next());
    return Number(((high << 32n) | BigInt(this.next())) & ((1n << 53n) - 1n)) / 2 ** 53;
  }

  /** A normal number by Box and Muller, which make two at a time. */
  normal(): number {
    if (this.#kept !== undefined) {
      const value = this.#kept;
      this.#kept = undefined;
      return value;
    }
    const [angle, far] = [this.uniform(float64), this.uniform(float64)];
    const radius = Math.sqrt(-2 * Math.log1p(-far));
    this.#kept = radius * Math.sin(2 * Math.PI * angle);
    return radius * Math.cos(2 * Math.PI * angle);
  }

  #twist(): void {
    const state = this.#state;
    for (let at = 0; at < size; at++) {
      const joined = (state[at] & 0x80000000) | (state[(at + 1) % size] & 0x7fffffff);
      state[at] = state[(at + 397) % size] ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }
}

/** Numbers from 0 to 1. */
export function rand(shape: readonly number[], generator: Generator, dtype: DType = float32): Tensor {
  return draw(shape, dtype, () => generator.uniform(dtype));
}

/** Numbers between two bounds, in the arithmetic of float32. */
export function uniform(shape: readonly number[], from: number, to: number, generator: Generator): Tensor {
  const [low, width] = [Math.fround(from), Math.fround(Math.fround(to) - Math.fround(from))];
  return draw(shape, float32, () => Math.fround(generator.uniform(float32) * width) + low);
}

function draw(shape: readonly number[], dtype: DType, next: () => number): Tensor {
  const memory = allocate(countOf(shape));
  for (let at = 0; at < memory.data.length; at++) memory.data[at] = dtype.round(next());
  return new Tensor(memory, dtype, shape);
}

/** PyTorch fills 16 places at a time from this length on. */
const block = 16;

/** Normal numbers of mean 0 and deviation 1. */
export function randn(shape: readonly number[], generator: Generator, dtype: DType = float32): Tensor {
  const result = draw(shape, dtype, () => 0);
  const { data } = result.memory;
  if (data.length < block) {
    for (let at = 0; at < data.length; at++) data[at] = dtype.round(generator.normal());
    return result;
  }
  for (let at = 0; at < data.length; at++) data[at] = generator.uniform(dtype);
  for (let at = 0; at + block <= data.length; at += block) boxMuller(data, at, dtype);
  if (data.length % block !== 0) {
    const last = data.length - block;
    for (let at = last; at < data.length; at++) data[at] = generator.uniform(dtype);
    boxMuller(data, last, dtype);
  }
  return result;
}

/** Turns 16 uniform numbers into normal ones, the first eight with the second eight. */
function boxMuller(data: Float64Array, from: number, dtype: DType): void {
  for (let at = from; at < from + block / 2; at++) {
    const [first, second] = [dtype.round(1 - data[at]), data[at + block / 2]];
    const radius = Math.sqrt(-2 * Math.log(first));
    const angle = 2 * Math.PI * second;
    data[at] = dtype.round(radius * Math.cos(angle));
    data[at + block / 2] = dtype.round(radius * Math.sin(angle));
  }
}

/** Whole numbers from `from` up to, not including, `to`. */
export function randint(
  from: number,
  to: number,
  shape: readonly number[],
  generator: Generator,
  dtype: DType = int64,
): Tensor {
  if (from >= to)
    throw runtimeError(`random_ expects 'from' to be less than 'to', but got from=${from} >= to=${to}`);
  return draw(shape, dtype, () => from + (generator.next() % (to - from)));
}

/** The numbers below `count` in random order. */
export function randperm(count: number, generator: Generator): Tensor {
  checkCount(count);
  const order = [...Array(count).keys()];
  for (let at = 0; at < count - 1; at++) {
    const other = at + (generator.next() % (count - at));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return tensorOf(order, [count], int64);
}
