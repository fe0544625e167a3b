/** Weights, moments and running statistics of one phase while it runs. Vectors are never written to: each step brings new ones. */
import { packWeights } from '../autodiff/bundles.ts';
import type { Bundle } from '../autodiff/bundles.ts';
import type { TrainingStep } from '../autodiff/training-step.ts';
import { withGraph } from '../onnx/build.ts';
import { OnnxError } from '../onnx/onnx-error.ts';
import { float32Tensor, float32Values } from '../onnx/tensor-values.ts';
import type { Model } from '../onnx/types.ts';
import type { NamedTensors, Tensor } from '../runtime/types.ts';
import type { Vectors } from './checkpoint.ts';

/** The state of a step, by its inputs: bundles of weights, their moments, running statistics. */
export type StepState = ReadonlyMap<string, Float32Array>;

/** The state that a phase begins with: the model's weights, and moments of zero unless some are given. */
export function firstState(step: TrainingStep, model: Model, moments: Vectors = new Map()): StepState {
  const state = new Map<string, Float32Array>();
  for (const { input, dims } of step.state) state.set(input, moments.get(input) ?? new Float32Array(dims[0]));
  for (const bundle of step.bundles) state.set(bundle.input, packWeights(bundle, model));
  for (const { input } of step.running) state.set(input, storedVector(model, input));
  return state;
}

/** What a step made of its state. */
export function nextState({ state, running }: TrainingStep, outputs: NamedTensors): StepState {
  return new Map([...state, ...running].map(({ input, output }) => [input, outputs[output].data]));
}

/** The state as inputs of the step. */
export function stateInputs({ state, running }: TrainingStep, values: StepState): NamedTensors {
  const entries = [...state, ...running].map(({ input, dims }): [string, Tensor] => {
    const data = values.get(input) ?? new Float32Array();
    return [input, { dtype: 'float32', shape: [...dims], data }];
  });
  return Object.fromEntries(entries);
}

/** Weights and running statistics by initializer: views of the state. */
export function namedVectors({ bundles, running }: TrainingStep, values: StepState): Vectors {
  const vectors = new Map<string, Float32Array>();
  for (const { input, weights } of bundles)
    for (const { name, offset, size } of weights)
      vectors.set(name, values.get(input)?.subarray(offset, offset + size) ?? new Float32Array());
  for (const { input } of running) vectors.set(input, values.get(input) ?? new Float32Array());
  return vectors;
}

/** The optimizer's moments by input. */
export function momentsIn({ state, bundles }: TrainingStep, values: StepState): Vectors {
  const weights = new Set(bundles.map(({ input }: Bundle) => input));
  return new Map(
    state
      .filter(({ input }) => !weights.has(input))
      .map(({ input }) => [input, values.get(input) ?? new Float32Array()]),
  );
}

/** The model with these vectors in place of its own, copied; everything else is shared, bit for bit. */
export function withVectors(model: Model, vectors: Vectors): Model {
  const initializers = new Map(model.graph.initializers);
  for (const [name, vector] of vectors) {
    const { dims } = initializers.get(name) ?? unknown(name);
    initializers.set(name, float32Tensor(name, dims, vector.slice()));
  }
  return withGraph(model, { initializers });
}

function storedVector({ graph }: Model, name: string): Float32Array {
  return float32Values(graph.initializers.get(name) ?? unknown(name));
}

function unknown(name: string): never {
  throw new OnnxError(`The model has no weight "${name}".`);
}
