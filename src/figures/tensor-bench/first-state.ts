/** The bench's first state: the cells of a lesson, all run by the same interpreter, in Node and in the page alike. */
import { Bench } from '../../labs/tensor-bench/bench.ts';
import { codesOf, type BenchState, type Lesson } from './model.ts';

/** A lesson with every cell run. */
export function firstState(lesson: Lesson): BenchState {
  const bench = new Bench();
  return {
    status: 'ready',
    lesson: lesson.id,
    cells: codesOf(lesson).map((code, id) => ({ id, code, run: bench.run(code), isStale: false })),
    running: undefined,
    past: [],
    pick: undefined,
  };
}
