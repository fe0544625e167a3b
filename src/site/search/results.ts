/** Draws what was found. Text from the index is set as text, never as HTML. */
import { t } from '../strings.ts';
import type { Answer, Hit } from './engine.ts';

/** One sentence in place of results. */
export function drawMessage(words: string): HTMLElement {
  return make('p', 'search-message', words);
}

/** The results by page, after a better spelling if there is one. `ask` searches for that instead. */
export function drawAnswer(query: string, answer: Answer, ask: (query: string) => void): HTMLElement[] {
  const parts: HTMLElement[] = [];
  if (answer.suggestion !== undefined) parts.push(drawSuggestion(query, answer, answer.suggestion, ask));
  else if (answer.count === 0)
    parts.push(drawMessage(t('search.none', { query })), drawMessage(t('search.advice')));
  for (const { page, hits } of answer.groups) {
    const group = make('section', 'search-group');
    const list = make('ul', '');
    list.append(...hits.map(drawHit));
    group.append(make('h2', 'search-page', page), list);
    parts.push(group);
  }
  return parts;
}

function drawSuggestion(
  query: string,
  answer: Answer,
  suggestion: string,
  ask: (query: string) => void,
): HTMLElement {
  const line = make('p', 'search-message');
  if (answer.searched !== query) line.append(`${t('search.none', { query })} `);
  const button = make('button', 'search-suggestion', suggestion);
  button.addEventListener('click', () => ask(suggestion));
  line.append(`${t('search.suggest')} `, button, '?');
  return line;
}

function drawHit({ url, title, excerpt, isEntry }: Hit): HTMLElement {
  const item = make('li', '');
  const link = make('a', isEntry ? 'search-hit is-entry' : 'search-hit');
  link.setAttribute('href', url);
  const words = make('span', 'search-excerpt');
  for (const { text, isFound } of excerpt) words.append(isFound ? make('mark', '', text) : text);
  link.append(make('span', 'search-title', title), ' ', words);
  item.append(link);
  return item;
}

function make(tag: string, className: string, text?: string): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}
