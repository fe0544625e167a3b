import { recogniseOtherFile } from './file-kind.ts';
import { OnnxError } from './onnx-error.ts';
import { MessageReader, decodeUtf8 } from './protobuf.ts';
import { readDataType, readEntry, readTensor } from './read-tensor.ts';
import type { Attribute, DataType, Dim, Graph, Model, Node, Tensor, ValueInfo } from './types.ts';

/**
 * Reads an .onnx file. Weights are views of `file`, which must stay unchanged while the model is in use.
 * @throws OnnxError naming the kind of a file that is no ONNX model, or what is damaged and at which byte.
 */
export function readModel(file: Uint8Array): Model {
  const otherKind = recogniseOtherFile(file);
  if (otherKind !== undefined) throw new OnnxError(`This is ${otherKind}, not an ONNX model.`, 0);
  // plain bytes even if the caller has a Node Buffer, whose slice() does not copy
  const reader = new MessageReader(
    new Uint8Array(file.buffer, file.byteOffset, file.byteLength),
    'the model',
  );
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  const texts = { producerName: '', producerVersion: '', domain: '', docString: '' };
  let irVersion = 0;
  let modelVersion = 0;
  let graph: GraphParts | undefined;
  while (reader.next()) {
    if (reader.field === 1) irVersion = reader.int64();
    else if (reader.field === 2) texts.producerName = reader.string();
    else if (reader.field === 3) texts.producerVersion = reader.string();
    else if (reader.field === 4) texts.domain = reader.string();
    else if (reader.field === 5) modelVersion = reader.int64();
    else if (reader.field === 6) texts.docString = reader.string();
    // protobuf merges repeated occurrences of a message; add-outputs.ts relies on it
    else if (reader.field === 7) graph = readGraphParts(reader.message('the graph'), graph);
    else if (reader.field === 8) readOpset(reader.message('an operator set'), opsets);
    else if (reader.field === 14) readEntry(reader.message('a metadata entry'), metadata);
    else reader.keep();
  }
  if (graph === undefined) {
    throw new OnnxError(
      'This file could be protobuf, but it holds no graph: it is not an ONNX model, or only the start of one.',
    );
  }
  return {
    irVersion,
    modelVersion,
    opsets,
    metadata,
    ...texts,
    graph,
    ...(reader.unread && { unread: reader.unread }),
  };
}

interface GraphParts extends Graph {
  name: string;
  docString?: string;
  unread?: Uint8Array;
  readonly nodes: Node[];
  readonly initializers: Map<string, Tensor>;
  readonly inputs: ValueInfo[];
  readonly outputs: ValueInfo[];
  readonly valueInfos: ValueInfo[];
}

function readGraphParts(reader: MessageReader, earlier?: GraphParts): GraphParts {
  const graph: GraphParts = earlier ?? {
    name: '',
    nodes: [],
    initializers: new Map(),
    inputs: [],
    outputs: [],
    valueInfos: [],
  };
  while (reader.next()) {
    if (reader.field === 1) graph.nodes.push(readNode(reader.message('a node')));
    else if (reader.field === 2) graph.name = reader.string();
    else if (reader.field === 5) addInitializer(graph, reader);
    else if (reader.field === 10) graph.docString = reader.string();
    else if (reader.field === 11) graph.inputs.push(readValueInfo(reader.message('a graph input')));
    else if (reader.field === 12) graph.outputs.push(readValueInfo(reader.message('a graph output')));
    else if (reader.field === 13) graph.valueInfos.push(readValueInfo(reader.message('a value description')));
    else reader.keep();
  }
  if (reader.unread) {
    graph.unread = graph.unread ? Uint8Array.from([...graph.unread, ...reader.unread]) : reader.unread;
  }
  return graph;
}

function addInitializer(graph: GraphParts, reader: MessageReader): void {
  const at = reader.position;
  const tensor = readTensor(reader.message('an initializer'));
  if (tensor.name === '') reader.fail('has an initializer without a name', at);
  if (graph.initializers.has(tensor.name)) reader.fail(`has two initializers named "${tensor.name}"`, at);
  graph.initializers.set(tensor.name, tensor);
}

function readNode(reader: MessageReader): Node {
  const start = reader.position;
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  let name = '';
  let opType = '';
  let domain = '';
  let docString: string | undefined;
  while (reader.next()) {
    if (reader.field === 1) inputs.push(reader.string());
    else if (reader.field === 2) outputs.push(reader.string());
    else if (reader.field === 3) name = reader.string();
    else if (reader.field === 4) opType = reader.string();
    else if (reader.field === 5) readAttribute(reader.message('an attribute'), attributes);
    else if (reader.field === 6) docString = reader.string();
    else if (reader.field === 7) domain = reader.string();
    else reader.keep();
  }
  if (opType === '') reader.fail(`"${name}" does not say which operator it is`, start);
  return {
    name,
    opType,
    // the default domain has two spellings
    domain: domain === 'ai.onnx' ? '' : domain,
    inputs,
    outputs,
    attributes,
    ...(docString !== undefined && { docString }),
    ...(reader.unread && { unread: reader.unread }),
  };
}

/** AttributeProto.type, or the field that is filled, for files from before that field was required. */
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
] as const;

function readAttribute(reader: MessageReader, into: Map<string, Attribute>): void {
  const start = reader.position;
  let name = '';
  let typeNumber: number | undefined;
  let filled: number | undefined;
  const value = {
    float: 0,
    int: 0,
    string: new Uint8Array(0) as Uint8Array,
    tensor: undefined as Tensor | undefined,
    graph: undefined as GraphParts | undefined,
    floats: [] as Uint8Array[],
    ints: [] as number[],
    strings: [] as string[],
  };
  while (reader.next()) {
    if (reader.field >= 2 && reader.field <= 9) filled ??= reader.field - 1;
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 2) value.float = reader.float();
    else if (reader.field === 3) value.int = reader.int64();
    else if (reader.field === 4) value.string = reader.bytes();
    else if (reader.field === 5) value.tensor = readTensor(reader.message('a tensor attribute'));
    else if (reader.field === 6)
      value.graph = readGraphParts(reader.message('a graph attribute'), value.graph);
    else if (reader.field === 7) value.floats.push(reader.fixed(4));
    else if (reader.field === 8) reader.int64s(value.ints);
    else if (reader.field === 9) value.strings.push(reader.string());
    else if (reader.field === 20) typeNumber = reader.uint();
    else reader.keep();
  }
  if (name === '') reader.fail('has no name', start);
  const type = attributeTypes[typeNumber ?? filled ?? 0];
  const references = reader.unread !== undefined && typeNumber === undefined;
  into.set(name, references ? otherAttribute() : (attributeOf() ?? otherAttribute()));

  function attributeOf(): Attribute | undefined {
    if (type === 'string') {
      const text = decodeUtf8(value.string);
      return text === undefined ? { type: 'bytes', value: value.string } : { type, value: text };
    }
    if (type === 'floats') {
      return { type, value: value.floats.flatMap((part) => [...new Float32Array(part.slice().buffer)]) };
    }
    if (type === 'float' || type === 'int') return { type, value: value[type] };
    if (type === 'ints') return { type, value: value.ints };
    if (type === 'strings') return { type, value: value.strings };
    if (type === 'tensor' && value.tensor) return { type, value: value.tensor };
    if (type === 'graph' && value.graph) return { type, value: value.graph };
    return undefined;
  }
  function otherAttribute(): Attribute {
    return { type: 'other', value: reader.file.subarray(start, reader.end) };
  }
}

function readValueInfo(reader: MessageReader): ValueInfo {
  const start = reader.position;
  let name = '';
  let docString: string | undefined;
  let type: Pick<ValueInfo, 'dtype' | 'dims' | 'typeUnread'> = {};
  while (reader.next()) {
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 2) type = readType(reader.message('a type'));
    else if (reader.field === 3) docString = reader.string();
    else reader.keep();
  }
  if (name === '') reader.fail('has no name', start);
  return {
    name,
    ...type,
    ...(docString !== undefined && { docString }),
    ...(reader.unread && { unread: reader.unread }),
  };
}

function readType(reader: MessageReader): Pick<ValueInfo, 'dtype' | 'dims' | 'typeUnread'> {
  let dtype: DataType | undefined;
  let dims: Dim[] | undefined;
  while (reader.next()) {
    if (reader.field !== 1) {
      reader.keep();
      continue;
    }
    const tensorType = reader.message('a tensor type');
    while (tensorType.next()) {
      if (tensorType.field === 1) dtype = readDataType(tensorType);
      else if (tensorType.field === 2) dims = readShape(tensorType.message('a shape'));
      else tensorType.keep();
    }
  }
  return {
    ...(dtype !== undefined && { dtype }),
    ...(dims !== undefined && { dims }),
    ...(reader.unread && { typeUnread: reader.unread }),
  };
}

function readShape(reader: MessageReader): Dim[] {
  const dims: Dim[] = [];
  while (reader.next()) {
    if (reader.field === 1) dims.push(readDim(reader.message('a dimension')));
    else reader.keep();
  }
  return dims;
}

function readDim(reader: MessageReader): Dim {
  let dim: Dim = '?';
  while (reader.next()) {
    if (reader.field === 1) dim = reader.int64();
    else if (reader.field === 2) dim = reader.string() || '?';
    else reader.keep();
  }
  // some exporters write 0 or -1 for "unknown" into inputs and outputs
  return typeof dim === 'number' && dim < 0 ? '?' : dim;
}

function readOpset(reader: MessageReader, into: Map<string, number>): void {
  let domain = '';
  let version = 0;
  while (reader.next()) {
    if (reader.field === 1) domain = reader.string();
    else if (reader.field === 2) version = reader.int64();
    else reader.keep();
  }
  into.set(domain === 'ai.onnx' ? '' : domain, version);
}
