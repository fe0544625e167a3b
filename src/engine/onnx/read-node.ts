import { readGraph } from './reader.ts';
import type { MessageReader } from './protobuf.ts';
import { decodeUtf8 } from './protobuf.ts';
import { readEntry, readSparseTensor, readTensor } from './read-tensor.ts';
import { readElementType } from './read-type.ts';
import type { Attribute, AttributeValue, ElementType, Graph, Node, SparseTensor, Tensor } from './types.ts';

/** The default domain has two spellings. */
export function plainDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

/** Reads a NodeProto. */
export function readNode(reader: MessageReader): Node {
  const start = reader.position;
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  const metadata = new Map<string, string>();
  let name = '';
  let opType = '';
  let domain = '';
  let overload = '';
  let docString: string | undefined;
  while (reader.next()) {
    if (reader.field === 1) inputs.push(reader.string());
    else if (reader.field === 2) outputs.push(reader.string());
    else if (reader.field === 3) name = reader.string();
    else if (reader.field === 4) opType = reader.string();
    else if (reader.field === 5) readAttribute(reader.message('an attribute'), attributes);
    else if (reader.field === 6) docString = reader.string();
    else if (reader.field === 7) domain = reader.string();
    else if (reader.field === 8) overload = reader.string();
    else if (reader.field === 9) readEntry(reader.message('a metadata entry'), metadata);
    else reader.keep();
  }
  if (opType === '') reader.fail(`"${name}" does not say which operator it is`, start);
  return {
    name,
    opType,
    domain: plainDomain(domain),
    ...(overload !== '' && { overload }),
    inputs,
    outputs,
    attributes,
    ...(docString !== undefined && { docString }),
    ...(metadata.size > 0 && { metadata }),
    ...(reader.unread && { unread: reader.unread }),
  };
}

/** AttributeProto.AttributeType. */
const attributeTypes = [
  undefined,
  'float',
  'int',
  'string',
  'tensor',
  'graph',
  'floats',
  'ints',
  'strings',
  'tensors',
  'graphs',
  'sparse',
  undefined,
  'valueType',
] as const;

/** The type that goes with each field, for files from before AttributeProto.type was required. */
const typeNumbersByField = new Map([
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((field) => [field, field - 1] as const),
  [22, 11],
  [14, 13],
]);

interface Filled {
  float: number;
  ints: (number | bigint)[];
  int: (number | bigint)[];
  string: Uint8Array;
  tensor?: Tensor;
  graph?: Graph;
  floats: number[];
  strings: Uint8Array[];
  tensors: Tensor[];
  graphs: Graph[];
  sparse?: SparseTensor;
  valueType?: { value: ElementType; stored: Uint8Array };
}

/** Reads an AttributeProto into a map by name. */
export function readAttribute(reader: MessageReader, into: Map<string, Attribute>): void {
  const start = reader.position;
  let name = '';
  let docString: string | undefined;
  let typeNumber: number | undefined;
  let fromField: number | undefined;
  let reference = '';
  const filled: Filled = {
    float: 0,
    int: [],
    string: new Uint8Array(0),
    floats: [],
    ints: [],
    strings: [],
    tensors: [],
    graphs: [],
  };
  while (reader.next()) {
    fromField ??= typeNumbersByField.get(reader.field);
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 2) filled.float = reader.float();
    else if (reader.field === 3) reader.integers(filled.int);
    else if (reader.field === 4) filled.string = reader.bytes();
    else if (reader.field === 5) filled.tensor = readTensor(reader.message('a tensor attribute'));
    else if (reader.field === 6) filled.graph = readGraph(reader.message('a graph attribute'), filled.graph);
    else if (reader.field === 7) readFloats(reader, filled.floats);
    else if (reader.field === 8) reader.integers(filled.ints);
    else if (reader.field === 9) filled.strings.push(reader.bytes());
    else if (reader.field === 10) filled.tensors.push(readTensor(reader.message('a tensor attribute')));
    else if (reader.field === 11) filled.graphs.push(readGraph(reader.message('a graph attribute')));
    else if (reader.field === 13) docString = reader.string();
    else if (reader.field === 14) filled.valueType = readTypeAttribute(reader);
    else if (reader.field === 20) typeNumber = reader.uint();
    else if (reader.field === 21) reference = reader.string();
    else if (reader.field === 22) filled.sparse = readSparseTensor(reader.message('a sparse attribute'));
    else reader.keep();
  }
  if (name === '') reader.fail('has no name', start);
  const number = typeNumber ?? fromField ?? 0;
  const known =
    reference !== ''
      ? ({ type: 'reference', value: reference, typeNumber: number } as const)
      : valueOf(attributeTypes[number], filled);
  const value =
    known === undefined || reader.unread !== undefined
      ? ({ type: 'other', value: reader.slice(start, reader.end) } as const)
      : known;
  // the whole message of an attribute of another kind has its doc string in it
  into.set(name, docString === undefined || value.type === 'other' ? value : { ...value, docString });
}

function valueOf(type: (typeof attributeTypes)[number], filled: Filled): AttributeValue | undefined {
  switch (type) {
    case undefined:
      return undefined;
    case 'float':
      return { type, value: filled.float };
    case 'int': {
      const { value, exact } = withExact(filled.int.slice(-1));
      return { type, value: value[0] ?? 0, ...(exact && { exact: exact[0] }) };
    }
    case 'ints':
      return { type, ...withExact(filled.ints) };
    case 'string': {
      const text = decodeUtf8(filled.string);
      return text === undefined ? { type: 'bytes', value: filled.string } : { type, value: text };
    }
    case 'strings': {
      const texts = filled.strings.map(decodeUtf8);
      return texts.every((text) => text !== undefined) ? { type, value: texts } : undefined;
    }
    case 'floats':
      return { type, value: filled.floats };
    case 'tensors':
      return { type, value: filled.tensors };
    case 'graphs':
      return { type, value: filled.graphs };
    case 'tensor':
      return filled.tensor && { type, value: filled.tensor };
    case 'graph':
      return filled.graph && { type, value: filled.graph };
    case 'sparse':
      return filled.sparse && { type, value: filled.sparse };
    case 'valueType':
      return filled.valueType && { type, ...filled.valueType };
  }
}

/** Integers as numbers, with all of them as bigint where one is too large to be exact. */
function withExact(integers: readonly (number | bigint)[]): { value: number[]; exact?: bigint[] } {
  const value = integers.map(Number);
  if (integers.every((integer) => typeof integer === 'number')) return { value };
  return {
    value,
    exact: integers.map((integer) => (integer === 2 ** 63 ? 2n ** 63n - 1n : BigInt(integer))),
  };
}

function readFloats(reader: MessageReader, into: number[]): void {
  const [start, end] = reader.fixed(4);
  if ((end - start) % 4 !== 0)
    reader.fail(`has a list of 4-byte numbers that is ${end - start} bytes long`, start);
  for (let at = start; at < end; at += 4) into.push(reader.structure.view.getFloat32(at, true));
}

function readTypeAttribute(reader: MessageReader): { value: ElementType; stored: Uint8Array } {
  const message = reader.message('a type');
  const stored = message.slice(message.position, message.end);
  return { value: readElementType(message), stored };
}
