// What every contender is fed, alike in Node and in both pages.

/** What `seededTensors` needs to know of a network: the inputs of its manifest, with one text of 64 pieces or one picture. */
export function describeInputs({ input, output }) {
  if (input.dtype !== 'int64')
    return [{ name: input.name, dtype: 'float32', shape: [1, ...input.shape.slice(1)] }];
  const ids = { name: input.name, dtype: 'int64', shape: [1, 64], below: output.classes };
  return input.mask === undefined ? [ids] : [ids, { ...ids, name: input.mask, below: 1 }];
}

/**
 * Tensors by name: float32 smooth waves between −1.5 and 1.5, or int64 word pieces after the vocabulary's special ones
 * (ones, where nothing is below 1).
 */
export function seededTensors(inputs, seed) {
  const tensors = inputs.map(({ name, dtype, shape, below }) => {
    const length = shape.reduce((product, extent) => product * extent, 1);
    const data =
      dtype === 'float32'
        ? Float32Array.from({ length }, (_, i) => 1.5 * Math.sin(i * 0.37 + seed))
        : BigInt64Array.from({ length }, (_, i) =>
            below === 1 ? 1n : BigInt(5 + ((i * 797 + seed * 31) % (below - 5))),
          );
    return [name, { dtype, shape, data }];
  });
  return Object.fromEntries(tensors);
}
