/** What tidying takes away or joins, in this order, within a piece and the space before it. */
const tidied: readonly (readonly [found: string, becomes: string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

/**
 * The text of word pieces: those that begin with ## joined to what stands before, the others after a space. Tidying goes piece by piece, as in the `tokenizers`
 * library, so that only what is one piece is joined.
 */
export function decodePieces(pieces: readonly string[], tidy: boolean): string {
  return pieces
    .map((piece, index) => {
      const text = index === 0 ? piece : piece.startsWith('##') ? piece.slice(2) : ` ${piece}`;
      return tidy
        ? tidied.reduce((before, [found, becomes]) => before.replaceAll(found, becomes), text)
        : text;
    })
    .join('');
}
