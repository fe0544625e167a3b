/**
 * A run of the sentiment figure: an async generator of what happens, so that a page can follow along and a test can take the last.
 *
 *   opened → (phase → step*)* → finished, and after a failure: → stopped → rescued → opened …
 *
 * The training stays open for questions until the caller closes it.
 */
import type { LoadedModel } from '../../engine/runtime/types.ts';
import type { Checkpoint } from '../../engine/trainer/checkpoint.ts';
import type { RunningTraining, TrainingEnd, TrainingNews } from '../../engine/trainer/types.ts';
import { openTokenizer, textManifest } from '../bert-lens/text.ts';
import { followTraining } from '../follow-training.ts';
import { drawExamples, type Example, type Library } from './examples.ts';
import { probabilitiesOf, type Answered } from './judge.ts';
import { exampleSet, orderOf, type TextNetwork } from './order.ts';
import type { SentimentSettings } from './settings.ts';
import { lengthFor, textBatch, type TextReader } from './text-batch.ts';

/** The reader of a loaded network's texts. Throws a ThawError 'bad-input' if the network takes pictures. */
export function openTextReader({
  manifest,
  vocabulary,
}: Pick<LoadedModel, 'manifest' | 'vocabulary'>): TextReader {
  return { tokenizer: openTokenizer(manifest, vocabulary), input: textManifest(manifest).input };
}

export interface RunRequest {
  readonly model: LoadedModel;
  readonly reader: TextReader;
  readonly network: TextNetwork;
  readonly library: Library;
  readonly settings: SentimentSettings;
  readonly signal: AbortSignal;
  /** After a failure: the network on something that still works, or undefined to give up. */
  readonly rescue?: Rescue;
}

/** Finds the network on something that still works. */
export type Rescue = (error: unknown, failed: LoadedModel) => Promise<LoadedModel | undefined>;

/** A training that can be asked, and the length of its sentences in tokens. */
export interface OpenRun {
  readonly training: RunningTraining;
  readonly length: number;
}

export type RunEvent =
  | ({ readonly kind: 'opened' } & OpenRun)
  /** `stopped` tells of a failure. */
  | TrainingNews
  /** It goes on from its last whole step elsewhere: opened comes again. */
  | { readonly kind: 'rescued'; readonly error: unknown; readonly step: number }
  | { readonly kind: 'finished'; readonly end: TrainingEnd; readonly answers: readonly Answered[] };

/** Trains as the settings say and answers the held-out sentences. Throws ThawErrors; after 'cancelled' the training may be driven on. */
export async function* runSentiment(request: RunRequest): AsyncGenerator<RunEvent, void, void> {
  const { reader, network, library, settings, signal, rescue } = request;
  const { train, heldOut } = drawExamples(library, settings);
  const length = lengthFor(reader, sentencesOf([...train, ...heldOut]));
  const sets = {
    train: exampleSet(reader, train, length),
    heldOut: exampleSet(reader, heldOut, length),
  };
  const order = orderOf(network, settings, sets, maskOf(reader));
  let { model } = request;
  let from: Checkpoint | undefined;
  for (;;) {
    const run = { training: await model.train({ ...order, ...(from && { from }) }), length };
    yield { kind: 'opened', ...run };
    try {
      const end = yield* followTraining(run.training, signal, (news) => {
        if (news.kind === 'stopped') from = news.kept;
      });
      yield { kind: 'finished', end, answers: await answerAll(run, reader, heldOut) };
      return;
    } catch (error) {
      if (signal.aborted || !from || !rescue) throw error;
      await run.training.close().catch(() => undefined);
      const next = await rescue(error, model);
      if (!next) throw error;
      model = next;
      yield { kind: 'rescued', error, step: from.step };
    }
  }
}

/** What a training's network says of sentences. */
export async function answerAll(
  { training, length }: OpenRun,
  reader: TextReader,
  examples: readonly Example[],
): Promise<Answered[]> {
  if (examples.length === 0) return [];
  const { logits } = await training.ask({ inputs: textBatch(reader, sentencesOf(examples), length) });
  const probabilities = probabilitiesOf(logits);
  return examples.map((example, at) => ({ example, probability: probabilities[at] }));
}

/** The input that tells padding. */
export function maskOf({ input }: TextReader): string {
  return input.mask ?? '';
}

/** The sentences alone. */
export function sentencesOf(examples: readonly Example[]): string[] {
  return examples.map(({ sentence }) => sentence);
}
