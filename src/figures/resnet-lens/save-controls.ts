/** Takes away what the lens shows: a link to it, the open block as a picture or as numbers. */
import { t } from '../../site/strings.ts';
import { copyText } from '../kit/copy-text.ts';
import { setText } from '../kit/join.ts';
import { paintedFile, saveFile } from '../kit/save.ts';
import type { LensState } from './model.ts';
import { blockCsv, sheetSvg } from './sheet.ts';

/** Makes the buttons `[data-save]` of the figure work until the signal aborts. */
export function listenForSaving(figure: HTMLElement, read: () => LensState, signal: AbortSignal): void {
  const says = figure.querySelector('[data-part="saved"]');

  async function save(kind: string): Promise<void> {
    const { network, block } = read();
    const name = `${network.id}-${block.replaceAll(/[^\w.]+/g, '-')}`;
    if (kind === 'link') {
      const isCopied = await copyText(location.href);
      setText(says, t(isCopied ? 'lens.linkCopied' : 'lens.linkRefused'));
      return;
    }
    const text = kind === 'csv' ? blockCsv(read()) : sheetSvg(read());
    if (text === '') {
      setText(says, t('lens.nothingToSave'));
      return;
    }
    setText(says, '');
    if (kind === 'csv') saveFile(`${name}.csv`, new Blob([text], { type: 'text/csv' }));
    const drawing = new Blob([text], { type: 'image/svg+xml' });
    if (kind === 'svg') saveFile(`${name}.svg`, drawing);
    if (kind === 'png') saveFile(`${name}.png`, await paintedFile(drawing));
  }

  figure.addEventListener(
    'click',
    ({ target }) => {
      const kind = (target as Element).closest<HTMLElement>('[data-save]')?.dataset['save'];
      if (kind) void save(kind).catch(() => setText(says, t('lens.saveFailed')));
    },
    { signal },
  );
}
