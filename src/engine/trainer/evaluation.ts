import type { Evaluation } from './types.ts';

/**
 * Cross-entropy and hits of logits [places, classes], float32.
 * @param labels [places]; −100 is ignored.
 */
export function scoreAnswers(logits: Float32Array, labels: Int32Array): Evaluation {
  const classes = logits.length / labels.length;
  const predictions = new Int32Array(labels.length);
  let [loss, correct, count] = [0, 0, 0];
  labels.forEach((label, place) => {
    const row = logits.subarray(place * classes, (place + 1) * classes);
    let best = 0;
    row.forEach((value, at) => {
      if (value > row[best]) best = at;
    });
    predictions[place] = best;
    if (label < 0) return;
    const sum = row.reduce((total, value) => total + Math.exp(value - row[best]), 0);
    loss += row[best] + Math.log(sum) - row[label];
    if (best === label) correct++;
    count++;
  });
  return { loss: count === 0 ? 0 : loss / count, correct, count, predictions };
}
