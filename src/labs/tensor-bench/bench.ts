/** The bench: cells run in one notebook, each with what it printed and what is drawn of it. Runs in a worker, and in Node for the first frame. */
import { graphOf, picturesOf, type GraphPicture, type TensorPicture } from './pictures.ts';
import { Notebook, type CellRun } from './notebook.ts';
import type { Value } from './values.ts';

/** What a cell did, as plain data. */
export interface BenchRun extends CellRun {
  tensors: TensorPicture[];
  graph: GraphPicture | undefined;
}

/** What the page asks the worker: to run a cell. The answer carries the same number. */
export interface BenchRequest {
  number: number;
  code: string;
  /** A notebook without names first. */
  isFresh: boolean;
}

export interface BenchAnswer {
  number: number;
  run: BenchRun;
}

/** A notebook that says what to draw. */
export class Bench {
  #notebook = new Notebook();

  /** Forgets all names. */
  restart(): void {
    this.#notebook = new Notebook();
  }

  /** Runs a cell. Never throws for what the reader wrote. */
  run(code: string): BenchRun {
    const run = this.#notebook.runCell(code);
    const { lastValue } = this.#notebook;
    const touched = this.#notebook.touched();
    const isNamed = touched.some(([, value]) => value === lastValue);
    const named: [string, Value][] = isNamed ? touched : [...touched, ['Out', lastValue]];
    return { ...run, tensors: picturesOf(named), graph: graphOf(named) };
  }
}
