/** Numbers as a tensor of whatever type a network's input has. */
import { ThawError } from '../../engine/errors.ts';
import type { AnyData, AnyTensor } from '../../engine/runtime/any-session.ts';

/** A tensor of the input's type that holds these numbers. Throws a ThawError 'bad-input' for a type that has no numbers. */
export function tensorOf(dtype: string, shape: readonly number[], numbers: ArrayLike<number>): AnyTensor {
  return { dtype, shape: [...shape], data: castNumbers(dtype, numbers) };
}

function castNumbers(dtype: string, numbers: ArrayLike<number>): AnyData {
  const whole = (value: number): number => Math.round(value);
  switch (dtype) {
    case 'float32':
      return Float32Array.from(numbers);
    case 'float64':
      return Float64Array.from(numbers);
    case 'float16':
      return Uint16Array.from(numbers, halfBits);
    case 'int64':
      return BigInt64Array.from(numbers, (value) => BigInt(whole(value)));
    case 'uint64':
      return BigUint64Array.from(numbers, (value) => BigInt(Math.max(0, whole(value))));
    case 'int32':
      return Int32Array.from(numbers, whole);
    case 'uint32':
      return Uint32Array.from(numbers, whole);
    case 'int16':
      return Int16Array.from(numbers, whole);
    case 'uint16':
      return Uint16Array.from(numbers, whole);
    case 'int8':
      return Int8Array.from(numbers, (value) => Math.max(-128, Math.min(127, whole(value))));
    case 'uint8':
      return Uint8Array.from(numbers, (value) => Math.max(0, Math.min(255, whole(value))));
    case 'bool':
      return Uint8Array.from(numbers, (value) => (value === 0 ? 0 : 1));
    default:
      throw new ThawError({
        code: 'bad-input',
        message: `This page cannot fill an input of type ${dtype}.`,
        advice: 'The network can still be looked at; run it in Python.',
      });
  }
}

/** The bits of a number in IEEE 754 half precision, rounded to the nearest, ties to even. */
function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  // 65,520 is half way between the largest half and the next power of two
  if (size >= 65_520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size || 2 ** -24)));
  const step = 2 ** (exponent - 10);
  const steps = size / step;
  const floor = Math.floor(steps);
  const rest = steps - floor;
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  // a carry out of the mantissa moves into the exponent by itself
  return sign | (rounded < 1024 && exponent === -14 ? rounded : ((exponent + 14) << 10) + rounded);
}
