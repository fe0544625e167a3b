/** Transfer between domains: trained on each row, asked about every column. Real trainings, one after the other. */
import type { RunningTraining, StepReport } from '../../engine/trainer/types.ts';
import { followTraining } from '../follow-training.ts';
import { halve, drawExamples } from './examples.ts';
import { confusionAt } from './judge.ts';
import { exampleSet, orderOf } from './order.ts';
import { answerAll, maskOf, sentencesOf, type RunRequest } from './run.ts';
import { subjects, type Subject } from './settings.ts';
import { lengthFor } from './text-batch.ts';

/** Right answers of a training on the sentences of one domain. */
export interface Cell {
  readonly correct: number;
  readonly asked: number;
}

/** Cells by row and column; those that are not there have not been measured. */
export type Matrix = Readonly<Partial<Record<Subject, Readonly<Partial<Record<Subject, Cell>>>>>>;

export type MatrixEvent =
  | { readonly kind: 'step'; readonly row: Subject; readonly report: StepReport }
  /** Something failed; this row begins again elsewhere. */
  | { readonly kind: 'rescued'; readonly row: Subject; readonly error: unknown }
  | { readonly kind: 'cell'; readonly row: Subject; readonly column: Subject; readonly cell: Cell };

/** The domains that a library holds, in their order. */
export function subjectsIn(library: RunRequest['library']): Subject[] {
  return subjects.filter((subject) => (library[subject]?.length ?? 0) > 0);
}

/** Trains once for each row with the settings' way, examples, epochs, rate and seed; source and target come from the matrix. */
export async function* runMatrix(request: RunRequest): AsyncGenerator<MatrixEvent, void, void> {
  const { reader, network, library, settings, signal, rescue } = request;
  let { model } = request;
  const all = subjectsIn(library);
  const asked = all.map((column) => ({ column, ask: halve(library, column, settings.seed).ask }));
  const teach = all.map((row) => ({
    row,
    train: drawExamples(library, { ...settings, sources: [row], target: row }).train,
  }));
  const everything = [...asked.map(({ ask }) => ask), ...teach.map(({ train }) => train)].flat();
  const length = lengthFor(reader, sentencesOf(everything));
  for (const { row, train } of teach) {
    const order = orderOf(network, settings, { train: exampleSet(reader, train, length) }, maskOf(reader));
    for (let isDone = false; !isDone;) {
      try {
        yield* fillRow(row, await model.train(order));
        isDone = true;
      } catch (error) {
        const next = signal.aborted ? undefined : await rescue?.(error, model);
        if (!next) throw error;
        model = next;
        yield { kind: 'rescued', row, error };
      }
    }
  }

  async function* fillRow(row: Subject, training: RunningTraining): AsyncGenerator<MatrixEvent, void, void> {
    try {
      const news = followTraining(training, signal);
      for await (const event of news)
        if (event.kind === 'step') yield { kind: 'step', row, report: event.report };
      for (const { column, ask } of asked) {
        signal.throwIfAborted();
        const { accuracy } = confusionAt(await answerAll({ training, length }, reader, ask), 0.5);
        const { correct, asked: count } = accuracy;
        yield { kind: 'cell', row, column, cell: { correct, asked: count } };
      }
    } finally {
      // a worker that is gone cannot close anything, and what ended it is the news
      await training.close().catch(() => undefined);
    }
  }
}

/** The matrix with one more cell. */
export function withCell(matrix: Matrix, row: Subject, column: Subject, cell: Cell): Matrix {
  return { ...matrix, [row]: { ...matrix[row], [column]: cell } };
}

/** Right answers on the diagonal, where training and questions are about the same, and off it. */
export function sumMatrix(matrix: Matrix): { within: Cell; across: Cell } {
  const sums = { within: { correct: 0, asked: 0 }, across: { correct: 0, asked: 0 } };
  for (const [row, cells] of Object.entries(matrix))
    for (const [column, { correct, asked }] of Object.entries(cells)) {
      const sum = sums[row === column ? 'within' : 'across'];
      sum.correct += correct;
      sum.asked += asked;
    }
  return sums;
}
