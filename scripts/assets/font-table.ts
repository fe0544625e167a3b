/**
 * Which fonts the site ships: one row per file. Subsetting is a modification, and the fonts' licence (SIL OFL 1.1)
 * reserves the name "Source" for the unmodified ones, so ours carry the project's name.
 */

/** One @font-face: a source file cut down to some characters and a narrower variation space. */
export interface FontFace {
  /** File stem of the result. */
  id: string;
  /** CSS family. */
  family: string;
  style: 'normal' | 'italic';
  /** CSS weight or weight range. */
  weight: string;
  /** Package that the source file comes from. */
  source: string;
  /** Path of the source file inside that package. */
  file: string;
  /** Code point ranges to keep, inclusive. */
  ranges: [number, number][];
  /** Axes to pin (number) or to narrow (range); axes not named stay as they are. */
  axes: Record<string, number | { min: number; max: number }>;
  /** Whether every page fetches it before its style sheet asks for it. */
  preload: boolean;
}

/** Signs of code, rare in prose: in the first file of the code font, in a file of their own for the others. */
const CODE_SIGNS: [number, number][] = [
  ...[0x23, 0x24, 0x2a, 0x3c, 0x3e, 0x40, 0x5c].map(single),
  [0x5e, 0x60],
  single(0x7b),
  [0x7d, 0x7e],
];

/** Characters that nearly every page uses: kept in the first file of each family. */
const CORE: [number, number][] = [
  [0x20, 0x22],
  [0x25, 0x29],
  [0x2b, 0x3b],
  single(0x3d),
  single(0x3f),
  [0x41, 0x5b],
  single(0x5d),
  [0x61, 0x7a],
  single(0xa0),
  single(0x7c),
  ...[0xb0, 0xb1, 0xb2, 0xb7, 0xd7, 0xf7].map(single),
  [0x2009, 0x200a],
  [0x2010, 0x2014],
  [0x2018, 0x2019],
  [0x201c, 0x201d],
  ...[0x2022, 0x2026, 0x202f, 0x2191, 0x2193, 0x2212].map(single),
];

/** Letters with accents (names in the bibliography): a second file, fetched only by pages that print one. */
const ACCENTS: [number, number][] = [
  [0xa1, 0xaf],
  [0xb3, 0xb6],
  [0xb8, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0xff],
  single(0x131),
  [0x152, 0x153],
  [0x2032, 0x2033],
  single(0x20ac),
  single(0x2122),
];
const EXTENDED: [number, number][] = [
  [0x100, 0x130],
  [0x132, 0x151],
  [0x154, 0x17f],
  [0x218, 0x21b],
];
/** Greek letters of formulas that stand in running text or in a figure; the others have a file of their own. */
const GREEK: [number, number][] = [
  single(0x394),
  single(0x3a3),
  single(0x3a9),
  [0x3b1, 0x3b5],
  [0x3b7, 0x3b8],
  [0x3bb, 0x3bc],
  single(0x3c0),
  single(0x3c1),
  [0x3c3, 0x3c4],
  [0x3c6, 0x3c7],
  single(0x3c9),
];
/** The two that figures print (BatchNorm's scale and shift): a small file for the sans, which sets no formulas. */
const FIGURE_GREEK: [number, number][] = [[0x3b2, 0x3b3]];
const OTHER_GREEK: [number, number][] = [
  [0x391, 0x393],
  [0x395, 0x3a1],
  [0x3a4, 0x3a8],
  single(0x3b6),
  [0x3b9, 0x3ba],
  [0x3bd, 0x3bf],
  single(0x3c2),
  single(0x3c5),
  single(0x3c8),
];

/** Large titles only: basic letters and punctuation. */
const TITLES: [number, number][] = [
  [0x20, 0x21],
  [0x26, 0x29],
  [0x2c, 0x3a],
  single(0x3f),
  [0x41, 0x5a],
  [0x61, 0x7a],
  single(0xa0),
  [0x2013, 0x2014],
  [0x2018, 0x2019],
  [0x201c, 0x201d],
  single(0x2026),
];

const SERIF = '@fontsource-variable/source-serif-4';
const SANS = '@fontsource-variable/source-sans-3';
const CODE = '@fontsource-variable/source-code-pro';
/** Weights in use: 400 prose, 500 and 600 headings; sans up to 650 for the current page's name. */
const SERIF_WEIGHTS = { min: 400, max: 600 };
const SANS_WEIGHTS = { min: 400, max: 650 };
/** Optical sizes: text at 18 px, titles at 44 px (h1) to 70 px (landing). Two cuts weigh less than one file with the axis kept. */
const TEXT_SIZE = 18;
const TITLE_SIZE = 52;

export const FONT_FACES: FontFace[] = [
  ...family(
    'thaw-serif',
    'Thaw Serif',
    'normal',
    SERIF,
    'source-serif-4-SET-opsz-normal',
    { opsz: TEXT_SIZE, wght: SERIF_WEIGHTS },
    true,
  ),
  ...family(
    'thaw-serif-italic',
    'Thaw Serif',
    'italic',
    SERIF,
    'source-serif-4-SET-opsz-italic',
    { opsz: TEXT_SIZE, wght: 400 },
    false,
  ),
  ...family(
    'thaw-sans',
    'Thaw Sans',
    'normal',
    SANS,
    'source-sans-3-SET-wght-normal',
    { wght: SANS_WEIGHTS },
    true,
  ),
  ...family(
    'thaw-code',
    'Thaw Code',
    'normal',
    CODE,
    'source-code-pro-SET-wght-normal',
    { wght: SERIF_WEIGHTS },
    false,
  ),
  {
    ...face(
      'thaw-display',
      'Thaw Display',
      'normal',
      SERIF,
      'source-serif-4-latin-opsz-normal',
      { opsz: TITLE_SIZE, wght: 400 },
      TITLES,
    ),
    preload: false,
  },
];

function family(
  id: string,
  name: string,
  style: FontFace['style'],
  source: string,
  file: string,
  axes: FontFace['axes'],
  preload: boolean,
): FontFace[] {
  const of = (part: string, set: string, ranges: [number, number][]): FontFace =>
    face(id + part, name, style, source, file.replace('SET', set), axes, ranges);
  const isCode = source === CODE;
  return [
    { ...of('', 'latin', isCode ? [...CORE, ...CODE_SIGNS] : CORE), preload },
    ...(isCode ? [] : [of('-signs', 'latin', CODE_SIGNS)]),
    of('-accents', 'latin', ACCENTS),
    of('-extended', 'latin-ext', EXTENDED),
    of('-greek', 'greek', source === SANS ? GREEK.flatMap(withoutFigureGreek) : GREEK),
    ...(source === SANS ? [of('-figure-greek', 'greek', FIGURE_GREEK)] : []),
    of('-other-greek', 'greek', OTHER_GREEK),
  ];
}

function face(
  id: string,
  familyName: string,
  style: FontFace['style'],
  source: string,
  file: string,
  axes: FontFace['axes'],
  ranges: [number, number][],
): FontFace {
  const weight = axes['wght'];
  const weightText = typeof weight === 'object' ? `${weight.min} ${weight.max}` : String(weight);
  return {
    id,
    family: familyName,
    style,
    weight: weightText,
    source,
    file: `files/${file}.woff2`,
    ranges,
    axes,
    preload: false,
  };
}

/** A range of GREEK without the signs of FIGURE_GREEK. */
function withoutFigureGreek([from, to]: [number, number]): [number, number][] {
  const parts: [number, number][] = [];
  for (const [first, last] of FIGURE_GREEK) {
    if (to < first || from > last) return [[from, to]];
    if (from < first) parts.push([from, first - 1]);
    if (to > last) parts.push([last + 1, to]);
  }
  return parts;
}

function single(codePoint: number): [number, number] {
  return [codePoint, codePoint];
}
