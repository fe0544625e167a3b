/** Where the bench stops a cell: steps, lengths, sizes of whole numbers, output, calls inside calls. */
import { BenchStop } from '../../engine/tensors/python-error.ts';

/** The bench's own limits. */
export const most = {
  /** Expressions and statements of one run. */
  steps: 400_000,
  /** Items of a list, characters of a text. */
  length: 1_000_000,
  /** Binary digits of a whole number. */
  bits: 20_000,
  /** Characters that one cell prints. */
  output: 50_000,
  /** Calls inside calls. */
  depth: 120,
};

/** Stops a list or text that would be too long. */
export function checkLength(length: number): void {
  if (length > most.length)
    throw new BenchStop(
      'TooLarge',
      `This would have ${length.toLocaleString('en-GB')} items. The bench stops at ${most.length.toLocaleString('en-GB')}.`,
    );
}

/** Stops a power that would have too many digits. */
export function checkPower(base: bigint, exponent: bigint): void {
  const bits = base.toString(2).length * Number(exponent);
  if (bits > most.bits)
    throw new BenchStop(
      'TooLarge',
      'This whole number would have thousands of digits. The bench stops here.',
    );
}
