/** A decoder that takes what it remembers: its inputs, its checks, and what stays as it was. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkGraph } from '../../../../src/engine/onnx/check-graph.ts';
import {
  pastInputs,
  rememberedLayers,
  rememberKeys,
} from '../../../../src/engine/onnx/edits/remember-keys.ts';
import { OnnxError } from '../../../../src/engine/onnx/onnx-error.ts';
import { inferShapes } from '../../../../src/engine/onnx/shapes.ts';
import { buildDecoder, buildEncoder } from '../../../fixtures/onnx/encoder.ts';

describe('rememberKeys', () => {
  const stored = buildDecoder();
  const model = rememberKeys(stored);

  it('adds two inputs a layer and keeps names, outputs and weights', () => {
    assert.deepEqual(
      model.graph.inputs.map(({ name, dims }) => [name, dims?.length]),
      [
        ['input_ids', 2],
        ...rememberedLayers(2).flatMap(({ key, value }) => [
          [key.past, 3],
          [value.past, 3],
        ]),
      ],
    );
    assert.deepEqual(model.graph.outputs, stored.graph.outputs);
    for (const { outputs } of stored.graph.nodes)
      assert.ok(
        model.graph.nodes.some((node) => node.outputs[0] === outputs[0]),
        outputs[0],
      );
    for (const [name, tensor] of model.graph.initializers)
      if (name !== 'past.none') assert.equal(tensor, stored.graph.initializers.get(name));
  });

  it('says what an empty past looks like, and what to keep of a run', () => {
    const { key, value } = rememberedLayers(2)[1];
    assert.deepEqual(pastInputs(model).slice(2), [
      { name: key.past, fresh: key.fresh, width: 8 },
      { name: value.past, fresh: value.fresh, width: 8 },
    ]);
    assert.deepEqual(pastInputs(stored), []);
  });

  it('is a sound graph, whose attention reaches over the past', () => {
    assert.deepEqual(checkGraph(model), []);
    const dims = inferShapes(model).values.get('decoder.layer.1.attention.probabilities')?.dims;
    assert.equal(dims?.length, 4);
    assert.deepEqual(dims?.slice(0, 3), ['N', 2, 'T']);
  });

  it('refuses an encoder', () => {
    assert.throws(() => rememberKeys(buildEncoder()), OnnxError);
  });
});
