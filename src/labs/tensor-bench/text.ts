/** Values as text: what `repr`, `str` and format strings make of them. */
import { bool } from '../../engine/tensors/dtype.ts';
import { exponential, fixed, general, sayFloat } from '../../engine/tensors/numbers.ts';
import { reprArray, sayScalar, strArray } from '../../engine/tensors/print-array.ts';
import { defaultPrintOptions, printTensor, type PrintOptions } from '../../engine/tensors/print-tensor.ts';
import { PythonError, valueError } from '../../engine/tensors/python-error.ts';
import { Tensor, valuesOf } from '../../engine/tensors/tensor.ts';
import { fullTypeName } from './type-names.ts';
import {
  ArrayValue,
  Callable,
  Device,
  Dict,
  DTypeValue,
  ErrorValue,
  List,
  Module,
  Range,
  Scalar,
  SetValue,
  Slice,
  Tuple,
  TypeValue,
  ellipsis,
  isLayer,
  identityOf,
  typeName,
  type LayerValue,
  type Value,
} from './values.ts';

/** `repr(value)`. */
export function repr(value: Value, options: PrintOptions = defaultPrintOptions()): string {
  const each = (items: readonly Value[]) => items.map((item) => repr(item, options)).join(', ');
  if (value === null) return 'None';
  if (value === ellipsis) return 'Ellipsis';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return sayFloat(value);
  if (typeof value === 'string') return quote(value);
  if (value instanceof Tensor) return printTensor(value, options);
  if (value instanceof ArrayValue) return reprArray(value.tensor);
  if (value instanceof List) return `[${each(value.items)}]`;
  if (value instanceof Tuple) return reprTuple(value, options);
  if (value instanceof Dict)
    return `{${[...value.entries.values()].map(([key, item]) => `${repr(key, options)}: ${repr(item, options)}`).join(', ')}}`;
  if (value instanceof SetValue) return value.items.size ? `{${each([...value.items.values()])}}` : 'set()';
  if (value instanceof Range)
    return `range(${value.from}, ${value.to}${value.step === 1 ? '' : `, ${value.step}`})`;
  if (value instanceof Slice) return `slice(${each([value.from, value.to, value.step])})`;
  if (value instanceof DTypeValue)
    return value.isNumpy ? `dtype('${value.dtype.name}')` : `torch.${value.dtype.name}`;
  if (value instanceof TypeValue) return `<class '${value.name}'>`;
  if (value instanceof Scalar)
    return `np.${value.dtype === bool ? sayScalar(value.value, bool) + '_' : `${value.dtype.name}(${sayScalar(value.value, value.dtype)})`}`;
  if (value instanceof Device) return "device(type='cpu')";
  if (value instanceof Module) return `<module '${value.name}'>`;
  if (value instanceof ErrorValue)
    return `${value.error.type}(${value.error.message ? quote(value.error.message) : ''})`;
  if (value instanceof Callable)
    return value.kind === 'function' ? `<function ${value.name}>` : `<built-in method ${value.name}>`;
  if (isLayer(value)) return reprLayer(value);
  return `<${fullTypeName(value)} object at 0x${identityOf(value).toString(16).padStart(12, '7f')}>`;
}

function reprTuple(tuple: Tuple, options: PrintOptions): string {
  const texts = tuple.items.map((item) => repr(item, options));
  if (tuple.type === 'torch.Size') return `torch.Size([${texts.join(', ')}])`;
  if (tuple.names.length)
    return `${tuple.type}(\n${tuple.names.map((name, index) => `${name}=${texts[index]}`).join(',\n')})`;
  return texts.length === 1 ? `(${texts[0]},)` : `(${texts.join(', ')})`;
}

function reprLayer(layer: LayerValue): string {
  const children = [...layer.children].map(
    ([name, child]) => `  (${name}): ${reprLayer(child).replaceAll('\n', '\n  ')}`,
  );
  return children.length ? `${layer.type}(\n${children.join('\n')}\n)` : `${layer.type}(${layer.describe()})`;
}

/** A text with quotes and escapes, as Python shows it. */
export function quote(text: string): string {
  const sign = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text
    .replaceAll('\\', '\\\\')
    .replaceAll(sign, `\\${sign}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')
    .replace(/[\x00-\x1f\x7f]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return sign + body + sign;
}

/** `str(value)`. */
export function str(value: Value, options: PrintOptions = defaultPrintOptions()): string {
  if (typeof value === 'string') return value;
  if (value instanceof ArrayValue) return strArray(value.tensor);
  if (value instanceof Scalar) return sayScalar(value.value, value.dtype);
  if (value instanceof DTypeValue && value.isNumpy) return value.dtype.name;
  if (value instanceof Device) return 'cpu';
  if (value instanceof ErrorValue)
    return value.error.type === 'KeyError' ? value.error.message : value.error.message;
  return repr(value, options);
}

interface Spec {
  fill: string;
  align: string | undefined;
  sign: string;
  isZero: boolean;
  width: number;
  group: string;
  precision: number | undefined;
  type: string;
}

function readSpec(text: string, value: Value): Spec {
  const match = /^(?:(.)?([<>^=]))?([+\- ]?)#?(0?)(\d*)([,_]?)(?:\.(\d+))?([a-zA-Z%]?)$/su.exec(text);
  if (!match) throw valueError(`Invalid format specifier '${text}' for object of type '${typeName(value)}'`);
  const [, fill = ' ', align, sign = '', zero, width, group = '', precision, type = ''] = match;
  return {
    fill,
    align,
    sign,
    isZero: zero === '0',
    width: Number(width || 0),
    group,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

/** `format(value, spec)`: what stands behind the colon of an f-string. */
export function format(value: Value, spec: string, options?: PrintOptions): string {
  if (spec === '')
    return value instanceof Tensor && value.rank === 0 && !value.isParameter
      ? formatItem(value, '', options)
      : str(value, options);
  if (value instanceof Tensor) {
    if (value.rank === 0) return formatItem(value, spec, options);
    throw new PythonError('TypeError', 'unsupported format string passed to Tensor.__format__');
  }
  if (value instanceof Scalar)
    return format(value.dtype.kind === 'float' ? value.value : BigInt(value.value), spec, options);
  if (typeof value === 'string')
    return pad(formatString(value, readSpec(spec, value)), { ...readSpec(spec, value) }, '<');
  if (typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'number')
    return formatNumber(value, spec);
  throw new PythonError('TypeError', `unsupported format string passed to ${typeName(value)}.__format__`);
}

/** A tensor of one number without axes is formatted as that number. */
function formatItem(tensor: Tensor, spec: string, options?: PrintOptions): string {
  if (spec === '' && tensor.requiresGrad) return str(itemOf(tensor), options);
  return format(itemOf(tensor), spec, options);
}

/** The one number of a tensor as Python has it. */
export function itemOf(tensor: Tensor): Value {
  const [value] = valuesOf(tensor);
  return tensor.dtype === bool ? value !== 0 : tensor.dtype.kind === 'int' ? BigInt(value) : value;
}

function formatString(value: string, spec: Spec): string {
  if (spec.type && spec.type !== 's')
    throw valueError(`Unknown format code '${spec.type}' for object of type 'str'`);
  return spec.precision === undefined ? value : value.slice(0, spec.precision);
}

function formatNumber(value: boolean | bigint | number, text: string): string {
  const spec = readSpec(text, value);
  const body = numberBody(value, spec);
  const isNegative = body.startsWith('-');
  const digits = isNegative ? body.slice(1) : body;
  const sign = isNegative ? '-' : spec.sign === '+' || spec.sign === ' ' ? spec.sign : '';
  if (spec.isZero && !spec.align) return sign + digits.padStart(spec.width - sign.length, '0');
  return pad(sign + digits, spec, '>');
}

function numberBody(value: boolean | bigint | number, { type, precision, group }: Spec): string {
  const separate = (digits: string) =>
    group ? digits.replace(/^(-?\d+)/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, group)) : digits;
  const isWhole = typeof value !== 'number';
  const bases: Partial<Record<string, number>> = { d: 10, x: 16, X: 16, b: 2, o: 8 };
  const base = bases[type];
  if (isWhole && (type === '' || type === 'n') && precision === undefined)
    return separate(BigInt(value).toString());
  if (base !== undefined) {
    if (!isWhole) throw valueError(`Unknown format code '${type}' for object of type 'float'`);
    const digits = BigInt(value).toString(base);
    return separate(type === 'X' ? digits.toUpperCase() : digits);
  }
  const number = Number(value);
  if (type === '' && precision === undefined) return separate(sayFloat(number));
  const digits = precision ?? 6;
  if (type === 'f' || type === 'F') return separate(fixed(number, digits));
  if (type === '%') return `${separate(fixed(number * 100, digits))}%`;
  if (type === 'e' || type === 'E')
    return type === 'E' ? exponential(number, digits).toUpperCase() : exponential(number, digits);
  if (type === 'g' || type === 'G' || type === '') return separate(general(number, digits));
  throw valueError(`Unknown format code '${type}' for object of type '${typeName(value)}'`);
}

function pad(text: string, { fill, align, width }: Spec, usual: '<' | '>'): string {
  const gap = width - Array.from(text).length;
  if (gap <= 0) return text;
  const side = align ?? usual;
  if (side === '<') return text + fill.repeat(gap);
  if (side === '^') return fill.repeat(Math.floor(gap / 2)) + text + fill.repeat(Math.ceil(gap / 2));
  return fill.repeat(gap) + text;
}
