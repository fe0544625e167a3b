/** Sentences to begin with, written for this course. The first frame shows the first of them. */
export const samples: readonly string[] = [
  'The plot was thin, and the [MASK] was even worse.',
  'I laughed so hard that I [MASK] my coffee.',
  'She opened the door and looked into the dark [MASK].',
  'The actors are wonderful, but the script is not.',
  'He had never seen a worse film in his whole life.',
  'Unwatchable: two hours of thawing ice.',
];

/** The second sentence of the first frame: it shares a word with the first, in another sense. */
export const otherSample = 'He bought a plot of land near the river.';
