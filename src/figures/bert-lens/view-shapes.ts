/** The way from a string to scores, with every tensor's shape. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawOptions } from './panels.ts';
import { shapeFor, type BertState } from './model.ts';
import { partWords } from './words.ts';
import { saying } from '../kit/join.ts';

interface Station {
  /** What leads here; empty for the first. */
  by: string;
  shape: string;
  what: string;
}

/** Draws the chain as a list: each item the operation that leads there, the shape, and what it is. */
export function drawChain(list: HTMLElement, state: BertState): void {
  const items = select(list)
    .selectAll<HTMLElement, Station>('li')
    .data(stations(state))
    .join((enter) => {
      const item = enter.append('li');
      item.append('span').attr('class', 'op');
      const box = item.append('span').attr('class', 'at');
      box.append('b');
      box.append('span').attr('class', 'sh');
      return item;
    });
  items
    .select('.op')
    .attr('hidden', ({ by }) => (by ? null : ''))
    .each(saying(({ by }) => by));
  items.select('b').each(saying(({ shape }) => shape));
  items.select('.sh').each(saying(({ what }) => what));
}

function stations({ reading, encoder }: BertState): Station[] {
  const length = reading.tokens.length;
  const of = (part: string, name: string): string => {
    const tensor = encoder.parts.find(({ id }) => id === part)?.tensors.find((one) => one.name === name);
    return shapeFor(tensor?.dims ?? [], length);
  };
  const last = `layer.${encoder.layers - 1}`;
  return [
    { by: '', shape: `“${shorten(reading.text)}”`, what: t('bert.chain.text') },
    { by: t('bert.chain.tokenize'), shape: `[${length}]`, what: t('bert.chain.ids') },
    { by: t('bert.chain.unsqueeze'), shape: `[1, ${length}]`, what: t('bert.chain.batch') },
    { by: t('bert.chain.embed'), shape: of('embeddings', 'norm'), what: t('bert.chain.embedded') },
    {
      by: t('bert.chain.layers', { count: encoder.layers }),
      shape: of(last, 'feed_forward.norm'),
      what: t('bert.chain.states'),
    },
    { by: t('bert.chain.head'), shape: of('head', 'logits'), what: t('bert.chain.logits') },
  ];
}

function shorten(text: string): string {
  const letters = Array.from(text);
  return letters.length > 14 ? `${letters.slice(0, 13).join('').trimEnd()} …` : text;
}

/** Draws the tensors of the chosen part with their shapes for this sentence. */
export function drawTensors(choice: HTMLElement, list: HTMLElement, state: BertState): void {
  const { encoder, part, reading } = state;
  drawOptions(
    choice,
    encoder.parts.map(({ id }) => [id, partWords(id)]),
    part,
  );
  const tensors = encoder.parts.find(({ id }) => id === part)?.tensors ?? [];
  const items = select(list)
    .selectAll<HTMLElement, (typeof tensors)[number]>('li')
    .data(tensors)
    .join((enter) => {
      const item = enter.append('li');
      item.append('span');
      item.append('b');
      return item;
    });
  items.select('span').each(saying(({ name }) => name));
  items.select('b').each(saying(({ dims }) => shapeFor(dims, reading.tokens.length)));
}
