/** A question to the text of a page: windows run one after the other, and after each the best answers so far. */
import { ThawError } from '../../engine/errors.ts';
import { isTextManifest } from '../../engine/registry/manifest.ts';
import type { TextManifest } from '../../engine/registry/text-manifest.ts';
import type { LoadedModel, LoadOptions, RunResult, Runtime } from '../../engine/runtime/types.ts';
import type { Token } from '../../text/token.ts';
import { readWordPiece, type PairTokenizer } from '../../text/wordpiece/tokenizer.ts';
import { bestApart, sharesOf, windowSpans, type Span } from './spans.ts';
import { contextPlace, cutWindows, orderWindows, readQuestion, windowInputs } from './windows.ts';

/** A stretch of a text, UTF-16 indices, end excluded. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The text of a page; `blocks` are its paragraphs, and no answer reaches over the end of one. */
export interface PageWords {
  readonly text: string;
  readonly blocks: readonly Stretch[];
}

/** A stretch of the page that may answer the question. */
export interface PageAnswer extends Stretch {
  /** The sentence that it stands in. */
  readonly sentence: Stretch;
  /** Logit of the beginning plus logit of the end. */
  readonly score: number;
  /** Its share, by softmax, among the answers that are shown and "no answer". */
  readonly share: number;
}

/** Where a reading stands. */
export interface Reading {
  /** Windows read, and all of them. */
  readonly done: number;
  readonly windows: number;
  /** Best first. */
  readonly answers: readonly PageAnswer[];
  /** Score and share of "no answer": the two logits of [CLS], from the window that speaks against it most. */
  readonly nothing: { readonly score: number; readonly share: number };
  /** Whether "no answer" scores higher than every answer. */
  readonly isNothing: boolean;
  /** Whether the end of the question was left out. */
  readonly isCut: boolean;
  readonly run: Omit<RunResult, 'outputs'>;
}

/** A loaded network that answers questions. */
export interface Answerer {
  readonly model: LoadedModel;
  /** Yields after each window. Throws ThawErrors 'bad-input' for a question or a page without a word that the network knows, 'cancelled'. */
  ask: (page: PageWords, question: string, signal?: AbortSignal) => AsyncGenerator<Reading, void>;
}

/** So many answers are kept. */
export const mostAnswers = 5;

/** Loads the network and its vocabulary. Throws a ThawError 'bad-input' for a network that answers no questions. */
export async function openAnswerer(runtime: Runtime, id: string, options: LoadOptions): Promise<Answerer> {
  const model = await runtime.load(id, options);
  const { manifest } = model;
  const end = isTextManifest(manifest) ? manifest.answerEnd : undefined;
  if (!isTextManifest(manifest) || end === undefined)
    throw badInput(`"${manifest.title}" answers no questions.`, 'Choose a network for question answering.');
  const { lowercase, stripAccents } = manifest.input.tokenizer;
  const tokenizer = readWordPiece(model.vocabulary ?? new Uint8Array(), {
    lowerCase: lowercase,
    stripAccents,
    file: manifest.files.vocabulary.path,
  });
  return {
    model,
    ask: (page, question, signal) => askPage({ model, manifest, end, tokenizer }, page, question, signal),
  };
}

interface Parts {
  model: LoadedModel;
  manifest: TextManifest;
  /** The output that scores ends. */
  end: string;
  tokenizer: PairTokenizer;
}

async function* askPage(
  { model, manifest, end, tokenizer }: Parts,
  page: PageWords,
  question: string,
  signal?: AbortSignal,
): AsyncGenerator<Reading, void> {
  const { input, output } = manifest;
  const asked = readQuestion(question, tokenizer, input.special.unknown);
  if (!asked.isKnown) throw badInput('The network knows no sign of this question.', 'Ask in English words.');
  const tokens = tokenizer.encode(page.text, { withFrame: false });
  const blocks = blockOfTokens(tokens, page.blocks);
  if (tokens.length === 0)
    throw badInput('There is no text on this page that could be read.', 'Open a chapter and ask there.');
  const room = input.longest - asked.tokens.length - 3;
  const windows = orderWindows(cutWindows(tokens.length, room), tokens, asked.tokens);
  const place = contextPlace(asked.tokens);
  let spans: Span[] = [];
  let least = Infinity;
  for (const [index, { from, to }] of windows.entries()) {
    const inputs = windowInputs(asked.tokens, tokens.slice(from, to), tokenizer, input);
    const { outputs, ...run } = await model.run(inputs, {
      outputs: [output.name, end],
      ...(signal && { signal }),
    });
    const [starts, ends] = [outputs[output.name].data, outputs[end].data];
    const fits = (first: number, last: number) => blocks[first] >= 0 && blocks[first] === blocks[last];
    spans = bestApart(
      [...spans, ...windowSpans(starts, ends, { place, from, count: to - from }, fits)],
      mostAnswers,
    );
    least = Math.min(least, starts[0] + ends[0]);
    const shares = sharesOf([...spans.map(({ score }) => score), least]);
    yield {
      done: index + 1,
      windows: windows.length,
      answers: spans.map((span, at) => ({
        ...placeOf(span, tokens, blocks, page),
        score: span.score,
        share: shares[at],
      })),
      nothing: { score: least, share: shares[spans.length] },
      isNothing: spans.length === 0 || spans[0].score < least,
      isCut: asked.isCut,
      run,
    };
  }
}

/** The number of the block that each token stands in; −1 between blocks. */
function blockOfTokens(tokens: readonly Token[], blocks: readonly Stretch[]): Int32Array {
  const numbers = new Int32Array(tokens.length).fill(-1);
  let block = 0;
  tokens.forEach(({ start, end }, index) => {
    while (block < blocks.length - 1 && start >= blocks[block].end) block += 1;
    const stretch = blocks[block] as Stretch | undefined;
    if (stretch && start >= stretch.start && end <= stretch.end) numbers[index] = block;
  });
  return numbers;
}

/** The place of a span in the text, widened to whole words, and its sentence. */
function placeOf(
  { first, last }: Span,
  tokens: readonly Token[],
  blocks: Int32Array,
  { text, blocks: stretches }: PageWords,
): Pick<PageAnswer, 'start' | 'end' | 'sentence'> {
  let [from, to] = [first, last];
  while (from > 0 && tokens[from - 1].word === tokens[from].word) from -= 1;
  while (to < tokens.length - 1 && tokens[to + 1].word === tokens[to].word) to += 1;
  const [{ start }, { end }] = [tokens[from], tokens[to]];
  return { start, end, sentence: sentenceAt(text, stretches[blocks[first]], { start, end }) };
}

/** The sentence, or the sentences, of the block that the stretch stands in, without the space around. */
export function sentenceAt(text: string, block: Stretch, { start, end }: Stretch): Stretch {
  const words = text.slice(block.start, block.end);
  let [from, to] = [block.start, block.end];
  for (const { index, segment } of new Intl.Segmenter('en', { granularity: 'sentence' }).segment(words)) {
    const at = block.start + index;
    if (at <= start) from = at;
    if (at + segment.length >= end) {
      to = at + segment.length;
      break;
    }
  }
  const inside = text.slice(from, to);
  return { start: from + inside.length - inside.trimStart().length, end: from + inside.trimEnd().length };
}

function badInput(message: string, advice: string): ThawError {
  return new ThawError({ code: 'bad-input', message, advice });
}
