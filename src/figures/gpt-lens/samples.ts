/** Beginnings and sentences to try, written for this course. The first frame goes on from the first of them. */
export const samples: readonly string[] = [
  'The acting was good, but',
  'I have never seen such a',
  'She opened the door and',
  'The film is two hours long and feels like',
  'The plot was thin, and the dialogue was even worse.',
  'Colourless green ideas sleep furiously.',
];
