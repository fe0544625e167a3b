import { commonDim } from '../dimensions.ts';
import type { Dims } from '../dimensions.ts';
import type { DataType, ElementType } from '../types.ts';

/** What is known about a value before anything runs; empty when that is nothing. */
export type ValueType = ElementType;

/** A tensor's type without fields for what is unknown. */
export function tensorType(dtype: DataType | undefined, dims: Dims | undefined): ValueType {
  return { ...(dtype !== undefined && { dtype }), ...(dims !== undefined && { dims }) };
}

/** A list of values of one type, or a value that may be missing. */
export function containerOf(kind: 'sequence' | 'optional', element: ValueType): ValueType {
  return { container: { kind, element } };
}

/** A list without elements, which takes the shape of the first that joins. */
export function emptySequence(element: ValueType): ValueType {
  return { container: { kind: 'sequence', element, isEmpty: true } };
}

/** What a sequence or optional holds; empty when the value is none. */
export function elementOf({ container }: ValueType): ValueType {
  return container?.kind === 'sequence' || container?.kind === 'optional' ? container.element : {};
}

/** What holds for a value that is of one type or of the other: sizes that differ become '?', ranks that differ unknown. */
export function eitherType(a: ValueType, b: ValueType): ValueType {
  if (a === b) return a;
  if (a.container !== undefined || b.container !== undefined) {
    const kind = a.container?.kind;
    if (kind !== b.container?.kind || (kind !== 'sequence' && kind !== 'optional')) return {};
    if (isEmpty(a)) return b;
    if (isEmpty(b)) return a;
    return containerOf(kind, eitherType(elementOf(a), elementOf(b)));
  }
  const dims =
    a.dims?.length === b.dims?.length
      ? a.dims?.map((dim, axis) => commonDim(dim, b.dims?.[axis] ?? '?'))
      : undefined;
  return tensorType(a.dtype === b.dtype ? a.dtype : undefined, dims);
}

function isEmpty({ container }: ValueType): boolean {
  return container?.kind === 'sequence' && container.isEmpty === true;
}

/** What a type says of the elements, and nothing of the shape. */
export function withoutSizes({ dtype, container }: ValueType): ValueType {
  if (container?.kind === 'sequence' || container?.kind === 'optional')
    return containerOf(container.kind, withoutSizes(container.element));
  return tensorType(dtype, undefined);
}

/** A type with what it leaves open filled in from another. */
export function filledType(type: ValueType, filler: ValueType | undefined): ValueType {
  if (filler === undefined || type.container !== undefined) return type;
  if (type.dtype !== undefined && type.dims !== undefined && !type.dims.includes('?')) return type;
  if (filler.container !== undefined)
    return type.dims === undefined && type.dtype === undefined ? filler : type;
  const dims =
    type.dims !== undefined && type.dims.length === filler.dims?.length
      ? type.dims.map((dim, axis) => (dim === '?' ? (filler.dims?.[axis] ?? '?') : dim))
      : (type.dims ?? filler.dims);
  return tensorType(type.dtype ?? filler.dtype, dims);
}
