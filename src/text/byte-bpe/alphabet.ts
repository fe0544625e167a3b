/**
 * GPT-2's way of writing bytes as visible characters (Radford et al. 2019): printable Latin-1 stands for itself, the other
 * bytes for U+0100 and on, in order. 256 characters, the byte's at its number.
 */
export const byteCharacters: readonly string[] = makeAlphabet();

const byteOf: ReadonlyMap<string, number> = new Map(
  byteCharacters.map((character, byte) => [character, byte]),
);

/**
 * The text of pieces; what is not whole UTF-8 becomes U+FFFD. A piece with a character outside the alphabet, as special ones may have,
 * stands for itself.
 */
export function fromByteCharacters(pieces: readonly string[]): string {
  const bytes: number[] = [];
  for (const piece of pieces) {
    const own = Array.from(piece, (character) => byteOf.get(character));
    if (own.every((byte) => byte !== undefined)) for (const byte of own) bytes.push(byte);
    else for (const byte of new TextEncoder().encode(piece)) bytes.push(byte);
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

function makeAlphabet(): string[] {
  let hidden = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isVisible = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
    return String.fromCharCode(isVisible ? byte : hidden++);
  });
}
