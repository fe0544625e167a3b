/** A notebook that runs: cells one after the other over the same names, each with its output, result or error. */
import { mode } from '../../engine/tensors/autograd.ts';
import { BenchStop, PythonError } from '../../engine/tensors/python-error.ts';
import { makeBuiltins } from './builtins.ts';
import { evaluate } from './evaluate.ts';
import { Interpreter } from './interpreter.ts';
import { nearest } from './near.ts';
import { makeNumpy } from './numpy-module.ts';
import { parseCell } from './parse.ts';
import { SyntaxFault, lineOf } from './source.ts';
import { repr } from './text.ts';
import { makeModules } from './torch-module.ts';
import type { Value } from './values.ts';

/** What went wrong, in the words of Python, PyTorch or NumPy. */
export interface CellError {
  type: string;
  message: string;
  /** The line of the cell, counted from 1. */
  line: number;
  /** A sentence of the bench's own. */
  note: string | undefined;
}

/** What a cell did. */
export interface CellRun {
  output: string;
  /** The value of the last line as Python shows it; undefined if there is none. */
  result: string | undefined;
  error: CellError | undefined;
}

/** A notebook's memory. */
export class Notebook {
  readonly #run: Interpreter;
  /** The value of the last cell's last line, for the drawing. */
  lastValue: Value = null;

  constructor() {
    const current = (): Interpreter => this.#run;
    const modules = makeModules(current);
    modules.set('numpy', makeNumpy());
    this.#run = new Interpreter(makeBuiltins(current), modules);
  }

  /** Gives `torch` without an import, as snippets expect it. */
  importTorch(): void {
    const torch = this.#run.modules.get('torch');
    if (torch !== undefined) this.#run.globals.names.set('torch', torch);
  }

  /** The names that the last cell has read or set, with their values. */
  touched(): [string, Value][] {
    const { names } = this.#run.globals;
    return [...this.#run.touched].flatMap((name): [string, Value][] => {
      const value = names.get(name);
      return value === undefined ? [] : [[name, value]];
    });
  }

  /** Runs a cell. Never throws for what the reader wrote. */
  runCell(code: string): CellRun {
    const run = this.#run;
    run.begin();
    this.lastValue = null;
    const before = { ...mode };
    try {
      const statements = parseCell(code);
      const last = statements.at(-1);
      const isShown = last?.kind === 'expression' && !code.trimEnd().endsWith(';');
      run.run(isShown ? statements.slice(0, -1) : statements, run.globals);
      if (isShown) this.lastValue = evaluate(run, last.value, run.globals);
      const result = this.lastValue === null ? undefined : repr(this.lastValue, run.print);
      return { output: run.output, result, error: undefined };
    } catch (error) {
      return { output: run.output, result: undefined, error: this.#describe(error, code) };
    } finally {
      // A cell that was stopped inside `with` leaves the recording as it found it
      if (mode.isInference !== before.isInference) Object.assign(mode, before);
    }
  }

  #describe(error: unknown, code: string): CellError {
    if (error instanceof SyntaxFault)
      return { type: error.type, message: error.message, line: error.line, note: error.note };
    const line = lineOf(code, this.#run.at);
    if (error instanceof PythonError)
      return { type: error.type, message: error.message, line, note: error.note ?? this.#noteFor(error) };
    if (error instanceof RangeError && /call stack/i.test(error.message))
      return { type: 'RecursionError', message: 'maximum recursion depth exceeded', line, note: undefined };
    const message = error instanceof Error ? error.message : String(error);
    return {
      type: 'BenchError',
      message: `The bench itself failed here, which is a fault of the bench: ${message}`,
      line,
      note: undefined,
    };
  }

  #noteFor(error: PythonError): string | undefined {
    if (error instanceof BenchStop || error.type !== 'NameError') return undefined;
    const name = /'(\w+)'/.exec(error.message)?.[1] ?? '';
    const known = [...this.#run.globals.names.keys(), ...this.#run.builtins.keys()];
    const near = nearest(name, known);
    if (near) return `Did you mean \`${near}\`?`;
    if (this.#run.modules.has(name))
      return `Did you forget \`import ${name}\`? Cells run in order, and each sees what the earlier ones made.`;
    return 'Cells run in order: does an earlier cell that makes this name still have to run?';
  }
}
