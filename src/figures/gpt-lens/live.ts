/** The lens with an engine: loads the network, reads the text, writes on. Loaded only when the reader reaches for it. */
import { fetchCatalogue } from '../../engine/registry/catalogue.ts';
import { describeDecoder } from '../../labs/gpt-lens/decoder.ts';
import { openGptReader, type GptReader } from '../../labs/gpt-lens/reader.ts';
import { t } from '../../site/strings.ts';
import { openLens, type LensLive } from '../bert-lens/live-lens.ts';
import { formatPercent } from '../kit/format.ts';
import type { FigureHost } from '../kit/live-figure.ts';
import type { GptData } from './data.ts';
import type { GptState } from './model.ts';

/** What the live part needs from its element. */
export interface LiveHost extends FigureHost<GptState> {
  /** Under this name the reader's text waits out a reload. */
  key: string;
  data: GptData;
  /** As `update`, for what a link carries. */
  share: (change: Partial<GptState>) => void;
}

export interface GptLive extends LensLive {
  /** Draws pieces and puts them behind the text, at most so many; loads the network if needed. Ends where the state says so. */
  write: (most: number) => Promise<void>;
}

/** The live part of one lens. Rejects with a ThawError while its catalogue cannot be fetched. */
export async function openGpt(host: LiveHost): Promise<GptLive> {
  const catalogue = await fetchCatalogue(host.data.download.catalogue);
  const { id: modelId, title } = host.data.frame.decoder;
  const lens = openLens(host, {
    catalogue,
    modelId,
    open: (runtime, options) => openGptReader(runtime, host.data.frame.decoder, options),
    keep: (): Pick<GptState, 'text' | 'written' | 'settings'> => {
      const { text, written, settings } = host.read();
      return { text, written, settings };
    },
    restore: (kept) => host.update({ ...kept, place: -1, from: -1 }),
    arrive,
    read,
    stop: () => host.update({ isWriting: false }),
  });
  return { ...lens, write };

  async function read(reader: GptReader, isStale: () => boolean): Promise<void> {
    const { text, written, place, from } = host.read();
    if (host.read().status === 'ready' && !host.read().isWriting) host.update({ status: 'running' });
    const { reading, report } = await reader.read({ text, written, place });
    const wanted = host.read();
    // Typed on meanwhile: the next round draws
    if (isStale() && (wanted.text !== text || wanted.written !== written)) return;
    host.update({
      status: 'ready',
      isPrecomputed: false,
      progress: undefined,
      problem: undefined,
      downloadBytes: 0,
      report: { ...report, storageRefused: reader.storageRefused },
      reading,
      // A link may name pieces that the vocabulary has not, or more than there are places
      written: reading.written,
      place: reading.place,
      from: from < 0 || wanted.from < 0 ? reading.place : Math.min(wanted.from, reading.tokens.length - 1),
      cell: undefined,
    });
    const id = reading.ranked.ids[0];
    host.announce(
      t('gpt.announceRead', {
        piece: reading.tokens[reading.place].piece,
        best: reader.pieces[id],
        share: formatPercent(reading.ranked.probabilities[0]),
      }),
    );
  }

  async function write(most: number): Promise<void> {
    if (!lens.loaded()) await lens.run();
    const reader = lens.loaded();
    if (!reader || host.read().status === 'failed') return;
    host.share({ isWriting: true, place: -1, from: -1, stopped: undefined });
    await lens.refresh();
    for (let count = 0; count < most && host.read().isWriting && !host.signal.aborted; count++) {
      const drawn = reader.draw(host.read().settings);
      if ('end' in drawn) {
        host.update({ stopped: drawn.end });
        break;
      }
      host.share({ written: [...host.read().written, drawn.id], place: -1, from: -1 });
      await lens.refresh();
      if (host.read().status === 'failed') break;
      // One drawing a piece, so that the reader sees each come and the page hears a press
      await new Promise(requestAnimationFrame);
    }
    const { isWriting, reading } = host.read();
    if (isWriting) host.update({ isWriting: false });
    const piece = reading.tokens.at(-1)?.piece ?? '';
    host.announce(
      most === 1 ? t('gpt.announceWrote', { piece }) : t('gpt.announceWhole', { text: reading.whole }),
    );
  }

  /** Takes the pieces, and what the file that just arrived says, should it differ from what the build read. */
  function arrive(reader: GptReader, file: Uint8Array<ArrayBuffer> | undefined): void {
    host.update({ names: reader.pieces, barred: reader.barred });
    if (!file) return;
    const decoder = describeDecoder(file, modelId, title);
    if (JSON.stringify(decoder) === JSON.stringify(reader.decoder)) return;
    reader.decoder = decoder;
    host.update({ decoder, notice: t('gpt.differs') });
  }
}
