/** The graphs of one phase and their sessions: the frozen layers, the step, and the forward pass for evaluation. */
import { pushBundle } from '../autodiff/bundles.ts';
import type { PoolMethod } from '../autodiff/gradient-rule.ts';
import { GraphBuilder } from '../autodiff/graph-builder.ts';
import { splitPrefix } from '../autodiff/split-prefix.ts';
import { buildTrainingStep } from '../autodiff/training-step.ts';
import type { TrainingStep } from '../autodiff/training-step.ts';
import { float32Value, withGraph } from '../onnx/build.ts';
import { dequantizeWeights } from '../onnx/dequantize-weights.ts';
import { cutModel } from '../onnx/edits/cut.ts';
import type { Model } from '../onnx/types.ts';
import { writeModel } from '../onnx/writer.ts';
import type { AnyTensors } from '../runtime/any-session.ts';
import type { CreateSession, OrtSession } from '../runtime/ort-session.ts';
import type { NamedTensors } from '../runtime/types.ts';
import { frozenSet, plainSet } from './prepared-set.ts';
import type { FrozenLayers, PreparedSet } from './prepared-set.ts';
import type { ExampleSet, PhaseFacts, TrainingPhase, TrainingSettings } from './types.ts';

/** What a training needs from the place that it runs in. */
export interface TrainerPorts {
  readonly createSession: CreateSession;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Bytes of the runtime's memory; absent where nobody can tell. */
  readonly memoryBytes?: () => number;
  /** How the step finds maxima; WebGPU needs 'compare'. */
  readonly poolMethod: PoolMethod;
}

/** One phase, ready to run. */
export interface PhaseGraphs {
  readonly step: TrainingStep;
  readonly facts: Omit<PhaseFacts, 'phase' | 'cachedBytes'>;
  /** A set as the step reads it; the same for the same set. */
  prepare: (set: ExampleSet) => PreparedSet;
  /** One step over inputs by name; returns loss, output, and every new state by its output's name. */
  takeStep: (inputs: AnyTensors) => Promise<NamedTensors>;
  /** The network's output for prepared rows under weights by input name, running statistics among them. */
  answer: (rows: AnyTensors, state: ReadonlyMap<string, Float32Array>) => Promise<Float32Array>;
  release: () => Promise<void>;
}

/**
 * Builds a phase's graphs for batches of `batchSize` rows and opens their sessions.
 * @param source the model with the weights that the phase begins with; trainable ones as float32.
 * @param inputs examples whose sizes all others have, but for how many they are.
 * @throws OnnxError as buildTrainingStep does.
 */
export async function openPhase(
  source: Model,
  phase: TrainingPhase,
  { optimizer, largestNorm, caches = true }: TrainingSettings,
  batchSize: number,
  inputs: AnyTensors,
  ports: TrainerPorts,
): Promise<PhaseGraphs> {
  const startedAt = ports.now();
  const usesBatch = phase.statistics === 'batch';
  const step = buildTrainingStep(source, {
    groups: phase.groups.map(({ id, weights }) => ({ id, weights })),
    sizes: namedSizes(source, batchSize, inputs),
    loss: 'cross-entropy',
    optimizer,
    clips: largestNorm !== undefined,
    usesBatchStatistics: () => usesBatch,
    poolMethod: ports.poolMethod,
  });
  const split = caches ? splitPrefix(step, source) : undefined;
  // what is remembered must be numbers that a session gives out
  const cut = split?.prefix.graph.outputs.every(({ dtype }) => dtype === 'float32') ? split : undefined;
  const rest = cut?.rest ?? step.model;
  const sessions: OrtSession[] = [];
  const open = async (model: Model) => {
    const session = await ports.createSession(writeModel(model));
    sessions.push(session);
    return session;
  };
  const training = await open(rest);
  const readByStep = namesOf(rest);
  const outputs = rest.graph.outputs.map(({ name }) => name);
  const evaluation = evaluationGraph(rest, step, source);
  const evaluating = await open(evaluation);
  const readByEvaluation = namesOf(evaluation);
  const frozen = cut && frozenLayers(cut.prefix, await open(cut.prefix), batchSize);
  const prepared = new WeakMap<ExampleSet, PreparedSet>();

  return {
    step,
    facts: {
      nodes: countNodes(step),
      trainableParameters: step.bundles.reduce((sum, { size }) => sum + size, 0),
      isCached: cut !== undefined,
      batchSize,
      buildMs: ports.now() - startedAt,
    },
    prepare(set) {
      const known =
        prepared.get(set) ?? (frozen ? frozenSet(set, pick(set.inputs, readByStep), frozen) : plainSet(set));
      prepared.set(set, known);
      return known;
    },
    takeStep: (inputs) => training.run(pick(inputs, readByStep), outputs),
    async answer(rows, state) {
      const weights = [...state].map(([name, data]) => [
        name,
        { dtype: 'float32', shape: [data.length], data },
      ]);
      const inputs = { ...rows, ...(Object.fromEntries(weights) as NamedTensors) };
      const { [step.output]: output } = await evaluating.run(pick(inputs, readByEvaluation), [step.output]);
      return output.data;
    },
    async release() {
      for (const session of sessions) await session.release();
    },
  };
}

function frozenLayers(prefix: Model, session: OrtSession, batchSize: number): FrozenLayers {
  const { outputs } = prefix.graph;
  const read = namesOf(prefix);
  const names = outputs.map(({ name }) => name);
  return {
    run: (batch) => session.run(pick(batch, read), names),
    batchSize,
    sizes: new Map(outputs.map(({ name, dims = [] }) => [name, dims.slice(1).map(Number)])),
  };
}

/** Sizes by the names that the model's inputs give them: the batch axis is the first, the others are as the examples are. */
function namedSizes(model: Model, batchSize: number, given: AnyTensors): Readonly<Record<string, number>> {
  return Object.fromEntries(
    model.graph.inputs.flatMap(({ name, dims = [] }) =>
      dims.flatMap((axis, at) => {
        const size = at === 0 ? batchSize : given[name]?.shape[at];
        return typeof axis === 'string' && size !== undefined ? [[axis, size] as const] : [];
      }),
    ),
  );
}

/**
 * The step's own forward pass, without loss and way back. Where norms take their statistics from the batch, the model's pass with
 * stored ones: these stand among its inputs, as the weights do.
 */
function evaluationGraph(rest: Model, step: TrainingStep, source: Model): Model {
  const to = [{ name: step.output, dtype: 'float32' as const }];
  if (step.running.length === 0) return cutModel(rest, { to });
  const { graph } = cutModel(dequantizeWeights(source), { to });
  const initializers = new Map(graph.initializers);
  for (const { weights } of step.bundles) for (const { name } of weights) initializers.delete(name);
  for (const { input } of step.running) initializers.delete(input);
  const statistics = step.running.map(({ input, dims }) => float32Value(input, dims));
  const open = withGraph(source, { ...graph, initializers, inputs: [...graph.inputs, ...statistics] });
  const b = new GraphBuilder(open);
  for (const bundle of step.bundles) pushBundle(b, bundle);
  return withGraph(open, {
    nodes: [...b.nodes, ...graph.nodes],
    initializers: b.initializers,
    inputs: b.inputs,
    valueInfos: [],
  });
}

function namesOf({ graph }: Model): ReadonlySet<string> {
  return new Set(graph.inputs.map(({ name }) => name));
}

function pick<T>(values: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

function countNodes({ model, notes }: TrainingStep): PhaseFacts['nodes'] {
  const counts = { forward: 0, loss: 0, backward: 0, optimizer: 0 };
  for (const node of model.graph.nodes) counts[notes.get(node)?.phase ?? 'forward']++;
  return counts;
}
