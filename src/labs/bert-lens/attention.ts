/**
 * Attention as maps [T, T]: row "from", column "to", rows sum to 1.
 *
 * Rollout: Abnar and Zuidema, "Quantifying attention flow in transformers", ACL 2020, section 3.
 */

/** What the lens shows of a layer: one head, the mean over heads, or the rollout up to this layer. */
export type HeadChoice = number | 'mean' | 'rollout';

/** The map of one head from float32 [heads, T, T]. */
export function headMap(attention: Float32Array, length: number, head: number): Float32Array {
  const size = length * length;
  return attention.subarray(head * size, (head + 1) * size);
}

/** The mean over heads of float32 [heads, T, T]. */
export function meanMap(attention: Float32Array, length: number): Float32Array {
  const size = length * length;
  const heads = attention.length / size;
  return Float32Array.from({ length: size }, (_, cell) => {
    let sum = 0;
    for (let head = 0; head < heads; head++) sum += attention[head * size + cell];
    return sum / heads;
  });
}

/**
 * How much of each token's first state reaches each token after the layers: every layer passes half of its input on by the shortcut and
 * mixes the other half by its mean attention; the layers' maps multiply. `layers` holds float32 [heads, T, T], the lowest first.
 */
export function rollout(layers: readonly Float32Array[], length: number): Float32Array {
  let reached = identity(length);
  for (const attention of layers) {
    const mixed = meanMap(attention, length).map(
      (value, cell) => value / 2 + (cell % (length + 1) === 0 ? 0.5 : 0),
    );
    reached = multiply(mixed, reached, length);
  }
  return reached;
}

/** The map that a choice names at a layer. `layers` holds float32 [heads, T, T] of every layer. */
export function chosenMap(
  layers: readonly Float32Array[],
  length: number,
  layer: number,
  choice: HeadChoice,
): Float32Array {
  if (choice === 'rollout') return rollout(layers.slice(0, layer + 1), length);
  return choice === 'mean' ? meanMap(layers[layer], length) : headMap(layers[layer], length, choice);
}

/** The places of the largest values of a row, largest first. */
export function strongest(row: ArrayLike<number>, count: number): number[] {
  return Array.from(row, (_, place) => place)
    .sort((a, b) => row[b] - row[a] || a - b)
    .slice(0, count);
}

function identity(length: number): Float32Array {
  return Float32Array.from({ length: length * length }, (_, cell) => (cell % (length + 1) === 0 ? 1 : 0));
}

/** [T, T] · [T, T]. */
function multiply(a: Float32Array, b: Float32Array, length: number): Float32Array {
  const product = new Float32Array(length * length);
  for (let row = 0; row < length; row++)
    for (let inner = 0; inner < length; inner++) {
      const factor = a[row * length + inner];
      if (factor === 0) continue;
      for (let column = 0; column < length; column++)
        product[row * length + column] += factor * b[inner * length + column];
    }
  return product;
}
