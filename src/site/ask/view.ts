/** Draws the panel. Words of the page are set as text, never as HTML. */
import { select } from 'd3';
import { formatBytes, formatMilliseconds, formatPercent } from '../../figures/kit/format.ts';
import { setText } from '../../figures/kit/join.ts';
import { drawNews } from '../../figures/kit/stage.ts';
import { oneLine } from './page-text.ts';
import { isBusy, type AskState } from './state.ts';
import { fillWord, type AskData, type AskWord } from './words.ts';

/** The panel's markup; its words are set by `labelShell`. */
export const askShell = `
<div class="ask-head"><h2 id="ask-title"></h2><button type="button" class="btn btn-quiet" data-action="close"></button></div>
<form class="ask-form" data-part="stage" novalidate>
  <label for="ask-question"></label>
  <input class="ask-question" id="ask-question" name="question" type="text" dir="auto" autocomplete="off" enterkeyhint="go" aria-describedby="ask-about ask-remark">
  <p class="ask-remark" id="ask-remark" data-part="remark" hidden></p>
  <div class="actions"><button type="submit" class="btn btn-primary" data-part="start"></button><button type="button" class="btn" data-action="cancel" hidden></button></div>
</form>
<p class="ask-about" id="ask-about" data-part="about"></p>
<div class="ask-windows" data-part="windows" hidden><span></span><progress class="bytes"></progress></div>
<section class="ask-answer" data-part="answer" hidden aria-labelledby="ask-answer-head">
  <h3 id="ask-answer-head"></h3>
  <blockquote class="ask-sentence" data-part="sentence"></blockquote>
  <p class="ask-score" data-part="score"></p>
  <div class="ask-steps"><button type="button" class="btn" data-action="previous"></button><span data-part="of"></span><button type="button" class="btn" data-action="next"></button><button type="button" class="btn btn-quiet" data-action="clear"></button></div>
</section>
<p class="ask-note" data-part="note" hidden></p>
<p class="sr-only" data-part="live" role="status" aria-live="polite"></p>`;

const partOf = (root: Element, name: string): HTMLElement => {
  const part = root.querySelector<HTMLElement>(`[data-part="${name}"]`);
  if (!part) throw new Error(`The panel has no part "${name}".`);
  return part;
};

/** Sets the words that never change. */
export function labelShell(root: HTMLElement, words: AskData['words']): void {
  const put = (selector: string, word: AskWord) => setText(root.querySelector(selector), words[word]);
  put('#ask-title', 'title');
  put('label', 'question');
  put('[data-action="close"]', 'close');
  put('[data-action="previous"]', 'previous');
  put('[data-action="next"]', 'next');
  put('[data-action="clear"]', 'clear');
  put('#ask-answer-head', 'answer');
  root.setAttribute('role', 'region');
  root.setAttribute('aria-labelledby', 'ask-title');
}

/** Draws the state. */
export function drawAsk(root: HTMLElement, state: AskState, words: AskData['words']): void {
  const say = (name: AskWord, values?: Record<string, string | number>) => fillWord(words, name, values);
  const { status, downloadBytes, reading, remark } = state;
  drawNews(partOf(root, 'stage'), state);
  const input = root.querySelector<HTMLInputElement>('.ask-question');
  if (input && input.value !== state.question) input.value = state.question;
  input?.toggleAttribute('aria-invalid', remark !== '');
  show(partOf(root, 'remark'), remark);
  const size = formatBytes(downloadBytes);
  const start = partOf(root, 'start');
  setText(start, downloadBytes > 0 ? say('start', { size }) : say('again'));
  start.toggleAttribute('disabled', isBusy(state));
  const cancel = root.querySelector<HTMLElement>('[data-action="cancel"]');
  setText(cancel, status === 'running' ? say('stop') : say('cancel'));
  cancel?.toggleAttribute('hidden', !isBusy(state));
  const about = partOf(root, 'about');
  setText(about, downloadBytes > 0 ? say('about', { size }) : say('stored'));
  about.hidden = downloadBytes === 0 && reading !== undefined;
  drawWindows(partOf(root, 'windows'), state, say);
  drawAnswer(root, state, say);
  show(partOf(root, 'note'), reading && status !== 'running' ? noteOf(state, say) : '');
}

type Say = (name: AskWord, values?: Record<string, string | number>) => string;

function show(element: HTMLElement, words: string): void {
  setText(element, words);
  element.hidden = words === '';
}

function drawWindows(part: HTMLElement, { status, reading }: AskState, say: Say): void {
  part.hidden = status !== 'running';
  if (part.hidden) return;
  const { done = 0, windows = 0 } = reading ?? {};
  setText(part.querySelector('span'), reading ? say('window', { done, windows }) : say('reading'));
  const bar = part.querySelector('progress');
  bar?.setAttribute('aria-label', say('reading'));
  bar?.setAttribute('max', String(Math.max(1, windows)));
  bar?.setAttribute('value', String(done));
}

function drawAnswer(root: HTMLElement, { reading, at, text, status }: AskState, say: Say): void {
  const part = partOf(root, 'answer');
  const answer = reading?.answers[at];
  part.hidden = !answer;
  if (!reading || !answer) return;
  const { sentence, start, end, score, share } = answer;
  const heading = reading.isNothing ? 'weak' : 'answer';
  setText(part.querySelector('h3'), say(heading));
  const parts = [
    { isAnswer: false, words: text.slice(sentence.start, start) },
    { isAnswer: true, words: text.slice(start, end) },
    { isAnswer: false, words: text.slice(end, sentence.end) },
  ];
  select(partOf(root, 'sentence'))
    .selectAll<HTMLElement, (typeof parts)[number]>('span, mark')
    .data(parts)
    .join((enter) => enter.append(({ isAnswer }) => document.createElement(isAnswer ? 'mark' : 'span')))
    // A citation before the full stop is passed over, the space before it stays
    .text(({ words }) => words.replace(/\s+/g, ' ').replace(/ (?=[.,;:])/g, ''));
  setText(
    partOf(root, 'score'),
    say('score', {
      score: score.toFixed(1),
      share: formatPercent(share),
      nothing: reading.nothing.score.toFixed(1),
    }),
  );
  setText(partOf(root, 'of'), say('of', { number: at + 1, count: reading.answers.length }));
  for (const action of ['previous', 'next'])
    part
      .querySelector(`[data-action="${action}"]`)
      ?.toggleAttribute('disabled', status === 'loading' || reading.answers.length < 2);
}

function noteOf({ reading, isStopped, isRefused }: AskState, say: Say): string {
  if (!reading) return '';
  const { done, windows, run } = reading;
  const sentences = [
    reading.isNothing ? `${say('nothing')} ${say('hint')}` : '',
    reading.isCut ? say('cut') : '',
    isStopped && done < windows ? say('stopped', { done, windows }) : '',
    say('took', { time: formatMilliseconds(run.elapsedMs), threads: run.threads }),
    isRefused ? say('refused') : '',
  ];
  return sentences.filter(Boolean).join(' ');
}

/** What a screen reader says when a reading ends. */
export function sayReading({ reading, at, text }: AskState, words: AskData['words']): string {
  const answer = reading?.answers[at];
  if (!reading || !answer) return fillWord(words, 'nothing');
  const found = fillWord(words, 'found', {
    number: at + 1,
    count: reading.answers.length,
    answer: oneLine(text.slice(answer.start, answer.end)),
    sentence: oneLine(text.slice(answer.sentence.start, answer.sentence.end)),
  });
  return reading.isNothing ? `${fillWord(words, 'nothing')} ${found}` : found;
}
