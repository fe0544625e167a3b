/** The bench as files that real tools open: a Jupyter notebook (nbformat 4.5, https://nbformat.readthedocs.io) and a program. */
import type { CellRun } from './notebook.ts';

/** A cell with its last run, if it ran. */
export interface FileCell {
  code: string;
  run: CellRun | undefined;
}

/** A cell of text between the others; Markdown, in which a reader's own words must be escaped (`escapeMarkdown`). */
export interface TextCell {
  markdown: string;
}

/** A Jupyter notebook as JSON text. */
export function notebookFile(cells: readonly (FileCell | TextCell)[]): string {
  const document = {
    cells: cells.map((cell, index) => {
      const id = `cell-${index + 1}`;
      if ('markdown' in cell)
        return { cell_type: 'markdown', id, metadata: {}, source: linesOf(cell.markdown) };
      const { code, run } = cell;
      return {
        cell_type: 'code',
        id,
        execution_count: run ? index + 1 : null,
        metadata: {},
        outputs: run ? outputsOf(run, index + 1) : [],
        source: linesOf(code),
      };
    }),
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

/** Somebody's words as Markdown that shows just them, on one line: no link, no HTML, no formula. */
export function escapeMarkdown(text: string): string {
  const line = text.toWellFormed().replace(/\s+/g, ' ').trim();
  return line.replace(/[!-/:-@[-`{-~]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** Numbers, words, lists and tables of them as a Python expression. */
export function pythonLiteral(value: PlainValue): string {
  if (typeof value === 'number')
    return Number.isFinite(value) ? String(value) : `float("${String(value).replace('Infinity', 'inf')}")`;
  // JSON's escapes are Python's too; half a surrogate pair is nothing that Python could print
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (isList(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${pythonLiteral(item)}`,
  );
  return `{${entries.join(', ')}}`;
}

/** What `pythonLiteral` can write. */
export type PlainValue = string | number | readonly PlainValue[] | { readonly [key: string]: PlainValue };

const isList = (value: PlainValue): value is readonly PlainValue[] => Array.isArray(value);

/** Lines with their ends, as notebooks keep them. */
function linesOf(text: string): string[] {
  return text === '' ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}

function outputsOf({ output, result, error }: CellRun, count: number): object[] {
  const outputs: object[] = [];
  if (output) outputs.push({ output_type: 'stream', name: 'stdout', text: linesOf(output) });
  if (result !== undefined)
    outputs.push({
      output_type: 'execute_result',
      execution_count: count,
      data: { 'text/plain': linesOf(result) },
      metadata: {},
    });
  if (error)
    outputs.push({
      output_type: 'error',
      ename: error.type,
      evalue: error.message,
      traceback: [`line ${error.line}`, `${error.type}: ${error.message}`],
    });
  return outputs;
}

/** All cells as one program for real PyTorch: `# %%` marks a cell, as editors know it. */
export function programText(codes: readonly string[]): string {
  const all = codes.filter((code) => code.trim()).join('\n\n# %%\n');
  return `${/^\s*(import torch\b|from torch\b)/m.test(all) ? '' : 'import torch\n\n'}${all}\n`;
}
