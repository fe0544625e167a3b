/** Tensors as PyTorch prints them: precision, scientific mode, line width, summary, and the suffixes behind the numbers. */
import { bool, float32, int64 } from './dtype.ts';
import { exponential, fixed } from './numbers.ts';
import type { Tensor } from './tensor.ts';
import { placesOf } from './tensor.ts';
import { select, slice } from './views.ts';
import { unrecorded } from './autograd.ts';

/** Settings of `torch.set_printoptions`. */
export interface PrintOptions {
  precision: number;
  threshold: number;
  edgeitems: number;
  linewidth: number;
  /** Undefined: chosen by the values. */
  sciMode: boolean | undefined;
}

/** PyTorch's own settings. */
export function defaultPrintOptions(): PrintOptions {
  return { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sciMode: undefined };
}

/** `repr(tensor)`. */
export function printTensor(tensor: Tensor, options: PrintOptions = defaultPrintOptions()): string {
  return unrecorded(() => {
    const prefix = 'tensor(';
    const body = tensor.count === 0 ? '[]' : printBody(tensor, options, prefix.length);
    const text = addSuffixes(prefix + body, suffixesOf(tensor), prefix.length, options.linewidth);
    return tensor.isParameter ? `Parameter containing:\n${text}` : text;
  });
}

function suffixesOf(tensor: Tensor): string[] {
  const suffixes: string[] = [];
  const { dtype, shape, gradFn } = tensor;
  const isUsual = dtype === float32 || dtype === int64 || dtype === bool;
  if (tensor.count === 0) {
    if (shape.length !== 1) suffixes.push(`size=${sayTuple(shape)}`);
    if (dtype !== float32) suffixes.push(`dtype=torch.${dtype.name}`);
  } else if (!isUsual) suffixes.push(`dtype=torch.${dtype.name}`);
  if (gradFn) suffixes.push(`grad_fn=<${gradFn.name}>`);
  else if (tensor.requiresGrad) suffixes.push('requires_grad=True');
  return suffixes;
}

/** A tuple of whole numbers: (2, 3), (2,), (). */
export function sayTuple(numbers: readonly number[]): string {
  return numbers.length === 1 ? `(${numbers[0]},)` : `(${numbers.join(', ')})`;
}

function addSuffixes(text: string, suffixes: readonly string[], indent: number, width: number): string {
  let all = text;
  let last = text.length - text.lastIndexOf('\n') + 1;
  for (const suffix of suffixes) {
    const isTooLong = last + suffix.length + 2 > width;
    all += isTooLong ? `,\n${' '.repeat(indent)}${suffix}` : `, ${suffix}`;
    last = isTooLong ? indent + suffix.length : last + suffix.length + 2;
  }
  return `${all})`;
}

function printBody(tensor: Tensor, options: PrintOptions, indent: number): string {
  const isSummary = tensor.count > options.threshold;
  const shown = isSummary ? edgeValues(tensor, options.edgeitems) : readAll(tensor);
  return lines(tensor, indent, isSummary, chooseFormat(tensor, shown, options), options);
}

function readAll(tensor: Tensor): number[] {
  return Array.from(placesOf(tensor), (place) => tensor.memory.data[place]);
}

/** The values that a summary shows: the first and last few of every axis. */
function edgeValues(tensor: Tensor, edge: number): number[] {
  if (tensor.rank === 0) return readAll(tensor);
  const [size] = tensor.shape;
  const rows = size > 2 * edge ? [...range(0, edge), ...range(size - edge, size)] : range(0, size);
  return rows.flatMap((row) => edgeValues(select(tensor, 0, row), edge));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

interface ValueFormat {
  width: number;
  write: (value: number) => string;
}

/** How all values of a tensor are written, so that they stand under each other. */
function chooseFormat(
  tensor: Tensor,
  values: readonly number[],
  { precision, sciMode }: PrintOptions,
): ValueFormat {
  const padded = (width: number, write: (value: number) => string): ValueFormat => ({
    width,
    write: (value) => write(value).padStart(width),
  });
  if (tensor.dtype.kind !== 'float') {
    const write =
      tensor.dtype === bool
        ? (value: number) => (value ? 'True' : 'False')
        : (value: number) => BigInt(value).toString();
    return padded(Math.max(1, ...values.map((value) => write(value).length)), write);
  }
  const finite = values.filter((value) => Number.isFinite(value) && value !== 0);
  if (finite.length === 0) return padded(1, whole);
  const sizes = finite.map(Math.abs);
  const [least, most] = [sizes.reduce((a, b) => Math.min(a, b)), sizes.reduce((a, b) => Math.max(a, b))];
  const isWhole = finite.every((value) => value === Math.ceil(value));
  if (sciMode ?? (most / least > 1000 || most > 1e8 || least < 1e-4)) {
    const write = (value: number) => exponential(value, precision);
    return padded(Math.max(1, ...finite.map((value) => write(value).length)), write);
  }
  const write = isWhole ? whole : (value: number) => fixed(value, precision);
  return padded(Math.max(1, ...finite.map((value) => write(value).length)), write);
}

function whole(value: number): string {
  return Number.isFinite(value) ? `${fixed(value, 0)}.` : fixed(value, 0);
}

function lines(
  tensor: Tensor,
  indent: number,
  isSummary: boolean,
  format: ValueFormat,
  options: PrintOptions,
): string {
  if (tensor.rank === 0) return format.write(readAll(tensor)[0]);
  const { edgeitems: edge } = options;
  const [size] = tensor.shape;
  const isCut = isSummary && size > 2 * edge;
  if (tensor.rank === 1) {
    const write = (part: Tensor) => readAll(part).map(format.write);
    const data = isCut
      ? [...write(slice(tensor, 0, 0, edge)), ' ...', ...write(slice(tensor, 0, size - edge))]
      : write(tensor);
    const perLine = Math.max(1, Math.floor((options.linewidth - indent) / (format.width + 2)));
    const rows = range(0, Math.ceil(data.length / perLine)).map((row) =>
      data.slice(row * perLine, (row + 1) * perLine).join(', '),
    );
    return `[${rows.join(`,\n${' '.repeat(indent + 1)}`)}]`;
  }
  const write = (row: number) => lines(select(tensor, 0, row), indent + 1, isSummary, format, options);
  const parts = isCut
    ? [...range(0, edge).map(write), '...', ...range(size - edge, size).map(write)]
    : range(0, size).map(write);
  return `[${parts.join(`,${'\n'.repeat(tensor.rank - 1)}${' '.repeat(indent + 1)}`)}]`;
}
