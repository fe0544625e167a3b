/** Floating-point formats below 32 bits, decoded to numbers by a table or by bits. */
import type { DataType } from './types.ts';

interface Format {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /**
   * What the largest exponent means: infinities and not-a-number (`ieee`); only the largest mantissa is not-a-number (`fn`);
   * "minus zero" is not-a-number (`fnuz`); numbers as any other (`finite`).
   */
  readonly special: 'ieee' | 'fn' | 'fnuz' | 'finite';
}

/** IEEE 754 half, and the formats of Micikevicius et al. 2022, Noune et al. 2022 and OCP Microscaling 1.0, as ONNX names them. */
const formats: Partial<Record<DataType, Format>> = {
  float16: { exponentBits: 5, mantissaBits: 10, bias: 15, special: 'ieee' },
  bfloat16: { exponentBits: 8, mantissaBits: 7, bias: 127, special: 'ieee' },
  float8e4m3fn: { exponentBits: 4, mantissaBits: 3, bias: 7, special: 'fn' },
  float8e4m3fnuz: { exponentBits: 4, mantissaBits: 3, bias: 8, special: 'fnuz' },
  float8e5m2: { exponentBits: 5, mantissaBits: 2, bias: 15, special: 'ieee' },
  float8e5m2fnuz: { exponentBits: 5, mantissaBits: 2, bias: 16, special: 'fnuz' },
  float4e2m1: { exponentBits: 2, mantissaBits: 1, bias: 1, special: 'finite' },
};

/** A decoder from bit patterns of a type to numbers, or undefined when the type is no small float. */
export function smallFloatDecoder(dtype: DataType): ((bits: number) => number) | undefined {
  // no sign, no mantissa: a power of two (OCP Microscaling 1.0, § 5.4.1)
  if (dtype === 'float8e8m0') return (bits) => (bits === 0xff ? NaN : 2 ** (bits - 127));
  const format = formats[dtype];
  return format && ((bits) => decode(bits, format));
}

function decode(bits: number, { exponentBits, mantissaBits, bias, special }: Format): number {
  const steps = 2 ** mantissaBits;
  const largestExponent = 2 ** exponentBits - 1;
  const mantissa = bits % steps;
  const exponent = Math.floor(bits / steps) % (largestExponent + 1);
  const isNegative = Math.floor(bits / steps) > largestExponent;
  const sign = isNegative ? -1 : 1;
  if (special === 'fnuz' && isNegative && exponent === 0 && mantissa === 0) return NaN;
  if (exponent === largestExponent) {
    if (special === 'ieee') return mantissa === 0 ? sign * Infinity : NaN;
    if (special === 'fn' && mantissa === steps - 1) return NaN;
  }
  if (exponent === 0) return sign * (mantissa / steps) * 2 ** (1 - bias);
  return sign * (1 + mantissa / steps) * 2 ** (exponent - bias);
}
