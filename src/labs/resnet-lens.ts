/**
 * The lens's experiment: load a network, give it one picture, look at what every block makes of it. An async generator
 * of steps, so that a page can follow along and a script can take the last one.
 *
 *   download* → start* → session* → loaded → answer
 */
import { pictureManifest } from '../engine/registry/manifest.ts';
import { preprocess } from '../engine/preprocess/picture.ts';
import { softmax, topK } from '../engine/preprocess/probabilities.ts';
import type {
  BackendReport,
  BackendWish,
  LoadedModel,
  LoadOptions,
  LoadStage,
  Precision,
  Runtime,
} from '../engine/runtime/types.ts';
import { mostVaried, channelOf, type ActivationStack } from './activations.ts';
import type { NetworkDescription } from './network-description.ts';

/** A picture as it was decoded. */
export type Picture = Parameters<typeof preprocess>[0];

export interface LensRequest {
  network: NetworkDescription;
  picture: Picture;
  backend?: BackendWish;
  precision?: Precision;
  signal?: AbortSignal;
}

/** What the network says about a picture. */
export interface LensAnswer extends BackendReport {
  elapsedMs: number;
  /** The five likeliest classes. */
  top: { name: string; probability: number }[];
  /** Probability of every class, 0 … 1, in output order. */
  probabilities: ArrayLike<number>;
  /** Every block's output by block id. */
  stacks: Record<string, ActivationStack>;
  /** Of every block that has places left, the channel that varies most. */
  faces: Record<string, ActivationStack>;
}

export type LensStep =
  | { kind: 'loading'; stage: LoadStage; receivedBytes: number; totalBytes: number }
  | { kind: 'loaded'; model: LoadedModel }
  | { kind: 'answer'; model: LoadedModel; answer: LensAnswer };

const likeliest = 5;

/** Loads the network, then runs the picture. Throws ThawError; the code is `cancelled` if the signal ended it. */
export async function* runLens(runtime: Runtime, request: LensRequest): AsyncGenerator<LensStep, void, void> {
  const { network, picture, signal } = request;
  const model = yield* loadSteps(runtime, request);
  yield { kind: 'loaded', model };
  yield { kind: 'answer', model, answer: await lookThrough(model, network, picture, signal) };
}

/** Runs one picture and returns the answer with every block's output. */
export async function lookThrough(
  model: LoadedModel,
  network: NetworkDescription,
  picture: Picture,
  signal?: AbortSignal,
): Promise<LensAnswer> {
  const { input, output } = pictureManifest(model.manifest);
  const names = [...new Set([output.name, ...network.blocks.map((block) => block.output)])];
  const run = await model.run(
    { [input.name]: preprocess(picture, input) },
    { outputs: names, ...(signal && { signal }) },
  );
  const stacks: Record<string, ActivationStack> = {};
  const faces: Record<string, ActivationStack> = {};
  for (const block of network.blocks) {
    const tensor = run.outputs[block.output];
    if (!tensor) continue;
    const [channels = 1, height = 1, width = 1] = block.shape;
    const stack = { channels, height, width, data: tensor.data };
    stacks[block.id] = stack;
    if (height * width > 1)
      faces[block.id] = { ...stack, channels: 1, data: channelOf(stack, mostVaried(stack)) };
  }
  const logits = run.outputs[output.name];
  if (!logits) throw new Error(`The run returned no "${output.name}".`);
  const probabilities = softmax(logits.data);
  const top = topK(probabilities, likeliest).map(({ index, probability }) => ({
    name: model.labels[index]?.name ?? String(index),
    probability,
  }));
  const { backend, build, threads, precision, note, elapsedMs } = run;
  return { backend, build, threads, precision, note, elapsedMs, top, probabilities, stacks, faces };
}

/** Turns the load's callbacks into steps; several that come at once become the newest one. */
async function* loadSteps(
  runtime: Runtime,
  request: LensRequest,
): AsyncGenerator<LensStep, LoadedModel, void> {
  const { network, backend, precision, signal } = request;
  let stage: LoadStage = 'download';
  let bytes = { receivedBytes: 0, totalBytes: 0 };
  let isNews = false;
  let wake = (): void => undefined;
  const tell = () => {
    isNews = true;
    wake();
  };
  const options: LoadOptions = {
    ...(backend && { backend }),
    ...(precision && { precision }),
    ...(signal && { signal }),
    values: network.blocks.map((block) => block.output),
    onProgress: ({ receivedBytes, totalBytes }) => {
      bytes = { receivedBytes, totalBytes };
      tell();
    },
    onStage: (next) => {
      stage = next;
      tell();
    },
  };
  const load = runtime.load(network.id, options);
  let isOver = false;
  const over = load.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  while (!isOver) {
    if (isNews) {
      isNews = false;
      yield { kind: 'loading', stage, ...bytes };
    } else {
      await Promise.race([over, new Promise<void>((resolve) => (wake = resolve))]);
    }
  }
  return load;
}
