import { OnnxError } from './onnx-error.ts';
import { MessageReader, concatenate } from './protobuf.ts';
import { plainDomain, readAttribute, readNode } from './read-node.ts';
import { readEntry, readSparseTensor, readTensor } from './read-tensor.ts';
import { readValueInfo } from './read-type.ts';
import { refuseOtherFile } from './recognise.ts';
import { Structure } from './structure.ts';
import type {
  Attribute,
  Graph,
  LocalFunction,
  Model,
  Node,
  SparseTensor,
  Tensor,
  ValueInfo,
} from './types.ts';

/**
 * Reads an .onnx file. Weights are views of `file`, which must stay unchanged while the model is in use.
 * @throws OnnxError naming the kind of a file that is no ONNX model, or what is damaged and at which byte.
 */
export function readModel(file: Uint8Array): Model {
  refuseOtherFile(file);
  // plain bytes even if the caller has a Node Buffer, whose slice() does not copy
  const steps = readModelSteps(new Structure(new Uint8Array(file.buffer, file.byteOffset, file.byteLength)));
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Reads a model, stopping after every part of its graph so that a page may draw in between. */
export function* readModelSteps(structure: Structure): Generator<undefined, Model> {
  const reader = new MessageReader(structure, 'the model');
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  const functions: LocalFunction[] = [];
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
    else if (reader.field === 7) graph = yield* readGraphSteps(reader.message('the graph'), graph);
    else if (reader.field === 8) readOpset(reader.message('an operator set'), opsets);
    else if (reader.field === 14) readEntry(reader.message('a metadata entry'), metadata);
    else if (reader.field === 25) functions.push(readFunction(reader.message('a local function')));
    else reader.keep();
    yield;
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
    ...(functions.length > 0 && { functions }),
    ...(reader.unread && { unread: reader.unread }),
  };
}

/** Reads a GraphProto; a second occurrence adds to the earlier one. */
export function readGraph(reader: MessageReader, earlier?: Graph): Graph {
  const steps = readGraphSteps(reader, earlier as GraphParts | undefined);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** A graph while it is read. */
interface GraphParts extends Graph {
  name: string;
  docString?: string;
  unread?: Uint8Array;
  metadata?: Map<string, string>;
  sparseInitializers?: Map<string, SparseTensor>;
  strayInitializers?: Tensor[];
  readonly nodes: Node[];
  readonly initializers: Map<string, Tensor>;
  readonly inputs: ValueInfo[];
  readonly outputs: ValueInfo[];
  readonly valueInfos: ValueInfo[];
}

function* readGraphSteps(reader: MessageReader, earlier?: GraphParts): Generator<undefined, GraphParts> {
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
    else if (reader.field === 5) addInitializer(graph, readTensor(reader.message('an initializer')));
    else if (reader.field === 10) graph.docString = reader.string();
    else if (reader.field === 11) graph.inputs.push(readValueInfo(reader.message('a graph input')));
    else if (reader.field === 12) graph.outputs.push(readValueInfo(reader.message('a graph output')));
    else if (reader.field === 13) graph.valueInfos.push(readValueInfo(reader.message('a value description')));
    else if (reader.field === 15) addSparse(graph, reader);
    else if (reader.field === 16)
      readEntry(reader.message('a metadata entry'), (graph.metadata ??= new Map<string, string>()));
    else reader.keep();
    yield;
  }
  if (reader.unread) {
    graph.unread = graph.unread ? concatenate([graph.unread, reader.unread]) : reader.unread;
  }
  return graph;
}

function addInitializer(graph: GraphParts, tensor: Tensor): void {
  if (tensor.name === '' || graph.initializers.has(tensor.name)) {
    (graph.strayInitializers ??= []).push(tensor);
  } else graph.initializers.set(tensor.name, tensor);
}

function addSparse(graph: GraphParts, reader: MessageReader): void {
  const at = reader.position;
  const tensor = readSparseTensor(reader.message('a sparse initializer'));
  const { name } = tensor.values;
  graph.sparseInitializers ??= new Map();
  if (name === '' || graph.sparseInitializers.has(name))
    reader.fail(`has a sparse initializer whose name "${name}" is empty or taken`, at);
  graph.sparseInitializers.set(name, tensor);
}

function readFunction(reader: MessageReader): LocalFunction {
  const start = reader.position;
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributeNames: string[] = [];
  const attributeDefaults = new Map<string, Attribute>();
  const nodes: Node[] = [];
  const opsets = new Map<string, number>();
  const valueInfos: ValueInfo[] = [];
  const metadata = new Map<string, string>();
  const texts = { name: '', domain: '', overload: '' };
  let docString: string | undefined;
  while (reader.next()) {
    if (reader.field === 1) texts.name = reader.string();
    else if (reader.field === 4) inputs.push(reader.string());
    else if (reader.field === 5) outputs.push(reader.string());
    else if (reader.field === 6) attributeNames.push(reader.string());
    else if (reader.field === 7) nodes.push(readNode(reader.message('a node of a local function')));
    else if (reader.field === 8) docString = reader.string();
    else if (reader.field === 9) readOpset(reader.message('an operator set'), opsets);
    else if (reader.field === 10) texts.domain = reader.string();
    else if (reader.field === 11) readAttribute(reader.message('an attribute'), attributeDefaults);
    else if (reader.field === 12) valueInfos.push(readValueInfo(reader.message('a value description')));
    else if (reader.field === 13) texts.overload = reader.string();
    else if (reader.field === 14) readEntry(reader.message('a metadata entry'), metadata);
    else reader.keep();
  }
  if (texts.name === '') reader.fail('has no name', start);
  return {
    name: texts.name,
    domain: plainDomain(texts.domain),
    ...(texts.overload !== '' && { overload: texts.overload }),
    inputs,
    outputs,
    attributeNames,
    attributeDefaults,
    nodes,
    opsets,
    valueInfos,
    ...(docString !== undefined && { docString }),
    ...(metadata.size > 0 && { metadata }),
    ...(reader.unread && { unread: reader.unread }),
  };
}

function readOpset(reader: MessageReader, into: Map<string, number>): void {
  let domain = '';
  let version = 0;
  while (reader.next()) {
    if (reader.field === 1) domain = reader.string();
    else if (reader.field === 2) version = reader.int64();
    else reader.keep();
  }
  into.set(plainDomain(domain), version);
}
