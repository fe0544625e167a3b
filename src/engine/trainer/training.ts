/**
 * A training of a network, step by step: in a worker, in Node, under any provider.
 *
 *   const training = openTraining(model, task, settings, ports, checkpoint?)
 *   for (let report; (report = await training.next()); ) …   one step each, with evaluations where they are due
 *   training.checkpoint()      what it is now; openTraining goes on from there, bit for bit
 *   training.trainedModel()    an ordinary ONNX model; writeModel gives its file
 *
 * `driveTraining` (drive.ts) adds pause, single steps and cancel; `LoadedModel.train` (src/engine/runtime) does all of it in the
 * page's worker. Each phase is a graph from src/engine/autodiff; frozen layers below the lowest trainable one run once for each
 * example (phase-graphs.ts). The same task, settings and provider give the same weights.
 */
import { lossInputs } from '../autodiff/losses.ts';
import { optimizerScalars } from '../autodiff/optimizers.ts';
import { withGraph } from '../onnx/build.ts';
import { dequantizeWeights } from '../onnx/dequantize-weights.ts';
import type { Model } from '../onnx/types.ts';
import { batchInputs, rowsOf, scoreBatch } from './batch-tensors.ts';
import { batchAt } from './batches.ts';
import { checkTraining } from './check-training.ts';
import type { Checkpoint, Vectors } from './checkpoint.ts';
import { describeDivergence, isSound } from './divergence.ts';
import { scoreAnswers } from './evaluation.ts';
import { randomiseWeights, replaceHead } from './fresh-weights.ts';
import type { TrainerPorts } from './phase-graphs.ts';
import { openPhaseRun } from './phase-run.ts';
import type { PhaseRun } from './phase-run.ts';
import { gatherRows } from './prepared-set.ts';
import { firstState, momentsIn, namedVectors, stateInputs, withVectors } from './phase-state.ts';
import { withPooledHead } from './pooled-head.ts';
import { planSteps } from './training-plan.ts';
import type { TrainingPlan } from './training-plan.ts';
import type {
  Evaluation,
  ExampleSet,
  PhaseFacts,
  StepReport,
  TrainingSettings,
  TrainingTask,
} from './types.ts';

/** A training under way. Calls must not overlap. */
export interface Training {
  /** Steps taken. */
  readonly step: number;
  readonly steps: number;
  /** What the graphs of the phase are to which the next step belongs; builds them when need be. */
  open: () => Promise<PhaseFacts>;
  /** Takes one step; undefined when the training has ended. */
  next: () => Promise<StepReport | undefined>;
  /** Answers to examples with the weights as they are. */
  evaluate: (set: ExampleSet) => Promise<Evaluation>;
  /** Logits for examples with the weights as they are: float32 [n, classes]. */
  answer: (inputs: ExampleSet['inputs']) => Promise<Float32Array>;
  checkpoint: () => Checkpoint;
  /** The network with its weights as they are; frozen ones are those of the file, bit for bit. */
  trainedModel: () => Model;
  release: () => Promise<void>;
}

/**
 * Prepares a training, or one that goes on from a checkpoint of the same task and settings.
 * @throws ThawError 'bad-input' for tasks and settings that cannot work; OnnxError for networks that cannot be trained.
 */
export function openTraining(
  model: Model,
  task: TrainingTask,
  settings: TrainingSettings,
  ports: TrainerPorts,
  from?: Checkpoint,
): Training {
  checkTraining(task, settings);
  const { start = 'pretrained', replacesHead = true, seed = 1, phases, pools } = settings;
  const whole = pools ? withPooledHead(model, pools, task.classes.length) : model;
  const begun = start === 'random' ? randomiseWeights(whole, seed) : whole;
  const headed = replacesHead ? replaceHead(begun, task.classes.length, seed) : begun;
  const trainable = new Set(phases.flatMap(({ groups }) => groups.flatMap(({ weights }) => weights)));
  const base = dequantizeWeights(headed, (name) => trainable.has(name));
  return new StepwiseTraining(base, task, settings, ports, from);
}

class StepwiseTraining implements Training {
  step: number;
  private readonly base: Model;
  private readonly task: TrainingTask;
  private readonly settings: TrainingSettings;
  private readonly ports: TrainerPorts;
  private readonly plan: TrainingPlan;
  /** Weights that earlier phases trained, or that a checkpoint brought. */
  private trained: Vectors;
  private moments: Vectors;
  private firstLoss: Checkpoint['firstLoss'];
  private best: Checkpoint['best'];
  private end: Checkpoint['end'];
  /** The weights of the last sound loss, and the steps behind them. */
  private good: { readonly vectors: Vectors; readonly step: number };
  private run: PhaseRun | undefined;

  constructor(
    base: Model,
    task: TrainingTask,
    settings: TrainingSettings,
    ports: TrainerPorts,
    from: Checkpoint | undefined,
  ) {
    this.base = base;
    this.task = task;
    this.settings = settings;
    this.ports = ports;
    this.plan = planSteps(task, settings);
    this.step = from?.step ?? 0;
    this.trained = from?.weights ?? new Map<string, Float32Array>();
    this.moments = from?.moments ?? new Map<string, Float32Array>();
    this.firstLoss = from?.firstLoss;
    this.best = from?.best;
    this.end = from?.end;
    this.good = { vectors: this.trained, step: this.step };
  }

  get steps(): number {
    return this.plan.steps;
  }

  async open(): Promise<PhaseFacts> {
    return (await this.openRun()).facts;
  }

  async next(): Promise<StepReport | undefined> {
    if (this.end) return undefined;
    const run = await this.openRun();
    const { step, prepare, takeStep } = run.graphs;
    const set = prepare(this.task.train);
    const batch = batchAt(this.plan.batches, this.step);
    const askedAt = this.ports.now();
    await set.fill(rowsOf(set, batch));
    const startedAt = this.ports.now();
    const learningRates = this.plan.ratesAt(this.step);
    const { optimizer, labelSmoothing = 0 } = this.settings;
    const count = this.plan.locate(this.step).at + 1;
    const scalars = optimizerScalars(optimizer, { ...this.settings, learningRates }, count);
    const outputs = await takeStep({
      ...batchInputs(set, batch, { ...scalars, [lossInputs.labelSmoothing]: labelSmoothing }),
      ...stateInputs(step, run.state),
    });
    const loss = outputs[step.loss].data[0];
    this.firstLoss ??= loss;
    const { before, after, layers, gradientNorm } = run.follow(outputs);
    if (this.isSound(loss)) this.good = { vectors: this.vectorsOf(run, before), step: this.step };
    this.step++;
    run.state = after;
    const score = scoreBatch(outputs[step.output].data, set, batch);
    const report: StepReport = {
      step: this.step,
      steps: this.steps,
      epoch: Math.ceil(this.step / this.plan.perEpoch),
      phase: run.phase,
      loss,
      accuracy: score.count === 0 ? 0 : score.correct / score.count,
      gradientNorm,
      learningRates,
      cacheMs: startedAt - askedAt,
      elapsedMs: this.ports.now() - startedAt,
      ...(this.ports.memoryBytes && { memoryBytes: this.ports.memoryBytes() }),
      layers,
    };
    const isBad = !this.isSound(loss) || layers.some(({ weightNorm }) => !Number.isFinite(weightNorm));
    return isBad ? this.giveUp(report, loss) : this.evaluateWhereDue(report);
  }

  async evaluate(set: ExampleSet): Promise<Evaluation> {
    const { labels, count, places } = (await this.openRun()).graphs.prepare(set);
    return scoreAnswers(await this.logitsOf(set), labels.subarray(0, count * places));
  }

  answer(inputs: ExampleSet['inputs']): Promise<Float32Array> {
    const [{ shape }] = Object.values(inputs);
    return this.logitsOf({ inputs, labels: new Int32Array(shape[0]) });
  }

  private async logitsOf(set: ExampleSet): Promise<Float32Array> {
    const { graphs, state } = await this.openRun();
    const { values, count, fill } = graphs.prepare(set);
    // without other views: those only train
    await fill(Array.from({ length: count }, (_, row) => row));
    const { batchSize } = this.plan.batches;
    let logits = new Float32Array();
    for (let from = 0; from < count; from += batchSize) {
      const rows = Array.from({ length: batchSize }, (_, at) => (from + at) % count);
      const answers = await graphs.answer(gatherRows(values, rows), state);
      const inner = answers.length / batchSize;
      if (from === 0) logits = new Float32Array(count * inner);
      logits.set(answers.subarray(0, Math.min(batchSize, count - from) * inner), from * inner);
    }
    return logits;
  }

  checkpoint(): Checkpoint {
    const { run, step, firstLoss, best, end } = this;
    const moments = run ? momentsIn(run.graphs.step, run.state) : this.moments;
    return { step, weights: this.vectorsNow(), moments, firstLoss, best, end };
  }

  trainedModel(): Model {
    const whole = withVectors(this.base, this.vectorsNow());
    const metadata = new Map(whole.metadata).set('classes', JSON.stringify(this.task.classes));
    return { ...withGraph(whole, { valueInfos: [] }), metadata };
  }

  async release(): Promise<void> {
    await this.closeRun();
  }

  private async openRun(): Promise<PhaseRun> {
    const { phase, at } = this.plan.locate(Math.min(this.step, this.steps - 1));
    // after the last step of a phase its weights are still wanted, under the graphs of the next
    if (this.run?.phase === phase) return this.run;
    const moments = at > 0 && !this.run ? this.moments : new Map<string, Float32Array>();
    await this.closeRun();
    const { base, trained, task, settings, ports } = this;
    const { batchSize } = this.plan.batches;
    this.run = await openPhaseRun(phase, { base, trained, moments }, task, settings, batchSize, ports);
    return this.run;
  }

  private async closeRun(): Promise<void> {
    const { run } = this;
    this.trained = this.vectorsNow();
    if (run) this.moments = momentsIn(run.graphs.step, run.state);
    this.run = undefined;
    await run?.graphs.release();
  }

  private async evaluateWhereDue(report: StepReport): Promise<StepReport> {
    const isLast = this.step === this.steps;
    if (!isLast && !this.plan.isDue(this.step)) return report;
    const { heldOut, validation, train } = this.task;
    const watched = validation && (await this.evaluate(validation));
    const measured = heldOut && (await this.evaluate(heldOut));
    const withAll = {
      ...report,
      ...(measured && { heldOut: measured }),
      ...(watched && { validation: watched }),
    };
    const check = measured ?? watched ?? (isLast ? await this.evaluate(train) : undefined);
    if (check && !this.isSound(check.loss)) return this.giveUp(report, check.loss);
    if (watched) this.rememberBest(watched);
    const { patience } = this.settings;
    const isStopped = patience !== undefined && (this.best?.since ?? 0) >= patience;
    if (!isLast && !isStopped) return withAll;
    const { step: at, best } = this;
    const keepsBest = patience !== undefined && best !== undefined && best.since > 0;
    if (keepsBest) await this.restore(best.weights);
    this.end = { kind: isStopped ? 'stopped-early' : 'finished', keptStep: keepsBest ? best.step : at };
    const kept = keepsBest && heldOut ? { heldOut: await this.evaluate(heldOut) } : {};
    return { ...withAll, ...kept, end: this.end };
  }

  private rememberBest({ loss }: Evaluation): void {
    const { best } = this;
    this.best =
      best && loss >= best.loss
        ? { ...best, since: best.since + 1 }
        : { loss, step: this.step, weights: this.vectorsNow(), since: 0 };
  }

  private async giveUp(report: StepReport, loss: number): Promise<StepReport> {
    const { vectors, step } = this.good;
    await this.restore(vectors);
    const highest = Math.max(...Object.values(report.learningRates));
    this.end = { kind: 'diverged', keptStep: step, problem: describeDivergence(report.step, loss, highest) };
    const { heldOut } = this.task;
    return { ...report, ...(heldOut && { heldOut: await this.evaluate(heldOut) }), end: this.end };
  }

  private async restore(vectors: Vectors): Promise<void> {
    const run = await this.openRun();
    this.trained = vectors;
    run.state = firstState(run.graphs.step, withVectors(this.base, vectors));
  }

  private isSound(loss: number): boolean {
    return isSound(loss, this.firstLoss ?? loss, this.task.classes.length);
  }

  private vectorsNow(): Vectors {
    return this.run ? this.vectorsOf(this.run, this.run.state) : this.trained;
  }

  private vectorsOf({ graphs }: PhaseRun, state: PhaseRun['state']): Vectors {
    return new Map([...this.trained, ...namedVectors(graphs.step, state)]);
  }
}
