/** The cost of a step by block, against a count that walks the graph of the real model. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { findBlocks } from '../../../src/engine/onnx/blocks.ts';
import { measureCost } from '../../../src/engine/onnx/cost.ts';
import { readModel } from '../../../src/engine/onnx/reader.ts';
import { planTraining } from '../../../src/engine/onnx/trainable.ts';
import { describeNetwork } from '../../../src/labs/describe-network.ts';
import { listDepths, measureStepCost } from '../../../src/labs/step-cost.ts';
import { network } from '../figures/lens-fixture.ts';

const file = 'public/models/resnet-mixed/model.onnx';
const skip = existsSync(file) ? false : 'no model in public/models';

test('a network small enough to count by hand', () => {
  assert.deepEqual(measureStepCost(network, 'head'), {
    forward: 500,
    handedDown: 0,
    weightGradients: 9,
    total: 509,
  });
  assert.deepEqual(measureStepCost(network, '1.1'), {
    forward: 500,
    handedDown: 9,
    weightGradients: 400,
    total: 909,
  });
  assert.equal(measureStepCost(network, 'stem').total, 500 + 400 + 500);
  assert.equal(measureStepCost(network, 'head', 6).forward, 509);
  assert.deepEqual(listDepths(network), ['head', '1.1', 'stem']);
  assert.throws(() => measureStepCost(network, '9.9'), RangeError);
});

test('resnet-mixed: the same products as a walk through its graph finds', { skip }, () => {
  const bytes = new Uint8Array(readFileSync(file));
  const description = describeNetwork(bytes, 'resnet-mixed', 'ResNet');
  const model = readModel(bytes);
  const cost = measureCost(model);
  const blocks = findBlocks(model);
  const depths = listDepths(description);
  assert.deepEqual(depths, ['head', '4.1', '3.1', '2.1', '1.1', 'stem']);
  for (const label of depths) {
    const lowest = blocks.find((block) => block.label === label)?.id;
    const trainable = new Set(planTraining(blocks, 'fine-tuning', lowest).trainableNames);
    const reached = new Set<string>();
    let [handedDown, weightGradients] = [0, 0];
    for (const { node, macs, parameterList } of cost.nodes) {
      const isTrained = parameterList.some(({ name }) => trainable.has(name));
      const below = reached.has(node.inputs[0] ?? '');
      if (below) handedDown += macs;
      if (isTrained) weightGradients += macs;
      if (isTrained || node.inputs.some((name) => reached.has(name)))
        for (const name of node.outputs) reached.add(name);
    }
    const counted = measureStepCost(description, label);
    assert.equal(counted.forward, cost.total.macs);
    assert.equal(counted.handedDown, handedDown, `${label}: handed down`);
    assert.equal(counted.weightGradients, weightGradients, `${label}: weight gradients`);
  }
});
