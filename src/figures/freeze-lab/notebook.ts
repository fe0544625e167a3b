/** The notebook of a logged run with the site's words around its program. Loaded when a reader asks for one. */
import type { DrawingSheet } from '../../labs/few-shot/read-pictures.ts';
import { labNotebook, type NotebookRequest } from '../../labs/freeze-lab/notebook.ts';
import { notebookCells, type NotebookPart } from '../../labs/freeze-lab/notebook-cells.ts';
import { escapeMarkdown } from '../../labs/tensor-bench/notebook-file.ts';
import { t } from '../../site/strings.ts';
import { formatCount } from '../kit/format.ts';
import type { LabNetwork, LoggedRun } from './model.ts';

/** The text of the file for a run. `address` is the full address of the network's file. */
export function writeRunNotebook(
  run: LoggedRun,
  network: LabNetwork,
  sheet: DrawingSheet,
  manifest: NotebookRequest['manifest'],
  address: string,
): Promise<string> {
  const parts = Object.keys(notebookCells) as NotebookPart[];
  const { letter, name, result } = run;
  const named = name === '' ? '' : `: ${escapeMarkdown(name)}`;
  const words = {
    ...(Object.fromEntries(parts.map((part) => [part, t(`freeze.notebook.${part}`)])) as Record<
      NotebookPart,
      string
    >),
    run: t('freeze.notebook.run'),
    title: t('freeze.notebook.title', {
      ...{ letter, named, file: `${manifest.id}.onnx` },
      moving: formatCount(result.trainableParameters),
      steps: result.losses.length,
    }),
  };
  return labNotebook({ run, network, sheet, manifest, address, words });
}
