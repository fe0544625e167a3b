/** The floats that 8-bit values stand for, asked of the real MobileNetV2 and of a graph made here. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { addOutputs } from '../../../../src/engine/onnx/add-outputs.ts';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import { floatName, unpackersOf } from '../../../../src/engine/onnx/quantized-values.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { describeNetwork } from '../../../../src/labs/describe-network.ts';
import { readHead } from '../../../../src/labs/explain-answer.ts';

const mobilenet = join(process.env.THAW_SHARED ?? '../shared', 'data/reference/mobilenetv2-12-int8.onnx');
const skip = existsSync(mobilenet) ? false : `skipped: no ${mobilenet}`;

test('a value that is only moved keeps its scale; one without a scale has no floats', () => {
  const { graph } = buildModel({
    name: 'moved',
    nodes: [
      buildNode('QuantizeLinear', 'q', ['x', 's', 'z'], ['a']),
      buildNode('Reshape', 'r', ['a', 'shape'], ['b']),
      buildNode('Shape', 'n', ['x'], ['c']),
      buildNode('Reshape', 'f', ['x', 'shape'], ['d']),
    ],
    initializers: [],
    inputs: [float32Value('x', ['N', 4])],
    outputs: [],
  });
  const unpackers = unpackersOf(graph);
  assert.deepEqual([...unpackers.keys()], ['a/float', 'b/float']);
  assert.deepEqual(unpackers.get('b/float')?.inputs, ['b', 's', 'z']);
});

test(
  'the blocks of MobileNetV2 give floats whose average, weighted by the head, is the score',
  { skip },
  async () => {
    const file = new Uint8Array(readFileSync(mobilenet));
    const network = describeNetwork(file, 'mobilenetv2', 'MobileNetV2');
    assert.deepEqual(
      network.blocks.map(({ id }) => id),
      ['stem', 'stage 1', 'stage 2', 'stage 3', 'stage 4', 'pool', 'head'],
    );
    assert.deepEqual(network.blocks.at(4)?.shape, [1280, 7, 7]);
    assert.deepEqual(network.training['feature-extractor'], { blocks: ['head'], parameters: 1281000 });
    const names = network.blocks.map(({ output }) => output);
    assert.deepEqual(names.at(-1), 'output');
    assert.ok(names.slice(0, -1).every((name) => name.endsWith('/float')));

    const unpackers = unpackersOf(readModel(file).graph);
    const wanted = names.slice(0, -1);
    const more = addOutputs(
      file,
      wanted.map((name) => ({ name, dtype: 'float32' as const })),
      wanted.flatMap((name) => unpackers.get(name) ?? []),
    );
    const session = await InferenceSession.create(more, { logSeverityLevel: 3 });
    const data = Float32Array.from({ length: 3 * 224 * 224 }, (_, i) => Math.sin(i * 0.011));
    const results = await session.run({ input: new Tensor('float32', data, [1, 3, 224, 224]) });
    for (const { output, shape } of network.blocks)
      assert.equal(
        results[output].data.length,
        shape.reduce((a, b) => a * b, 1),
        output,
      );

    // Two classes, so that the head's bias, which the map leaves out, stays small beside what is compared
    const head = readHead(file);
    assert.deepEqual([head.classes, head.channels], [1000, 1280]);
    const features = results[network.blocks.at(5)?.output ?? ''].data as Float32Array;
    const scores = results['output'].data as Float32Array;
    const own = Array.from({ length: 1000 }, (_, at) =>
      features.reduce((sum, value, c) => sum + value * head.data[at * 1280 + c], 0),
    );
    const correlation = correlate(own, [...scores]);
    assert.ok(correlation > 0.98, `scores by hand and by the runtime correlate by ${correlation}`);
    assert.equal(floatName('a'), 'a/float');
    await session.release();
  },
);

function correlate(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const sum = (of: (i: number) => number) => a.reduce((total, _, i) => total + of(i), 0);
  const both = sum((i) => (a[i] - meanA) * (b[i] - meanB));
  return both / Math.sqrt(sum((i) => (a[i] - meanA) ** 2) * sum((i) => (b[i] - meanB) ** 2));
}
