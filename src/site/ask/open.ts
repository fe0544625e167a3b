/** Opens the panel that asks the page; its style, words and code come on first use. */
import type { AskPage } from './element.ts';
import styleAddress from './ask.css?url';
import type { AskData } from './words.ts';

let opening: Promise<AskPage> | undefined;

/** Opens the panel; `opener` names the address of its data and gets the focus back. Rejects where the data cannot be fetched. */
export async function openAsk(opener: HTMLElement): Promise<void> {
  opening ??= makePanel(opener.dataset['ask'] ?? '').catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  (await opening).open(opener);
}

async function makePanel(address: string): Promise<AskPage> {
  const [answer, { AskPage }] = await Promise.all([fetch(address), import('./element.ts'), addStyle()]);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}.`);
  const panel = new AskPage();
  panel.data = (await answer.json()) as AskData;
  return panel;
}

/** As of the search: imported the usual way, the style would stand in every page's head. */
function addStyle(): Promise<void> {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = styleAddress;
  const arrived = new Promise<void>((resolve) => (link.onload = link.onerror = () => resolve()));
  document.head.append(link);
  return arrived;
}
