/** The notebook of a logged run with the site's words around its program. Loaded when a reader asks for one. */
import { labNotebook, type NotebookRequest } from '../../labs/freeze-lab/notebook.ts';
import { notebookCells, type NotebookPart } from '../../labs/freeze-lab/notebook-cells.ts';
import type { NotebookLesson } from '../../labs/freeze-lab/notebook-lesson.ts';
import { escapeMarkdown } from '../../labs/tensor-bench/notebook-file.ts';
import { t } from '../../site/strings.ts';
import { formatCount } from '../kit/format.ts';
import type { LabNetwork, LoggedRun } from './model.ts';

/** The text of the file for a run. `address` is the full address of the network's file. */
export function writeRunNotebook(
  run: LoggedRun,
  network: LabNetwork,
  lesson: NotebookLesson,
  manifest: NotebookRequest['manifest'],
  address: string,
): string {
  const parts = Object.keys({ ...notebookCells.pictures, ...notebookCells.texts }) as NotebookPart[];
  const { letter, name, result } = run;
  const named = name === '' ? '' : `: ${escapeMarkdown(name)}`;
  const words = {
    ...(Object.fromEntries(parts.map((part) => [part, t(`freeze.notebook.${part}`)])) as Record<
      NotebookPart,
      string
    >),
    run: t('freeze.notebook.run'),
    title: t('freeze.notebook.title', {
      ...{
        letter,
        named,
        file: `${manifest.id}.onnx`,
        examples: t(`freeze.notebook.examples.${lesson.reads}`),
      },
      moving: formatCount(result.trainableParameters),
      steps: result.losses.length,
    }),
  };
  return labNotebook({ run, network, lesson, manifest, address, words });
}
