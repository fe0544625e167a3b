/** Graphs with senseless numbers: inference ends soon, in a sentence and never in an exception. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { buildModel, buildNode } from '../../../../../src/engine/onnx/build.ts';
import type { AttributeInput } from '../../../../../src/engine/onnx/build.ts';
import { measureCost } from '../../../../../src/engine/onnx/cost.ts';
import { findBoxes } from '../../../../../src/engine/onnx/blocks-tree.ts';
import { OnnxError } from '../../../../../src/engine/onnx/onnx-error.ts';
import { inferShapes } from '../../../../../src/engine/onnx/shapes.ts';
import { int64Tensor } from '../../../../../src/engine/onnx/tensor-values.ts';
import type { Dim } from '../../../../../src/engine/onnx/types.ts';
import { seededRandom } from '../../../../fixtures/onnx/random.ts';

interface Case {
  readonly op: string;
  readonly opset: number;
  readonly domain?: string;
  readonly attributes?: Record<string, unknown>;
  readonly inputs: (null | [string, number[]] | [string, number[], unknown[]])[];
  readonly outputs: unknown[];
}

const file = new URL('../../../../fixtures/shape-cases.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };
const senseless = [-1, 0, 1, 2, 3, 7, -2, 1000, 2 ** 31 - 1, 2 ** 31, 2 ** 53, -(2 ** 53), 2 ** 62];

it('5,000 nodes with numbers drawn at random', () => {
  const random = seededRandom(6);
  const draw = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const number = (): number => draw(senseless);
  const dim = (size: number): Dim =>
    random() < 0.6
      ? size
      : random() < 0.3
        ? draw(['?', 'N', 'N + 1', '((', 'floor(N/0)'])
        : Math.max(0, number());
  let sentences = 0;
  const start = process.cpuUsage().user;
  for (let round = 0; round < 5_000; round++) {
    const one = draw(cases);
    const names = one.inputs.map((_, at) => (random() < 0.05 ? '' : `x${at}`));
    const steering = names.filter((_, at) => one.inputs[at]?.[2] !== undefined);
    const attributes = Object.fromEntries(
      Object.entries(one.attributes ?? {}).map(([name, value]): [string, AttributeInput] => {
        if (typeof value === 'number') return [name, random() < 0.5 ? value : number()];
        if (Array.isArray(value))
          return [
            name,
            value.map((item) => (random() < 0.6 ? Number(item) : number())).slice(random() < 0.1 ? 1 : 0),
          ];
        return [name, typeof value === 'string' && random() < 0.7 ? value : 'odd,,->..'];
      }),
    );
    const model = buildModel({
      name: 'damaged',
      opset: draw([1, 6, 9, 11, 13, 18, 23]),
      nodes: [
        {
          ...buildNode(
            one.op,
            'node',
            names,
            one.outputs.map((_, at) => `y${at}`),
            attributes,
          ),
          domain: one.domain ?? '',
        },
      ],
      initializers: steering
        .filter((name) => name !== '')
        .map((name) => {
          const items = Array.from({ length: Math.floor(random() * 6) }, number);
          return int64Tensor(name, [items.length], items);
        }),
      inputs: names.flatMap((name, at) =>
        name === '' || steering.includes(name)
          ? []
          : [{ name, dtype: 'float32' as const, dims: (one.inputs[at]?.[1] ?? [3]).map(dim) }],
      ),
      outputs: [],
    });
    const shapes = inferShapes(model);
    sentences += shapes.problems.length;
    for (const { dims } of one.outputs.map((_, at) => shapes.values.get(`y${at}`) ?? {}))
      assert.ok(
        dims?.every((size) => typeof size === 'string' || (Number.isSafeInteger(size) && size >= 0)) ?? true,
        one.op,
      );
    try {
      findBoxes(model, shapes, measureCost(model, shapes));
    } catch (error) {
      assert.ok(error instanceof OnnxError, `${one.op}: ${String(error)}`);
    }
  }
  assert.ok(sentences > 500, `${sentences} sentences`);
  // no node may take long: all together a few seconds of work
  assert.ok(process.cpuUsage().user - start < 20e6);
});
