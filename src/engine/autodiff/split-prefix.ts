import { cutModel } from '../onnx/edits/cut.ts';
import { inferShapes } from '../onnx/shapes.ts';
import type { Model, ValueInfo } from '../onnx/types.ts';
import type { TrainingStep } from './training-step.ts';

/** A training step in two graphs: what never changes for an example, and the rest. */
export interface SplitStep {
  /** From the model's inputs to the cached values: the frozen layers below the lowest trainable one. */
  readonly prefix: Model;
  /** The step with the cached values as inputs in place of the model's. */
  readonly rest: Model;
  /** What to keep for each example; the first axis is the batch. */
  readonly cached: readonly ValueInfo[];
}

/**
 * Cuts a training step where values stop being the same in every epoch, so that the frozen layers run once for each example.
 * Pictures must be augmented before, since the cache holds what came of them.
 * @returns undefined where nothing can be kept: the lowest layer is trained, or a BatchNorm looks at the batch that an example is in.
 */
export function splitPrefix(step: TrainingStep, source: Model): SplitStep | undefined {
  if (step.running.length > 0) return undefined;
  const { graph } = step.model;
  const given = new Set(source.graph.inputs.map(({ name }) => name));
  const changing = new Set(graph.inputs.map(({ name }) => name).filter((name) => !given.has(name)));
  const fixed = new Set(given);
  const split = originsThatChange(step, changing);
  const above = graph.nodes.filter((node) => {
    const isFixed =
      node.inputs.some((name) => fixed.has(name)) && !node.inputs.some((name) => changing.has(name));
    // what the layer above makes of a fixed value (its columns) would be larger than the value
    const note = step.notes.get(node);
    const isPrefix = isFixed && note?.phase === 'forward' && !split.has(note.origin);
    const dependsOnRest = node.inputs.some((name) => fixed.has(name) || changing.has(name));
    const set = isPrefix ? fixed : changing;
    if (dependsOnRest) for (const name of node.outputs) set.add(name);
    return !isPrefix;
  });
  const { values } = inferShapes(step.model);
  const names = new Set(above.flatMap(({ inputs }) => inputs.filter((name) => fixed.has(name))));
  const cached = [...names].map((name): ValueInfo => ({ name, ...values.get(name) }));
  const made = cached.filter(({ name }) => !given.has(name));
  if (made.length === 0) return undefined;
  return {
    prefix: cutModel(step.model, { to: made }),
    rest: cutModel(step.model, { from: made, to: graph.outputs }),
    cached,
  };
}

/** The forward nodes that compute with a weight that is trained, in one of the nodes that they are written in. */
function originsThatChange({ model, notes }: TrainingStep, inputs: ReadonlySet<string>): ReadonlySet<string> {
  const changing = new Set(inputs);
  const origins = new Set<string>();
  for (const node of model.graph.nodes) {
    if (!node.inputs.some((name) => changing.has(name))) continue;
    for (const name of node.outputs) changing.add(name);
    const note = notes.get(node);
    if (note?.phase === 'forward') origins.add(note.origin);
  }
  return origins;
}
