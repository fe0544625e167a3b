import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ESLint } from 'eslint';

/** Lints a piece of source as if it stood at the given path; only the floor rules are on. */
async function complaints(path: string, source: string): Promise<string[]> {
  const eslint = new ESLint({
    ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-imports' || ruleId === 'no-restricted-globals',
    overrideConfig: [{ languageOptions: { parserOptions: { project: false } } }],
  });
  const [result] = await eslint.lintText(source, { filePath: path });
  return result?.messages.map(({ message }) => message) ?? [];
}

const forbidden: [path: string, source: string, why: string][] = [
  ['src/engine/onnx/probe.ts', "import '../../labs/x.ts';", 'engine must not import labs'],
  ['src/engine/onnx/probe.ts', "import '../../figures/kit/x.ts';", 'engine must not import figures'],
  ['src/engine/onnx/probe.ts', "import { select } from 'd3';", 'engine must not import d3'],
  ['src/engine/onnx/probe.ts', 'export const body = document.body;', 'engine must not touch the document'],
  ['src/engine/onnx/probe.ts', "import 'onnxruntime-web';", 'only engine/runtime opens the runtime'],
  ['src/data/picture/probe.ts', 'export const w = window.innerWidth;', 'data must not touch the window'],
  ['src/text/probe.ts', "import '../labs/x.ts';", 'text must not import labs'],
  ['src/text/probe.ts', 'export const body = document.body;', 'text must not touch the document'],
  ['src/labs/probe.ts', "import '../figures/kit/x.ts';", 'labs must not import figures'],
  [
    'src/labs/probe.ts',
    "import { InferenceSession } from 'onnxruntime-web';",
    'labs must not open a second door',
  ],
  ['src/figures/lens/view.ts', "import '../../engine/onnx/reader.ts';", 'a view must not import the engine'],
  ['src/figures/lens/view-maps.ts', "import '../../labs/x.ts';", 'a view must not import labs'],
  ['src/figures/lens/element.ts', "import 'onnxruntime-web';", 'only the worker opens the runtime'],
  ['src/site/probe.ts', "import 'onnxruntime-web';", 'only the worker opens the runtime'],
];

const allowed: [path: string, source: string][] = [
  ['src/labs/probe.ts', "import '../engine/onnx/reader.ts';"],
  ['src/figures/lens/element.ts', "import '../../labs/x.ts'; import './view.ts';"],
  ['src/figures/lens/view.ts', "import { select } from 'd3'; import '../kit/glyph.ts';"],
  ['src/engine/onnx/probe.ts', "import './reader.ts'; import '../errors.ts';"],
  ['src/text/probe.ts', "import '../engine/errors.ts';"],
];

describe('floors: imports point down only', () => {
  for (const [path, source, why] of forbidden) {
    it(why, async () => {
      assert.equal((await complaints(path, source)).length, 1, `${path} was allowed: ${source}`);
    });
  }

  for (const [path, source] of allowed) {
    it(`${path} may: ${source}`, async () => {
      assert.deepEqual(await complaints(path, source), []);
    });
  }
});
