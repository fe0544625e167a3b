import { OnnxError } from './onnx-error.ts';
import type { DataType } from './types.ts';
import { bitsPerElement } from './types.ts';

/**
 * The elements of a tensor that were stored as variable-length integers (protobuf keeps small types in wider fields), as
 * little-endian bytes of the type's own width. 4-bit and 2-bit types are stored packed, a byte in each integer.
 * @throws OnnxError when the last integer is cut off.
 */
export function narrowVarints(varints: Uint8Array, dtype: DataType): Uint8Array {
  const width = Math.max(1, bitsPerElement[dtype] / 8);
  let count = 0;
  for (const byte of varints) if (byte < 0x80) count++;
  if (varints.length > 0 && varints[varints.length - 1] >= 0x80)
    throw new OnnxError('A list of integers ends in the middle of a number.');
  const bytes = new Uint8Array(count * width);
  let at = 0;
  for (let index = 0; index < count; index++) {
    let written = 0;
    let bits = 0;
    let pending = 0;
    for (;;) {
      const byte = varints[at++];
      // at most 7 + 7 bits wait here, so 32-bit arithmetic is safe
      pending |= (byte & 0x7f) << bits;
      bits += 7;
      if (bits >= 8 && written < width) {
        bytes[index * width + written++] = pending & 0xff;
        pending >>>= 8;
        bits -= 8;
      }
      if (byte < 0x80) break;
      if (written >= width) bits = pending = 0;
    }
    if (written < width) bytes[index * width + written] = pending & 0xff;
  }
  return bytes;
}
