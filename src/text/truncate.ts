import { ThawError } from '../engine/errors.ts';

/** The room for texts that a frame of so many tokens leaves; throws a ThawError 'bad-input' where it leaves less than none. */
export function roomFor(maxLength: number | undefined, frame: number): number {
  if (maxLength === undefined) return Infinity;
  if (!Number.isInteger(maxLength) || maxLength < Math.max(frame, 0))
    throw new ThawError({
      code: 'bad-input',
      message: `${maxLength} tokens are too few: the frame of the text alone takes ${frame}.`,
      advice: 'Allow a whole number of tokens, and room for the frame.',
      details: { maxLength, frame },
    });
  return maxLength - frame;
}

/**
 * How many tokens of two texts stay where only `room` fit, longest first as the tokenizers library does it: the longer one is cut down
 * to what the shorter leaves, and where both are longer than half, each gets its half, the longer one the odd token.
 */
export function longestFirst(first: number, second: number, room: number): [first: number, second: number] {
  if (first + second <= room) return [first, second];
  const shorter = Math.min(first, second, Math.floor(room / 2));
  const longer = room - shorter;
  return first > second ? [longer, shorter] : [shorter, longer];
}
