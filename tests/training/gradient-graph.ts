/**
 * The gradient graph of a network: `node gradient-graph.ts <model.onnx> <step.onnx> <request.json>` reads the weights to train and the
 * sizes from the request, writes the graph, and prints JSON for test_gradients.py.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { packWeights } from '../../src/engine/autodiff/bundles.ts';
import { buildTrainingStep } from '../../src/engine/autodiff/training-step.ts';
import { dequantizeWeights } from '../../src/engine/onnx/dequantize-weights.ts';
import { readModel } from '../../src/engine/onnx/reader.ts';
import { writeModel } from '../../src/engine/onnx/writer.ts';

interface Request {
  readonly weights: readonly string[];
  readonly sizes: Readonly<Record<string, number>>;
  readonly usesBatchStatistics: boolean;
}

const [modelPath = '', stepPath = '', requestPath = ''] = process.argv.slice(2);
const model = readModel(new Uint8Array(readFileSync(modelPath)));
const request = JSON.parse(readFileSync(requestPath, 'utf8')) as Request;
const step = buildTrainingStep(model, {
  groups: [{ id: 'all', weights: request.weights }],
  sizes: request.sizes,
  loss: 'cross-entropy',
  optimizer: 'sgd',
  returns: 'gradients',
  usesBatchStatistics: () => request.usesBatchStatistics,
});
writeFileSync(stepPath, writeModel(step.model));
const float = dequantizeWeights(model);
console.log(
  JSON.stringify({
    loss: step.loss,
    gradients: Object.fromEntries(step.gradients),
    bundles: step.bundles.map((bundle) => ({ input: bundle.input, values: [...packWeights(bundle, float)] })),
    running: step.running.map(({ input }) => input),
  }),
);
