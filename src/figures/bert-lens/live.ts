/**
 * The lens with an engine: loads the network, reads texts, turns what comes back into state. Loaded only when the reader reaches for it.
 */
import { fetchCatalogue } from '../../engine/registry/catalogue.ts';
import { describeEncoder } from '../../labs/bert-lens/encoder.ts';
import { openReader, type LensReader } from '../../labs/bert-lens/reader.ts';
import { t } from '../../site/strings.ts';
import { formatMilliseconds, formatPercent } from '../kit/format.ts';
import type { FigureHost } from '../kit/live-figure.ts';
import type { BertData } from './data.ts';
import { openLens, type LensLive } from './live-lens.ts';
import type { BertState } from './model.ts';

/** What the live part needs from its element. */
export interface LiveHost extends FigureHost<BertState> {
  /** Under this name the reader's text waits out a reload. */
  key: string;
  data: BertData;
}

/** The live part of one lens. Rejects with a ThawError while its catalogue cannot be fetched. */
export async function openBert(host: LiveHost): Promise<LensLive> {
  const catalogue = await fetchCatalogue(host.data.download.catalogue);
  const { id: modelId, title } = host.data.frame.encoder;
  return openLens(host, {
    catalogue,
    modelId,
    open: (runtime, options) => openReader(runtime, host.data.frame.encoder, options),
    keep: (): Pick<BertState, 'text' | 'other' | 'hidden'> => {
      const { text, other, hidden } = host.read();
      return { text, other, hidden };
    },
    restore: (kept) => host.update({ ...kept, place: -1, from: -1 }),
    arrive: followFile,
    read,
  });

  async function read(reader: LensReader, isStale: () => boolean): Promise<void> {
    const { text, other, hidden, place, from } = host.read();
    if (host.read().status === 'ready') host.update({ status: 'running' });
    const { reading, report } = await reader.read({ text, other, hidden, place });
    const wanted = host.read();
    // Typed on meanwhile: the next round draws
    if (isStale() && wanted.text !== text) return;
    host.update({
      status: 'ready',
      isPrecomputed: false,
      progress: undefined,
      problem: undefined,
      downloadBytes: 0,
      report: { ...report, storageRefused: reader.storageRefused },
      reading,
      place: reading.guess.place,
      from: from < 0 || wanted.from < 0 ? reading.guess.place : wanted.from,
      cell: undefined,
      depth: Math.min(wanted.depth, wanted.encoder.layers),
    });
    const [best] = reading.guess.depths.at(-1) ?? [];
    host.announce(
      t('bert.announceRun', {
        piece: reading.tokens[reading.guess.place].piece,
        best: best?.piece ?? '',
        share: formatPercent(best?.probability ?? 0),
        time: formatMilliseconds(report.elapsedMs),
      }),
    );
  }

  /** Draws what the file that just arrived says, should it differ from what the build read. */
  function followFile(reader: LensReader, file: Uint8Array<ArrayBuffer> | undefined): void {
    if (!file) return;
    const encoder = describeEncoder(file, modelId, title);
    if (JSON.stringify(encoder) === JSON.stringify(reader.encoder)) return;
    reader.encoder = encoder;
    host.update({ encoder, notice: t('bert.differs') });
  }
}
