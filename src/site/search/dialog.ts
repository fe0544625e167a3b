/**
 * The search dialog. `data-state` on its results says where it stands:
 *   empty     nothing typed yet
 *   loading   index or answer on the way
 *   ready     the answer to what is in the field, possibly "nothing found"
 *   failed    the index could not be read
 */
import { address } from '../content/address.ts';
import { t } from '../strings.ts';
import { findSections, RANKING, type Answer, type EnginePorts } from './engine.ts';
import type { Pagefind } from './pagefind-module.ts';
import { drawAnswer, drawMessage } from './results.ts';
import styleAddress from './search.css?url';
import { readWordList } from './word-list.ts';

/** A pause of this length ends a word; searching takes a few milliseconds once the index is there. */
const PAUSE_MS = 120;

type State = 'empty' | 'loading' | 'ready' | 'failed';

let dialog: SearchDialog | undefined;
let styled: Promise<void> | undefined;

/** Opens the search; makes the dialog, once its style is there, on first use. `query` is asked at the end, since readers type meanwhile. */
export async function openSearch(query: () => string): Promise<void> {
  styled ??= addStyle();
  await styled;
  dialog ??= createDialog();
  dialog.open(query());
}

/** The style sheet comes with the dialog: imported the usual way, it would stand in every page's head. */
function addStyle(): Promise<void> {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = styleAddress;
  // An unstyled dialog is better than none
  const arrived = new Promise<void>((resolve) => (link.onload = link.onerror = () => resolve()));
  document.head.append(link);
  return arrived;
}

interface SearchDialog {
  open: (query: string) => void;
}

function createDialog(): SearchDialog {
  const element = document.createElement('dialog');
  element.className = 'search-dialog not-content';
  element.setAttribute('aria-label', t('search.label'));
  element.innerHTML =
    `<form method="dialog" class="search-head" role="search"><input type="search" class="search-field" enterkeyhint="search" autocomplete="off" autocapitalize="off" spellcheck="false">` +
    `<button class="btn search-close" value="close"></button></form>` +
    `<p class="search-status" role="status"></p><div class="search-results" data-state="empty"></div>` +
    `<p class="search-hint"><span><kbd>↑</kbd> <kbd>↓</kbd> <i></i></span><span><kbd>Enter</kbd> <i></i></span><span><kbd>Esc</kbd> <i></i></span></p>`;
  const find = <E extends HTMLElement>(selector: string): E => {
    const found = element.querySelector<E>(selector);
    if (!found) throw new Error(`The search dialog should hold ${selector}.`);
    return found;
  };
  const field = find<HTMLInputElement>('.search-field');
  const results = find<HTMLElement>('.search-results');
  const status = find<HTMLElement>('.search-status');
  field.placeholder = t('search.placeholder');
  field.setAttribute('aria-label', t('search.label'));
  find('.search-close').textContent = t('search.close');
  const hints = [t('search.hint.move'), t('search.hint.open'), t('search.hint.close')];
  for (const [index, hint] of [...element.querySelectorAll('.search-hint i')].entries())
    hint.textContent = hints[index] ?? '';
  document.body.append(element);

  let ports: Promise<EnginePorts> | undefined;
  let latest = 0;
  let pause: ReturnType<typeof setTimeout> | undefined;

  const show = (state: State, content: Node[], words: string): void => {
    results.dataset['state'] = state;
    results.dataset['query'] = field.value.trim();
    results.replaceChildren(...content);
    status.textContent = words;
  };

  const run = async (): Promise<void> => {
    const turn = ++latest;
    const query = field.value.trim();
    if (!query) {
      show('empty', [drawMessage(t('search.empty'))], '');
      return;
    }
    results.dataset['state'] = 'loading';
    if (!results.querySelector('a')) results.replaceChildren(drawMessage(t('search.loading')));
    try {
      ports ??= openIndex();
      const answer = await findSections(query, await ports);
      // The reader typed on while this answer was made
      if (turn !== latest) return;
      show('ready', drawAnswer(query, answer, askInstead), describe(query, answer));
    } catch {
      ports = undefined; // so that the next try fetches again
      if (turn === latest) show('failed', [drawMessage(t('search.failed'))], t('search.failed'));
    }
  };
  const askInstead = (query: string): void => {
    field.value = query;
    field.focus();
    void run();
  };

  field.addEventListener('input', () => {
    clearTimeout(pause);
    pause = setTimeout(() => void run(), PAUSE_MS);
  });
  element.addEventListener('keydown', (event) => onKey(event, field, results));
  // A result may lead to this very page: then nothing loads, and the dialog would stay
  results.addEventListener('click', (event) => {
    if ((event.target as Element).closest('a') && !event.ctrlKey && !event.metaKey && !event.shiftKey)
      element.close();
  });
  element.addEventListener('click', (event) => {
    if (event.target === element) element.close();
  });

  return {
    open: (query) => {
      if (!element.open) element.showModal(); // closing gives the focus back to where it was
      field.focus();
      if (query) {
        field.value = query;
        field.setSelectionRange(query.length, query.length); // typing goes on behind it
      } else field.select();
      void run();
      ports ??= openIndex();
      ports.catch(() => (ports = undefined));
    },
  };
}

/** Arrows go through field and results; Enter in the field opens the first result. */
function onKey(event: KeyboardEvent, field: HTMLInputElement, results: HTMLElement): void {
  const links = [...results.querySelectorAll<HTMLElement>('a, button')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const inField = document.activeElement === field;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    if (!inField && at < 0) return;
    event.preventDefault();
    const next = at + (event.key === 'ArrowDown' ? 1 : -1);
    if (next < 0) field.focus();
    else links[Math.min(next, links.length - 1)]?.focus();
  } else if (event.key === 'Home' && at >= 0) {
    event.preventDefault();
    links[0]?.focus();
  } else if (event.key === 'End' && at >= 0) {
    event.preventDefault();
    links.at(-1)?.focus();
  } else if (event.key === 'Enter' && inField && !event.isComposing) {
    event.preventDefault();
    if (results.dataset['state'] === 'ready') results.querySelector<HTMLElement>('a')?.click();
  } else if (
    at >= 0 &&
    event.key.length === 1 &&
    event.key !== ' ' &&
    !event.ctrlKey &&
    !event.metaKey &&
    !event.altKey
  ) {
    field.focus(); // the letter then goes into the field
  }
}

async function openIndex(): Promise<EnginePorts> {
  const pagefind = (await import(/* @vite-ignore */ address('pagefind/pagefind.js'))) as Pagefind;
  await pagefind.options({ baseUrl: address(''), excerptLength: 24, ranking: RANKING, noWorker: true });
  let words: Promise<ReadonlyMap<string, number>> | undefined;
  return {
    pagefind,
    loadWords: () =>
      (words ??= fetch(address('search/words.txt')).then(async (response) => {
        if (!response.ok) throw new Error(`words.txt answered ${response.status}.`);
        return readWordList(await response.text());
      })),
  };
}

function describe(query: string, { count, suggestion, searched }: Answer): string {
  const found =
    count === 0 ? t('search.none', { query: searched }) : t('search.count', { count, query: searched });
  return suggestion !== undefined && searched === query
    ? `${found} ${t('search.suggest')} ${suggestion}?`
    : found;
}
