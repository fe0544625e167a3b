// How far the language networks' answers are from PyTorch's: the committed files, on the sentences of their golden answers.
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import { dequantizeWeights } from '../src/engine/onnx/dequantize-weights.ts';
import { quantizeProducts } from '../src/engine/onnx/quantize-products.ts';
import { readModel } from '../src/engine/onnx/reader.ts';
import { writeModel } from '../src/engine/onnx/writer.ts';
import { atMost, rounded } from './row.mjs';

const root = new URL('..', import.meta.url).pathname;
const ids = ['bert-mini', 'gpt-mini'];

/** The row `BERT and GPT outputs against PyTorch`: the worst of the five best logits at each asked place, by the largest of them. */
export async function measure() {
  const networks = await Promise.all(ids.map(measureNetwork));
  const worst = Math.max(...networks.map(({ float32 }) => float32));
  const each = networks.map(
    ({ id, float32, int8, logits }) =>
      `${id}: float32 ${(1e6 * float32).toFixed(1)} millionths, int8 ${rounded(100 * int8, 1)} %, ${logits} logits`,
  );
  const note = `${each.join('; ')}; onnxruntime-node against the goldens`;
  return [atMost('BERT and GPT outputs against PyTorch', worst, 'of the largest logit', 1e-4, note)];
}

async function measureNetwork(id) {
  const folder = `${root}public/models/${id}/`;
  const { cases } = JSON.parse(readFileSync(`${root}tests/golden/${id}.json`, 'utf8'));
  const { activationRanges } = JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8'));
  const read = () => readModel(new Uint8Array(readFileSync(`${folder}model.onnx`)));
  const forms = {
    float32: dequantizeWeights(read()),
    int8: quantizeProducts(read(), activationRanges),
  };
  const far = { id, logits: 0 };
  for (const [name, model] of Object.entries(forms)) {
    const session = await ort.InferenceSession.create(writeModel(model));
    far[name] = 0;
    far.logits = 0;
    for (const one of cases) {
      const { data, dims } = (await session.run(feedsOf(session, one.ids))).logits;
      for (const [place, expected] of Object.entries(one.best)) {
        const largest = Math.max(...expected.map(([, logit]) => Math.abs(logit)));
        for (const [piece, logit] of expected) {
          const difference = Math.abs(data[Number(place) * dims[2] + piece] - logit);
          far[name] = Math.max(far[name], difference / largest);
          far.logits += 1;
        }
      }
    }
    await session.release();
  }
  return far;
}

/** One text: its pieces, all of them to be seen. */
function feedsOf({ inputNames }, pieces) {
  const tensor = (numbers) =>
    new ort.Tensor('int64', BigInt64Array.from(numbers, BigInt), [1, pieces.length]);
  return Object.fromEntries(
    inputNames.map((name) => [name, tensor(name === 'input_ids' ? pieces : pieces.map(() => 1))]),
  );
}
