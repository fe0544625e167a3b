/** One phase under way: its graphs, its prepared examples, and the state that its steps pass on. */
import { packWeights } from '../autodiff/bundles.ts';
import { momentsOf } from '../autodiff/optimizers.ts';
import type { Model } from '../onnx/types.ts';
import type { NamedTensors } from '../runtime/types.ts';
import type { Vectors } from './checkpoint.ts';
import { measureLayers, placeLayers } from './layer-metrics.ts';
import { openPhase } from './phase-graphs.ts';
import type { PhaseGraphs, TrainerPorts } from './phase-graphs.ts';
import { firstState, nextState, withVectors } from './phase-state.ts';
import type { StepState } from './phase-state.ts';
import type { LayerMetrics, PhaseFacts, TrainingSettings, TrainingTask } from './types.ts';

/** What a step did to the state. */
export interface Update {
  readonly before: StepState;
  readonly after: StepState;
  readonly layers: readonly LayerMetrics[];
  /** Length of all gradients together, before clipping. */
  readonly gradientNorm: number;
}

/** A phase that is open. */
export interface PhaseRun {
  readonly phase: number;
  readonly graphs: PhaseGraphs;
  readonly facts: PhaseFacts;
  state: StepState;
  /** What the outputs of a step make of the state; does not replace it. */
  readonly follow: (outputs: NamedTensors) => Update;
}

/**
 * Opens a phase.
 * @param base the network that the whole training began with.
 * @param trained weights that changed since.
 * @param moments those to go on with; none at the start of a phase.
 */
export async function openPhaseRun(
  phase: number,
  { base, trained, moments }: { readonly base: Model; readonly trained: Vectors; readonly moments: Vectors },
  task: TrainingTask,
  settings: TrainingSettings,
  batchSize: number,
  ports: TrainerPorts,
): Promise<PhaseRun> {
  const source = withVectors(base, trained);
  const graphs = await openPhase(
    source,
    settings.phases[phase],
    settings,
    batchSize,
    task.train.inputs,
    ports,
  );
  const { step } = graphs;
  const { values } = graphs.prepare(task.train);
  const sets = [task.train, task.heldOut, task.validation].filter((set) => set !== undefined);
  const rows = sets.reduce((sum, { inputs }) => sum + Object.values(inputs)[0].shape[0], 0);
  const numbers = Object.values(values).map(({ data, shape }) => (data.length / shape[0]) * rows);
  const starts = step.bundles.map((bundle) => packWeights(bundle, base));
  const layers = placeLayers(settings.layers ?? settings.phases[phase].groups, step.bundles);
  const [moment] = momentsOf(settings.optimizer);
  const run: PhaseRun = {
    phase,
    graphs,
    facts: {
      ...graphs.facts,
      phase,
      // what is remembered is float32
      cachedBytes: graphs.facts.isCached ? 4 * numbers.reduce((sum, one) => sum + one, 0) : 0,
    },
    state: firstState(step, source, moments),
    follow(outputs) {
      const before = run.state;
      const after = nextState(step, outputs);
      const bundles = step.bundles.map(({ id, input }, at) => {
        const name = `training/${moment}/${id}`;
        return {
          start: starts[at],
          before: vectorOf(before, input),
          after: vectorOf(after, input),
          momentBefore: vectorOf(before, name),
          momentAfter: vectorOf(after, name),
        };
      });
      const norm = step.gradientNorm === undefined ? undefined : outputs[step.gradientNorm].data[0];
      const { optimizer, largestNorm = Infinity, momentum = 0.9, weightDecay = 0 } = settings;
      const isAdam = optimizer === 'adam' || optimizer === 'adamw';
      const measured = measureLayers(
        layers,
        bundles,
        step.bundles.map(({ decays }) => decays),
        {
          optimizer,
          // β₁ stays as the optimizers' default
          keeps: isAdam ? 0.9 : momentum,
          decay: optimizer === 'adamw' ? 0 : weightDecay,
          clipped: norm === undefined ? 1 : Math.min(1, largestNorm / (norm + 1e-6)),
        },
      );
      const gradientNorm = norm ?? Math.hypot(...measured.map((layer) => layer.gradientNorm));
      return { before, after, layers: measured, gradientNorm };
    },
  };
  return run;
}

function vectorOf(state: StepState, name: string): Float32Array {
  const vector = state.get(name);
  if (vector === undefined) throw new RangeError(`the step has no state "${name}"`);
  return vector;
}
