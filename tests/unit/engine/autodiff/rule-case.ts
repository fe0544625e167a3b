/** Cases of gradient rules as `python -m training.gradients` wrote them, and the two ways to run them here. */
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { differentiate } from '../../../../src/engine/autodiff/reverse-walk.ts';
import { pushForward } from '../../../../src/engine/autodiff/forward-forms.ts';
import { GraphBuilder } from '../../../../src/engine/autodiff/graph-builder.ts';
import type { PoolMethod } from '../../../../src/engine/autodiff/gradient-rule.ts';
import { writeOutAttention } from '../../../../src/engine/autodiff/write-attention.ts';
import { buildModel, buildNode, floatAttribute } from '../../../../src/engine/onnx/build.ts';
import type { AttributeInput } from '../../../../src/engine/onnx/build.ts';
import {
  float32Tensor,
  float64Tensor,
  int32Tensor,
  int64Tensor,
} from '../../../../src/engine/onnx/tensor-values.ts';
import type { Model, Node, Tensor } from '../../../../src/engine/onnx/types.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';

interface WrittenTensor {
  readonly dtype?: 'int32' | 'int64' | 'bool' | 'float64';
  readonly dims: readonly number[];
  /** Numbers separated by spaces. */
  readonly values: string;
}

/** One case; the value that it computes is "y". */
export interface RuleCase {
  readonly name: string;
  readonly opset: number;
  readonly nodes: readonly {
    readonly opType: string;
    readonly domain: string;
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    readonly attributes: Readonly<Record<string, number | string | number[] | { float: number }>>;
  }[];
  /** What gets a gradient. */
  readonly inputs: Readonly<Record<string, WrittenTensor>>;
  readonly constants: Readonly<Record<string, WrittenTensor>>;
  /** The gradient that flows into y. */
  readonly flowing: string;
  /** PyTorch's gradients, computed in float64. */
  readonly gradients: Readonly<Record<string, string>>;
  readonly pools: readonly PoolMethod[];
}

/** The element type that a case is run in. */
export type Precision = 'float32' | 'float64';

/** All cases. */
export function readRuleCases(): readonly RuleCase[] {
  const path = new URL('../../../golden/autodiff-rules.json', import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { cases: RuleCase[] }).cases;
}

/** Numbers of a line. */
export function numbersOf(line: string): number[] {
  return line === '' ? [] : line.split(' ').map(Number);
}

/** The forward graph of a case: inputs "x", "z" … → y. */
export function forwardModel(one: RuleCase, precision: Precision): Model {
  const nodes = one.nodes.map((node): Node => {
    const attributes = Object.entries(node.attributes).map(([name, value]): [string, AttributeInput] => [
      name,
      typeof value === 'object' && 'float' in value ? floatAttribute(value.float) : value,
    ]);
    const built = buildNode(
      node.opType,
      node.outputs[0],
      node.inputs,
      node.outputs,
      Object.fromEntries(attributes),
    );
    return { ...built, domain: node.domain };
  });
  const model = buildModel({
    name: one.name,
    nodes,
    initializers: Object.entries(one.constants).map(([name, written]) =>
      constantTensor(name, written, precision),
    ),
    inputs: Object.entries(one.inputs).map(([name, { dims }]) => ({ name, dtype: precision, dims })),
    outputs: [{ name: 'y', dtype: precision }],
    opset: one.opset,
  });
  const domains = nodes.map(({ domain }) => [domain, domain === '' ? one.opset : 1] as const);
  return { ...model, opsets: new Map([['', one.opset], ...domains]) };
}

/** The graph of a case's gradients: inputs "x", "z" … → "gradient/x" …; with `y` as its first output. */
export function backwardModel(one: RuleCase, precision: Precision, poolMethod: PoolMethod): Model {
  const model = writeOutAttention(forwardModel(one, precision));
  const b = new GraphBuilder(model);
  const steps = model.graph.nodes.map((node) => pushForward(b, node, { hasGradient: true, poolMethod }));
  const seed = b.floats(numbersOf(one.flowing), b.dims('y'), 'y');
  const targets = Object.keys(one.inputs);
  const found = differentiate(b, steps, new Map([['y', seed]]), targets);
  const outputs = [...found].map(([name, value]) => b.alias(value, `gradient/${name}`));
  const graph = {
    ...model.graph,
    nodes: b.nodes,
    initializers: b.initializers,
    outputs: ['y', ...outputs].map((name) => ({ name, dtype: precision, dims: b.dims(name) })),
  };
  return { ...model, graph };
}

/** A runtime: that of Node, or the browser's WebAssembly. */
export type Runtime = Pick<typeof InferenceSession, 'create'>;

/** A session on one thread, and how to run it on lines of numbers. */
export async function openCase(
  model: Model,
  one: RuleCase,
  precision: Precision,
  runtime: Runtime = InferenceSession,
) {
  const session = await runtime.create(writeModel(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const ArrayType = precision === 'float64' ? Float64Array : Float32Array;
  return {
    release: () => session.release(),
    run: async (values: Readonly<Record<string, readonly number[]>>): Promise<Record<string, number[]>> => {
      const feeds = Object.entries(one.inputs).map(([name, { dims }]) => [
        name,
        new RuntimeTensor(precision, ArrayType.from(values[name]), dims),
      ]);
      const results = await session.run(Object.fromEntries(feeds) as Record<string, RuntimeTensor>);
      return Object.fromEntries(
        Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float64Array)]),
      );
    },
  };
}

/** The case's inputs as numbers. */
export function inputsOf(one: RuleCase): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(one.inputs).map(([name, { values }]) => [name, numbersOf(values)]),
  );
}

function constantTensor(name: string, { dtype, dims, values }: WrittenTensor, precision: Precision): Tensor {
  const numbers = numbersOf(values);
  if (dtype === 'int32') return int32Tensor(name, dims, Int32Array.from(numbers));
  if (dtype === 'int64') return int64Tensor(name, dims, numbers);
  if (dtype === 'bool') return { name, dtype, dims, bytes: Uint8Array.from(numbers) };
  return precision === 'float64' ? float64Tensor(name, dims, numbers) : float32Tensor(name, dims, numbers);
}
