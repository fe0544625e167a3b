/** The bench as files that real tools open: a Jupyter notebook (nbformat 4.5, https://nbformat.readthedocs.io) and a program. */
import type { CellRun } from './notebook.ts';

/** A cell with its last run, if it ran. */
export interface FileCell {
  code: string;
  run: CellRun | undefined;
}

/** A Jupyter notebook as JSON text. */
export function notebookFile(cells: readonly FileCell[]): string {
  const document = {
    cells: cells.map(({ code, run }, index) => ({
      cell_type: 'code',
      id: `cell-${index + 1}`,
      execution_count: run ? index + 1 : null,
      metadata: {},
      outputs: run ? outputsOf(run, index + 1) : [],
      source: linesOf(code),
    })),
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

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
