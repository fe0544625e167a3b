/** Arrays as NumPy 2 prints them: the shortest digits that tell every value, aligned, in lines of 75 characters. */
import { bool, float32, float64, int64, type DType } from './dtype.ts';
import { exponential, fixed, plain, shortestDigits } from './numbers.ts';
import { sayTuple } from './print-tensor.ts';
import type { Tensor } from './tensor.ts';
import { placesOf } from './tensor.ts';
import { select } from './views.ts';

/** NumPy's own settings. */
const settings = { precision: 8, threshold: 1000, edge: 3, width: 75 };

interface Layout {
  write: (value: number) => string;
  separator: string;
}

/** `repr(array)`: array([1, 2]), with its type where the numbers do not say it. */
export function reprArray(array: Tensor): string {
  const prefix = 'array(';
  const body = array.count === 0 ? '[]' : printBody(array, ', ', prefix.length, 1);
  const extras: string[] = [];
  if (array.count === 0 && !(array.rank === 1 && array.shape[0] === 0))
    extras.push(`shape=${sayTuple(array.shape)}`);
  else if (array.count > settings.threshold) extras.push(`shape=${sayTuple(array.shape)}`);
  const isImplied = array.dtype === int64 || array.dtype === float64 || array.dtype === bool;
  if (!isImplied || array.count === 0) extras.push(`dtype=${array.dtype.name}`);
  if (extras.length === 0) return `${prefix}${body})`;
  const text = `${prefix}${body},`;
  const extra = `${extras.join(', ')})`;
  const last = text.length - (text.lastIndexOf('\n') + 1);
  const gap = last + extra.length + 1 > settings.width ? `\n${' '.repeat(prefix.length)}` : ' ';
  return text + gap + extra;
}

/** `str(array)`: [1 2]. */
export function strArray(array: Tensor): string {
  if (array.rank === 0) return sayScalar(readAll(array)[0], array.dtype);
  return array.count === 0 ? '[]' : printBody(array, ' ', 0, 0);
}

/** One value alone: 1, 2.5, True. */
export function sayScalar(value: number, dtype: DType): string {
  if (dtype === bool) return value ? 'True' : 'False';
  if (dtype.kind === 'int') return BigInt(value).toString();
  if (!Number.isFinite(value)) return fixed(value, 0);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const { digits, power } = shortestDigits(value, dtype === float32);
  const sign = value < 0 ? '-' : '';
  if (power < -4 || power >= 16)
    return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  return sign + plain(digits, power);
}

function readAll(array: Tensor): number[] {
  return Array.from(placesOf(array), (place) => array.memory.data[place]);
}

function printBody(array: Tensor, separator: string, indent: number, suffix: number): string {
  const isSummary = array.count > settings.threshold;
  const shown = isSummary ? edgeValues(array) : readAll(array);
  const layout = { write: chooseFormat(shown, array.dtype), separator };
  return rows(array, layout, isSummary, ' '.repeat(indent), settings.width - suffix);
}

function edgeValues(array: Tensor): number[] {
  if (array.rank === 0) return readAll(array);
  const { edge } = settings;
  const [size] = array.shape;
  const places = [...Array(size).keys()].filter(
    (row) => size <= 2 * edge || row < edge || row >= size - edge,
  );
  return places.flatMap((row) => edgeValues(select(array, 0, row)));
}

function rows(array: Tensor, layout: Layout, isSummary: boolean, hanging: string, width: number): string {
  if (array.rank === 0) return layout.write(readAll(array)[0]);
  const { edge } = settings;
  const [size] = array.shape;
  const isCut = isSummary && size > 2 * edge;
  const [leading, trailing] = isCut ? [edge, edge] : [0, size];
  const word = (row: number) => rows(select(array, 0, row), layout, isSummary, `${hanging} `, width - 1);
  const { separator } = layout;
  const firsts = [...Array(leading).keys()].map(word);
  const lasts = Array.from({ length: trailing }, (_, index) => word(size - trailing + index));
  const parts = [...firsts, ...(isCut ? ['...'] : []), ...lasts];
  if (array.rank > 1) {
    const between = separator.trimEnd() + '\n'.repeat(array.rank - 1);
    return `[${parts
      .map((part) => hanging + ' ' + part)
      .join(between)
      .slice(hanging.length + 1)}]`;
  }
  return wrapLine(parts, separator, `${hanging} `, width - Math.max(separator.trimEnd().length, 1));
}

/** Words in lines no longer than the width. */
function wrapLine(words: readonly string[], separator: string, hanging: string, width: number): string {
  let [text, line] = ['', hanging];
  words.forEach((word, index) => {
    const isTooLong = line.length + word.length > width && line.length > hanging.length;
    if (isTooLong) {
      text += `${line.trimEnd()}\n`;
      line = hanging;
    }
    line += word + (index < words.length - 1 ? separator : '');
  });
  return `[${(text + line).slice(hanging.length)}]`;
}

function chooseFormat(values: readonly number[], dtype: DType): (value: number) => string {
  if (dtype.kind !== 'float') {
    const write = (value: number) => sayScalar(value, dtype);
    const width = Math.max(...values.map((value) => write(value).length));
    return (value) => write(value).padStart(dtype === bool && width < 5 ? 5 : width);
  }
  const finite = values.filter((value) => Number.isFinite(value));
  const sizes = finite.filter((value) => value !== 0).map(Math.abs);
  const [least, most] = [
    sizes.reduce((a, b) => Math.min(a, b), Infinity),
    sizes.reduce((a, b) => Math.max(a, b), 0),
  ];
  // A float32 has six digits that are surely right, so powers of ten begin earlier
  const cutoff = dtype === float64 ? 1e8 : dtype === float32 ? 1e6 : 1e3;
  const isPower = sizes.length > 0 && (most >= cutoff || least < 0.0001 || most / least > 1000);
  return isPower ? powerFormat(values, finite, dtype) : plainFormat(values, finite, dtype);
}

/** The value as whole and fraction, in at most eight digits after the point. */
function unique(value: number, dtype: DType): [whole: string, fraction: string] {
  const text = sayPlain(value, dtype);
  const short =
    (text.split('.')[1]?.length ?? 0) > settings.precision
      ? fixed(value, settings.precision).replace(/0+$/, '')
      : text;
  const [whole = '0', fraction = ''] = short.split('.');
  return [whole, fraction === '0' ? '' : fraction];
}

function sayPlain(value: number, dtype: DType): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const { digits, power } = shortestDigits(value, dtype === float32);
  return (value < 0 ? '-' : '') + plain(digits, power);
}

function plainFormat(
  values: readonly number[],
  finite: readonly number[],
  dtype: DType,
): (value: number) => string {
  const parts = finite.map((value) => unique(value, dtype));
  let left = Math.max(0, ...parts.map(([whole]) => whole.length));
  const right = Math.max(0, ...parts.map(([, fraction]) => fraction.length));
  if (finite.length < values.length)
    left = Math.max(left, 3 - (right + 1), values.some((value) => value === -Infinity) ? 4 - (right + 1) : 0);
  return (value) => {
    if (!Number.isFinite(value)) return fixed(value, 0).padStart(left + right + 1);
    const [whole, fraction] = unique(value, dtype);
    return `${whole.padStart(left)}.${fraction.padEnd(right)}`;
  };
}

function powerFormat(
  values: readonly number[],
  finite: readonly number[],
  dtype: DType,
): (value: number) => string {
  const digitsOf = (value: number) =>
    Math.min(
      settings.precision,
      (value === 0 ? 1 : shortestDigits(value, dtype === float32).digits.length) - 1,
    );
  const digits = Math.max(0, ...finite.map(digitsOf));
  const write = (value: number) =>
    digits === 0 ? exponential(value, 0).replace('e', '.e') : exponential(value, digits);
  const width = Math.max(
    ...finite.map((value) => write(value).length),
    finite.length < values.length ? 3 : 0,
  );
  return (value) => (Number.isFinite(value) ? write(value) : fixed(value, 0)).padStart(width);
}
