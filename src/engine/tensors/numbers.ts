/** Numbers as Python writes them: exact decimal rounding, half to even, and the shortest text that reads back the same. */

/** A number with so many digits after the point, rounded from its exact value (Python's format 'f'). */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return special(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const text = scaledInteger(Math.abs(value), digits)
    .toString()
    .padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return sign + (digits ? `${whole}.${text.slice(-digits)}` : whole);
}

/** One digit, a point, so many digits, and the power of ten (Python's format 'e'). */
export function exponential(value: number, digits: number): string {
  if (!Number.isFinite(value)) return special(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  let power = size === 0 ? 0 : Math.floor(Math.log10(size));
  let mantissa = scaledInteger(size, digits - power);
  // The logarithm may be off by one, and rounding may carry
  if (mantissa.toString().length > digits + 1) mantissa = scaledInteger(size, digits - ++power);
  else if (size !== 0 && mantissa.toString().length < digits + 1)
    mantissa = scaledInteger(size, digits - --power);
  const text = mantissa.toString().padEnd(digits + 1, '0');
  return `${sign}${text[0]}${digits ? `.${text.slice(1)}` : ''}e${sayPower(power)}`;
}

/** A power of ten with its sign and at least two digits. */
function sayPower(power: number): string {
  return `${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** At most so many significant digits, without trailing zeros (Python's format 'g'). */
export function general(value: number, digits: number): string {
  if (!Number.isFinite(value)) return special(value);
  const precision = Math.max(1, digits);
  const scientific = exponential(value, precision - 1);
  const [mantissa = '', power = '0'] = scientific.split('e');
  const trim = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (Number(power) < -4 || Number(power) >= precision) return `${trim(mantissa)}e${power}`;
  return trim(fixed(value, precision - 1 - Number(power)));
}

function special(value: number): string {
  return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
}

/** round(value · 10^digits), exactly, half to even. `value` is at least 0. */
function scaledInteger(value: number, digits: number): bigint {
  const { mantissa, power } = decompose(value);
  let above = mantissa * 10n ** BigInt(Math.max(0, digits));
  let below = 10n ** BigInt(Math.max(0, -digits));
  if (power >= 0) above <<= BigInt(power);
  else below <<= BigInt(-power);
  const [whole, rest] = [above / below, above % below];
  const isUp = rest * 2n > below || (rest * 2n === below && whole % 2n === 1n);
  return isUp ? whole + 1n : whole;
}

/** A double as mantissa · 2^power. */
function decompose(value: number): { mantissa: bigint; power: number } {
  const bits = new BigUint64Array(new Float64Array([value]).buffer)[0];
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  return exponent === 0
    ? { mantissa: fraction, power: -1074 }
    : { mantissa: fraction | (1n << 52n), power: exponent - 1075 };
}

/** A double as Python's repr writes it: 0.1, 1e-05, 1e+16, nan. */
export function sayFloat(value: number): string {
  if (!Number.isFinite(value)) return special(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  return arrange(shortestDigits(value, false), value < 0);
}

/** The fewest significant digits that read back as the same double, or as the same float32, and the power of ten of the first. */
export function shortestDigits(value: number, isSingle: boolean): { digits: string; power: number } {
  const size = Math.abs(value);
  let text = size.toExponential();
  if (isSingle)
    for (let digits = 0; digits < 9; digits++) {
      text = size.toExponential(digits);
      if (Math.fround(Number(text)) === size) break;
    }
  const [mantissa = '', power = '0'] = text.split('e');
  return { digits: mantissa.replace('.', '').replace(/0+$/, '') || '0', power: Number(power) };
}

function arrange({ digits, power }: { digits: string; power: number }, isNegative: boolean): string {
  const sign = isNegative ? '-' : '';
  if (power < -4 || power >= 16) {
    const rest = digits.slice(1);
    return `${sign}${digits[0]}${rest ? `.${rest}` : ''}e${sayPower(power)}`;
  }
  return sign + plain(digits, power);
}

/** Digits and a power of ten without an exponent, with at least one digit on both sides of the point. */
export function plain(digits: string, power: number): string {
  if (power < 0) return `0.${'0'.repeat(-power - 1)}${digits}`;
  const whole = digits.slice(0, power + 1).padEnd(power + 1, '0');
  return `${whole}.${digits.slice(power + 1) || '0'}`;
}
