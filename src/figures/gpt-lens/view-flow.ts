/** The text piece by piece, darker where the network was surprised; and the buttons that write on. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount, formatPercent } from '../kit/format.ts';
import { setText } from '../kit/join.ts';
import { drawPanelTitle, type Part } from '../bert-lens/panels.ts';
import { perplexities, type GptState, type Surprise } from './model.ts';

/** So many bits get full ink: a piece that it thought as likely as one in a thousand. */
const fullBits = 10;

/** Draws title, pieces and sentences. */
export function drawFlow(part: Part, state: GptState): void {
  const { reading, place, decoder } = state;
  const { tokens, surprises, written } = reading;
  drawPanelTitle(part('flow-title'), t('gpt.flow'), t('gpt.flowNote'));
  const begins = tokens.length - written.length;
  select(part('flow'))
    .selectAll<HTMLButtonElement, (typeof tokens)[number]>('button')
    .data(tokens)
    .join((enter) => {
      const button = enter.append('button').attr('type', 'button').attr('class', 'piece');
      button.append('span');
      button.append('i').attr('aria-hidden', 'true');
      return button;
    })
    .attr('aria-pressed', (_, at) => String(at === place))
    .attr('tabindex', (_, at) => (at === Math.min(place, tokens.length - 1) ? 0 : -1))
    .attr('data-written', (_, at) => (at >= begins ? '' : null))
    .attr('data-joins', ({ piece }) => (piece.startsWith('##') ? '' : null))
    .attr('aria-label', ({ piece }, at) => pieceWords(piece, surprises[at], at >= begins))
    .each(function ({ piece }, at) {
      setText(this.querySelector('span'), piece.replace(/^##/, ''));
      const bits = surprises[at]?.bits ?? 0;
      this.querySelector('i')?.setAttribute('style', `--v:${Math.min(1, bits / fullBits).toFixed(3)}`);
    });
  const shown = tokens[place];
  setText(part('flow-note'), shown ? pieceWords(shown.piece, surprises[place], place >= begins) : '');
  setText(part('perplexity'), perplexityWords(state));
  const longest = decoder.positions;
  setText(part('stopped'), state.stopped ? t(`gpt.stopped.${state.stopped}`, { longest }) : '');
}

/** A piece and how it was seen coming. */
export function pieceWords(piece: string, surprise: Surprise | undefined, isWritten: boolean): string {
  if (!surprise) return t('gpt.pieceFirst', { piece });
  const words = {
    piece,
    bits: surprise.bits.toFixed(1),
    share: formatPercent(surprise.probability),
    rank: formatCount(surprise.rank),
  };
  return isWritten ? t('gpt.pieceWritten', words) : t('gpt.piece', words);
}

function perplexityWords(state: GptState): string {
  const { own, written } = perplexities(state);
  const facts = ({ mean, perplexity }: NonNullable<typeof own>) => ({
    bits: mean.toFixed(1),
    perplexity: perplexity < 100 ? perplexity.toFixed(1) : formatCount(Math.round(perplexity)),
    all: formatCount(state.decoder.pieces),
  });
  const sentences = [
    own ? t('gpt.perplexity', facts(own)) : '',
    written ? t('gpt.perplexityWritten', facts(written)) : '',
  ];
  return sentences.filter(Boolean).join(' ');
}

/** Draws the buttons that write on and take back. */
export function drawButtons(
  root: HTMLElement,
  { isWriting, written, status, reading, decoder }: GptState,
): void {
  const hasRoom = reading.tokens.length < decoder.positions;
  const button = (action: string) => root.querySelector(`[data-action="${action}"]`);
  setText(button('write'), isWriting ? t('gpt.pause') : t('gpt.write'));
  const isBusy = status === 'loading';
  button('step')?.toggleAttribute('disabled', isBusy || isWriting || !hasRoom);
  button('write')?.toggleAttribute('disabled', isBusy || (!isWriting && !hasRoom));
  button('undo')?.toggleAttribute('disabled', written.length === 0);
  button('clear')?.toggleAttribute('disabled', written.length === 0);
}
