import { MessageReader } from './protobuf.ts';
import { readEntry } from './read-tensor.ts';
import { Structure } from './structure.ts';
import type { ContainerType, DataType, Dim, ElementType, ValueInfo } from './types.ts';
import { dataTypesByNumber } from './types.ts';

/** Whether a message holds something that ElementType has no place for. */
interface Remainder {
  saysMore: boolean;
}

/** Reads a ValueInfoProto: a name with its type. */
export function readValueInfo(reader: MessageReader): ValueInfo {
  const start = reader.position;
  let name = '';
  let docString: string | undefined;
  let type: ElementType & { storedType?: Uint8Array } = {};
  const metadata = new Map<string, string>();
  while (reader.next()) {
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 2) type = readType(reader.message('a type'));
    else if (reader.field === 3) docString = reader.string();
    else if (reader.field === 4) readEntry(reader.message('a metadata entry'), metadata);
    else reader.keep();
  }
  if (name === '') reader.fail('has no name', start);
  return {
    name,
    ...type,
    ...(docString !== undefined && { docString }),
    ...(metadata.size > 0 && { metadata }),
    ...(reader.unread && { unread: reader.unread }),
  };
}

/** Reads a TypeProto; `storedType` is its bytes when they say more than the fields can. */
export function readType(reader: MessageReader): ElementType & { storedType?: Uint8Array } {
  const start = reader.position;
  const state = { saysMore: false };
  const type = readElementType(reader, state);
  return { ...type, ...(state.saysMore && { storedType: reader.slice(start, reader.end) }) };
}

/** The type in the bytes of a TypeProto. */
export function decodeType(stored: Uint8Array): ElementType {
  return readElementType(new MessageReader(new Structure(stored), 'a type'));
}

/** Reads a TypeProto, noting whether it says more than the fields can. */
export function readElementType(reader: MessageReader, rest: Remainder = { saysMore: false }): ElementType {
  let type: ElementType = {};
  while (reader.next()) {
    if (reader.field === 1) type = readTensorType(reader.message('a tensor type'), rest);
    else if (reader.field === 4) type = { container: readSequence('sequence', reader, rest) };
    else if (reader.field === 5) type = { container: readMap(reader.message('a map type'), rest) };
    else if (reader.field === 8) {
      type = {
        container: { kind: 'sparse', ...readTensorType(reader.message('a sparse tensor type'), rest) },
      };
    } else if (reader.field === 9) type = { container: readSequence('optional', reader, rest) };
    else remain(reader, rest);
  }
  return type;
}

function readSequence(kind: 'sequence' | 'optional', outer: MessageReader, rest: Remainder): ContainerType {
  const reader = outer.message(`a ${kind} type`);
  let element: ElementType = {};
  while (reader.next()) {
    if (reader.field === 1) element = readElementType(reader.message('an element type'), rest);
    else remain(reader, rest);
  }
  return { kind, element };
}

function readMap(reader: MessageReader, rest: Remainder): ContainerType {
  let key: DataType | undefined;
  let element: ElementType = {};
  while (reader.next()) {
    if (reader.field === 1) key = readKnownDataType(reader, rest);
    else if (reader.field === 2) element = readElementType(reader.message('a value type'), rest);
    else remain(reader, rest);
  }
  return { kind: 'map', key, element };
}

function readTensorType(reader: MessageReader, rest: Remainder): Pick<ElementType, 'dtype' | 'dims'> {
  let dtype: DataType | undefined;
  let dims: Dim[] | undefined;
  while (reader.next()) {
    if (reader.field === 1) dtype = readKnownDataType(reader, rest);
    else if (reader.field === 2) dims = readShape(reader.message('a shape'), rest);
    else remain(reader, rest);
  }
  return { ...(dtype !== undefined && { dtype }), ...(dims !== undefined && { dims }) };
}

/** 0 stands for "not said"; a type from the future is not known here, but no reason to refuse the file. */
function readKnownDataType(reader: MessageReader, rest: Remainder): DataType | undefined {
  const dtype = dataTypesByNumber.get(reader.uint());
  if (dtype === undefined) rest.saysMore = true;
  return dtype;
}

function readShape(reader: MessageReader, rest: Remainder): Dim[] {
  const dims: Dim[] = [];
  while (reader.next()) {
    if (reader.field === 1) dims.push(readDim(reader.message('a dimension'), rest));
    else remain(reader, rest);
  }
  return dims;
}

function readDim(reader: MessageReader, rest: Remainder): Dim {
  let dim: Dim = '?';
  while (reader.next()) {
    if (reader.field === 1) dim = reader.int64();
    else if (reader.field === 2) dim = reader.string();
    else remain(reader, rest);
  }
  // some exporters write -1 or an empty name for "unknown" into inputs and outputs
  if (dim !== '' && (typeof dim === 'string' || dim >= 0)) return dim;
  rest.saysMore = true;
  return '?';
}

function remain(reader: MessageReader, rest: Remainder): void {
  reader.keep();
  rest.saysMore = true;
}
