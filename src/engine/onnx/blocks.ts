/**
 * The readable hierarchy of a network, from its node names (module paths, as PyTorch writes them): what a figure draws as one box.
 * For our ResNet: input, stem, 1.1, 1.2, 2.1 … 4.2, pool, head; VGG has stages 1 … 5, Inception 1.1 … 3.2, BERT and GPT
 * embeddings and layers 1 … 4. Nodes whose names fit no pattern belong to the block before them.
 */
import { measureCost, sumCosts } from './cost.ts';
import type { ModelCost, NodeCost } from './cost.ts';
import type { Dims } from './dimensions.ts';
import { constantValues, indexGraph } from './graph-index.ts';
import type { GraphIndex } from './graph-index.ts';
import { distinctParameters } from './parameters.ts';
import type { Parameter } from './parameters.ts';
import { receptiveFields } from './receptive-field.ts';
import type { ReceptiveField } from './receptive-field.ts';
import { inferShapes } from './shapes.ts';
import type { Shapes } from './shapes.ts';
import type { Model, Node } from './types.ts';

export type BlockKind =
  'input' | 'stem' | 'residual' | 'stage' | 'inception' | 'embedding' | 'layer' | 'pool' | 'head';

export interface Block {
  /** Module path: "stem", "layer1.0", "head". */
  readonly id: string;
  /** Short name as the lessons use it: "1.1" for the first block of the first stage; otherwise the id. */
  readonly label: string;
  readonly kind: BlockKind;
  /** Stage of a block, or number of a layer, from 1; undefined for the others. */
  readonly stage: number | undefined;
  /** Names of the block's nodes in the order in which they run, without those that only unpack int8 weights. */
  readonly nodeNames: readonly string[];
  /** Values that come in from other blocks. */
  readonly inputNames: readonly string[];
  /** The value that the block hands on. */
  readonly outputName: string;
  /** [N, C, H, W] or [N, C]; undefined when it could not be inferred. */
  readonly outputShape: Dims | undefined;
  readonly parameters: number;
  readonly parameterList: readonly Parameter[];
  readonly parameterNames: readonly string[];
  readonly hasWeights: boolean;
  /** Multiply-accumulates per example. */
  readonly macs: number;
  readonly activationBytes: number;
  /** Receptive field of the output; undefined where there is none. */
  readonly receptiveField: ReceptiveField | undefined;
  /** How a residual block's input reaches its sum: as it is, or through a 1×1 convolution that changes its shape. */
  readonly skip: 'identity' | 'projection' | undefined;
}

interface BlockName {
  readonly id: string;
  readonly label: string;
  readonly kind: BlockKind;
  readonly stage?: number;
}

/** A name pattern per kind: our names, and those of torchvision's ResNets. A stage's pooling belongs to what stands before it. */
const patterns: readonly {
  readonly pattern: RegExp;
  readonly name: (parts: RegExpExecArray) => BlockName;
}[] = [
  {
    pattern: /^layer(\d+)\.(\d+)(?:\.|$)/,
    name: ([, stage, block]) => ({
      id: `layer${stage}.${block}`,
      label: `${stage}.${Number(block) + 1}`,
      kind: 'residual',
      stage: Number(stage),
    }),
  },
  {
    pattern: /^stage(\d+)\.(\d+)(?:\.|$)/,
    name: ([, stage, block]) => ({
      id: `stage${stage}.${block}`,
      label: `${stage}.${Number(block) + 1}`,
      kind: 'inception',
      stage: Number(stage),
    }),
  },
  {
    pattern: /^stage(\d+)\.(?:conv|bn|relu)/,
    name: ([, stage]) => ({ id: `stage${stage}`, label: stage, kind: 'stage', stage: Number(stage) }),
  },
  {
    pattern: /^((?:en|de)coder\.layer)\.(\d+)(?:\.|$)/,
    name: ([, path, layer]) => ({
      id: `${path}.${layer}`,
      label: String(Number(layer) + 1),
      kind: 'layer',
      stage: Number(layer) + 1,
    }),
  },
  {
    pattern: /^(?:embeddings|attention_mask|causal_mask)(?:\.|$)/,
    name: () => ({ id: 'embeddings', label: 'embeddings', kind: 'embedding' }),
  },
  {
    pattern: /^(?:stem|conv1|bn1|relu|maxpool)(?:\.|$)/,
    name: () => ({ id: 'stem', label: 'stem', kind: 'stem' }),
  },
  { pattern: /^(?:pool|avgpool|flatten)(?:\.|$)/, name: () => ({ id: 'pool', label: 'pool', kind: 'pool' }) },
  {
    pattern: /^(?:head|fc|classifier|decoder\.norm)(?:\.|$)/,
    name: () => ({ id: 'head', label: 'head', kind: 'head' }),
  },
];

/**
 * Groups a model's nodes into blocks, in running order; the first is the picture itself, without nodes of its own.
 * @throws OnnxError when the graph has no input or two nodes compute the same value.
 */
export function findBlocks(
  model: Model,
  shapes: Shapes = inferShapes(model),
  cost: ModelCost = measureCost(model, shapes),
): readonly Block[] {
  const { graph } = model;
  const index = indexGraph(graph);
  const constants = constantValues(graph);
  const fields = receptiveFields(graph, shapes);
  const groups = groupNodes(cost.nodes, graph.inputs.at(0)?.name ?? 'input');
  return groups.map(({ name, costs }): Block => {
    const nodes = costs.map(({ node }) => node);
    const inside = new Set(nodes.flatMap((node) => node.outputs));
    const outputName = name.kind === 'input' ? name.id : outputOf(nodes, index);
    const parameterList = distinctParameters(
      nodes,
      new Map(costs.map(({ node, parameterList: list }) => [node, list])),
    );
    const inputNames = nodes.flatMap((node) =>
      node.inputs.filter((value) => value !== '' && !inside.has(value) && !constants.has(value)),
    );
    const sums = sumCosts(costs);
    return {
      ...name,
      ...sums,
      stage: name.stage,
      nodeNames: nodes.filter((node) => !unpacksWeights(node, model)).map((node) => node.name),
      inputNames: [...new Set(inputNames)],
      outputName,
      outputShape: shapes.values.get(outputName)?.dims,
      parameterList,
      parameterNames: parameterList.map((parameter) => parameter.name),
      hasWeights: sums.parameters > 0,
      receptiveField: fields.get(outputName),
      skip: name.kind === 'residual' ? skipOf(nodes, inside) : undefined,
    };
  });
}

/** The block that a node or parameter belongs to by its name ("layer1.0.conv1.weight" → "layer1.0"), if any. */
export function blockIdOf(name: string): string | undefined {
  return nameBlock(name)?.id;
}

function nameBlock(name: string): BlockName | undefined {
  for (const { pattern, name: build } of patterns) {
    const parts = pattern.exec(name);
    if (parts !== null) return build(parts);
  }
  return undefined;
}

interface Group {
  readonly name: BlockName;
  readonly costs: NodeCost[];
}

function groupNodes(costs: readonly NodeCost[], inputName: string): readonly Group[] {
  let current: Group = { name: { id: inputName, label: inputName, kind: 'input' }, costs: [] };
  const groups = new Map<string, Group>([[inputName, current]]);
  for (const cost of costs) {
    const name = nameBlock(cost.node.name);
    if (name !== undefined) {
      current = groups.get(name.id) ?? { name, costs: [] };
      groups.set(name.id, current);
    }
    current.costs.push(cost);
  }
  return [...groups.values()];
}

/** The last value of a block that another block or the reader of the graph's outputs sees. */
function outputOf(nodes: readonly Node[], { consumers, outputNames }: GraphIndex): string {
  const own = new Set(nodes);
  const seenOutside = nodes
    .flatMap((node) => node.outputs)
    .filter((value) => outputNames.has(value) || consumers.get(value)?.some((user) => !own.has(user)));
  return seenOutside.at(-1) ?? nodes.at(-1)?.outputs.at(0) ?? '';
}

function unpacksWeights(node: Node, model: Model): boolean {
  return node.opType === 'DequantizeLinear' && model.graph.initializers.has(node.inputs[0] ?? '');
}

/** An identity skip brings a value from outside straight to the block's last sum. */
function skipOf(nodes: readonly Node[], inside: ReadonlySet<string>): 'identity' | 'projection' | undefined {
  const sum = nodes.findLast((node) => node.opType === 'Add');
  if (sum === undefined) return undefined;
  return sum.inputs.some((input) => !inside.has(input)) ? 'identity' : 'projection';
}
