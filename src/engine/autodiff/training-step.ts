/**
 * From a forward graph and the weights to train to one ONNX graph that takes a training step: forward pass, loss, gradients,
 * optimizer. Standard operators only; it runs wherever the forward graph does.
 *
 *   buildTrainingStep(model, options) → TrainingStep; writeModel(step.model) → bytes for a session
 *   optimizerScalars(kind, settings, step) → the optimizer's inputs at a step (optimizers.ts)
 *   splitPrefix(step, model) → the frozen layers apart, to run once for each example (split-prefix.ts)
 *   packWeights, unpackWeights: between named weights and the flat vectors of the step (bundles.ts)
 */
import { withGraph } from '../onnx/build.ts';
import { prune } from '../onnx/edits/prune.ts';
import { OnnxError } from '../onnx/onnx-error.ts';
import type { Model, Node, ValueInfo } from '../onnx/types.ts';
import { concat, reshape, zeros } from './arithmetic.ts';
import { planBundles, pushBundle } from './bundles.ts';
import type { Bundle, TrainableGroup } from './bundles.ts';
import { pushForward } from './forward-forms.ts';
import type { RunningStatistics } from './forward-forms.ts';
import type { PoolMethod } from './gradient-rule.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { NodeNote } from './graph-builder.ts';
import { pushLoss } from './losses.ts';
import type { LossKind } from './losses.ts';
import { momentsOf, pushClipping, pushUpdate } from './optimizers.ts';
import type { OptimizerKind } from './optimizers.ts';
import { prepareForward } from './prepare-forward.ts';
import { differentiableValues, differentiate } from './reverse-walk.ts';
import type { ForwardStep } from './reverse-walk.ts';

/** What to train and how. */
export interface TrainingStepOptions {
  /** Weights in groups, each with a learning rate of its own; a weight stands in one group. */
  readonly groups: readonly TrainableGroup[];
  /** Sizes of named dimensions of the inputs: { N: 16 }. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly loss: LossKind;
  readonly optimizer: OptimizerKind;
  /** The value that the loss is computed from; default the model's first output. */
  readonly output?: string;
  /** Whether gradients are clipped by their global norm, which then is an output as well; default false. */
  readonly clips?: boolean;
  /** Whether a BatchNormalization (by node name) takes its statistics from the batch; default: none does. */
  readonly usesBatchStatistics?: (name: string) => boolean;
  /** Default 'indices'; WebGPU needs 'compare', since its MaxPool gives no indices. */
  readonly poolMethod?: PoolMethod;
  /** What the graph returns: new weights (default), or each weight's gradient, without an optimizer. */
  readonly returns?: 'weights' | 'gradients';
}

/** A value that a step reads, and the output that takes its place in the next step. */
export interface StateValue {
  readonly input: string;
  readonly output: string;
  readonly dims: readonly number[];
}

/** A training step as a graph. */
export interface TrainingStep {
  readonly model: Model;
  /** Output, float []: the loss of the weights that went in. */
  readonly loss: string;
  /** Output: what the loss is computed from, of the weights that went in. */
  readonly output: string;
  /** Output, float []: the length of all gradients together, where the step clips. */
  readonly gradientNorm: string | undefined;
  readonly bundles: readonly Bundle[];
  /** For each bundle its weights, then their moments (zeros at the start). */
  readonly state: readonly StateValue[];
  /** Running statistics that the step moves on: initializers of the forward model. */
  readonly running: readonly StateValue[];
  /** Outputs with gradients by weight, where the step returns those. */
  readonly gradients: ReadonlyMap<string, string>;
  /** What each node is there for; a layer without backward nodes costs nothing on the way back. */
  readonly notes: ReadonlyMap<Node, NodeNote>;
}

const [lossName, normName] = ['training/loss', 'training/gradientNorm'];

/**
 * Builds the training step. Nothing below the lowest trainable weight gets a backward node, and no frozen weight is an output.
 * @throws OnnxError when an operator on the way to a trainable weight has no gradient rule (named with its node), when a size is
 * not known, or when nothing that is to be trained influences the output.
 */
export function buildTrainingStep(source: Model, options: TrainingStepOptions): TrainingStep {
  const output = options.output ?? source.graph.outputs[0]?.name ?? '';
  const names = new Set(options.groups.flatMap(({ weights }) => weights));
  const { model, weights } = prepareForward(source, { ...options, output, trainable: names });
  if (weights.length === 0)
    throw new OnnxError('None of the chosen weights influences the output, so there is nothing to train.', {
      advice: 'Choose at least one weight to train.',
    });
  const isTrained = new Set(weights.map(({ name }) => name));
  const bundles = planBundles(options.groups, weights);
  const rest = model.graph.inputs.filter(({ name }) => !isTrained.has(name));
  const b = new GraphBuilder(withGraph(model, { inputs: rest }));
  for (const bundle of bundles) pushBundle(b, bundle);
  const { steps, running } = pushForwardPass(b, model, [...isTrained], options.poolMethod ?? 'indices');

  const { loss, gradient } = b.within('loss', '', () => pushLoss(b, options.loss, output));
  const found = differentiate(b, steps, new Map([[output, gradient]]), [...isTrained]);
  // a weight that only an operator without slope reads (a rounding) has gradient zero
  const gradients = new Map(
    weights.map(({ name, dims }) => [name, found.get(name) ?? zeros(b, dims, output)] as const),
  );

  const outputs: ValueInfo[] = [];
  const give = (name: string): string => {
    outputs.push({ name, dtype: b.dtype(name), dims: b.dims(name) });
    return name;
  };
  give(output);
  b.within('loss', '', () => give(b.rename(loss, lossName)));
  const isStep = options.returns !== 'gradients';
  const result = b.within('optimizer', '', () => ({
    gradients: isStep
      ? new Map<string, string>()
      : new Map([...gradients].map(([name, one]) => [name, give(b.alias(one, `training/gradient/${name}`))])),
    ...(isStep
      ? pushOptimizer(b, options, bundles, gradients, give)
      : { state: [], gradientNorm: undefined }),
    running: running.flatMap(({ mean, variance }) =>
      [mean, variance].map(({ name, next }) => pushRunning(b, name, next, give)),
    ),
  }));
  const graph = {
    ...model.graph,
    nodes: b.nodes,
    initializers: b.initializers,
    inputs: b.inputs,
    outputs,
    valueInfos: [],
  };
  const whole = prune({ ...model, graph });
  return { ...result, model: whole, loss: lossName, output, bundles, notes: b.notes };
}

function pushForwardPass(
  b: GraphBuilder,
  model: Model,
  targets: readonly string[],
  poolMethod: PoolMethod,
): { steps: readonly ForwardStep[]; running: readonly RunningStatistics[] } {
  const { nodes } = model.graph;
  const reached = differentiableValues(nodes, targets, () => true);
  const pushed = nodes.map((node) =>
    b.within('forward', node.name || node.outputs[0], () =>
      pushForward(b, node, { hasGradient: node.inputs.some((input) => reached.has(input)), poolMethod }),
    ),
  );
  return {
    steps: pushed,
    running: pushed.flatMap(({ running }) => (running === undefined ? [] : [running])),
  };
}

type Give = (name: string) => string;

function pushOptimizer(
  b: GraphBuilder,
  { optimizer, clips = false }: TrainingStepOptions,
  bundles: readonly Bundle[],
  gradients: ReadonlyMap<string, string>,
  give: Give,
): { state: readonly StateValue[]; gradientNorm: string | undefined } {
  const flat = bundles.map(({ weights }) =>
    concat(
      b,
      weights.map(({ name, size }) => reshape(b, gradients.get(name) ?? name, [size])),
      0,
    ),
  );
  const clipped = clips ? pushClipping(b, flat) : { gradients: flat, norm: undefined };
  const state = bundles.flatMap(({ id, input, group, decays, size }, at) => {
    const moments = momentsOf(optimizer).map((moment) =>
      b.addInput(`training/${moment}/${id}`, b.dtype(input), [size]),
    );
    const next = pushUpdate(b, optimizer, {
      weights: input,
      gradient: clipped.gradients[at],
      moments,
      group,
      decays,
    });
    return [input, ...moments].map((name, place) => ({
      input: name,
      output: give(b.rename(next[place], `${name}/next`)),
      dims: [size],
    }));
  });
  return {
    state,
    gradientNorm: clipped.norm === undefined ? undefined : give(b.rename(clipped.norm, normName)),
  };
}

/** Running statistics are initializers of the forward model; in the step they go in and come out. */
function pushRunning(b: GraphBuilder, name: string, next: string, give: Give): StateValue {
  const dims = b.dims(name);
  b.initializers.delete(name);
  b.inputs.push({ name, dtype: b.dtype(name), dims });
  return { input: name, output: give(b.rename(next, `${name}/next`)), dims };
}
