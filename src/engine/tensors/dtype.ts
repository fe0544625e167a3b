/** The number types of tensors: how a value is rounded to one, what it takes in memory, and which one two of them make. */

/** A number type. Values are kept as doubles that this type can hold; 64-bit integers are exact up to 2^53. */
export interface DType {
  /** As in `torch.float32`. */
  name: string;
  /** As in "but got Long and Float". */
  scalarName: string;
  /** As in "long int != float". */
  cName: string;
  kind: 'bool' | 'int' | 'float';
  bytes: number;
  round: (value: number) => number;
}

const whole = (bits: number) => (value: number) => Number(BigInt.asIntN(bits, toBigInt(value)));

function toBigInt(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

/** Rounds to `digits` binary digits, half to even (IEEE 754), with subnormals below 2^least. */
function roundBinary(value: number, digits: number, least: number, largest: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), least);
  const unit = 2 ** (exponent - digits + 1);
  const places = value / unit;
  const below = Math.floor(places);
  const rest = places - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  const rounded = (below + (up ? 1 : 0)) * unit;
  return Math.abs(rounded) > largest ? Math.sign(value) * Infinity : rounded;
}

const dtype = (
  name: string,
  scalarName: string,
  cName: string,
  kind: DType['kind'],
  bytes: number,
  round: DType['round'],
): DType => ({ name, scalarName, cName, kind, bytes, round });

export const bool = dtype('bool', 'Bool', 'bool', 'bool', 1, (value) => (value === 0 ? 0 : 1));
export const uint8 = dtype('uint8', 'Byte', 'unsigned char', 'int', 1, (value) =>
  Number(BigInt.asUintN(8, toBigInt(value))),
);
export const int8 = dtype('int8', 'Char', 'signed char', 'int', 1, whole(8));
export const int16 = dtype('int16', 'Short', 'short', 'int', 2, whole(16));
export const int32 = dtype('int32', 'Int', 'int', 'int', 4, whole(32));
export const int64 = dtype('int64', 'Long', 'long int', 'int', 8, (value) =>
  Math.abs(value) < 2 ** 53 ? Math.trunc(value) + 0 : whole(64)(value),
);
export const float16 = dtype('float16', 'Half', 'c10::Half', 'float', 2, (value) =>
  roundBinary(value, 11, -14, 65504),
);
export const bfloat16 = dtype('bfloat16', 'BFloat16', 'c10::BFloat16', 'float', 2, (value) =>
  roundBinary(Math.fround(value), 8, -126, 3.3895313892515355e38),
);
export const float32 = dtype('float32', 'Float', 'float', 'float', 4, Math.fround);
export const float64 = dtype('float64', 'Double', 'double', 'float', 8, (value) => value);

/** Every type by its names in the `torch` module. */
export const dtypes: Readonly<Record<string, DType>> = {
  bool,
  uint8,
  int8,
  int16,
  short: int16,
  int32,
  int: int32,
  int64,
  long: int64,
  float16,
  half: float16,
  bfloat16,
  float32,
  float: float32,
  float64,
  double: float64,
};

const ranks = { bool: 0, int: 1, float: 2 };

/** The type that two types of tensors make: the higher kind, and within a kind the wider one. */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  if (a.kind !== b.kind) return ranks[a.kind] > ranks[b.kind] ? a : b;
  if (a.bytes !== b.bytes) {
    const [wide, narrow] = a.bytes > b.bytes ? [a, b] : [b, a];
    return wide === int8 && narrow === uint8 ? int16 : wide;
  }
  // The two halves, or the signed and the unsigned byte: neither holds the other
  return a.kind === 'float' ? float32 : int16;
}

/** A value's part in choosing the result's type: numbers yield to tensors without axes, and these to tensors with axes. */
export interface Operand {
  dtype: DType;
  rank: 'axes' | 'single' | 'number';
}

/** The type of a result over tensors and numbers (PyTorch's `result_type`). */
export function resultType(operands: readonly Operand[]): DType {
  const of = (rank: Operand['rank']): DType | undefined =>
    operands
      .filter((operand) => operand.rank === rank)
      .reduce<DType | undefined>(
        (all, operand) => (all ? promote(all, operand.dtype) : operand.dtype),
        undefined,
      );
  return combine(of('axes'), combine(of('single'), of('number'))) ?? float32;
}

function combine(higher: DType | undefined, lower: DType | undefined): DType | undefined {
  if (!higher || !lower) return higher ?? lower;
  return ranks[lower.kind] > ranks[higher.kind] ? lower : higher;
}
