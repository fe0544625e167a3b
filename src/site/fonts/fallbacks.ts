/**
 * System fonts stretched to the widths and heights of ours, so that no line moves when a font arrives.
 * Average width of the string `aaabcdeeeefghiijklmnnoopqrrssttuvwxyz` plus six spaces (letters by their frequency),
 * in em: Times 0.417, Helvetica 0.456, Courier 0.6 (their AFM files); ours as measured from the subset files.
 */

interface Fallback {
  /** CSS family of the stretched font. */
  family: string;
  style: 'normal' | 'italic';
  /** Metric-compatible system fonts, first one found wins. */
  locals: string[];
  /** Average width of our font and of the system font, em. */
  width: { ours: number; theirs: number };
  /** Ascent and descent of our font, em. */
  ascent: number;
  descent: number;
}

const TIMES = ['Times New Roman', 'Times', 'Liberation Serif', 'Nimbus Roman'];
const HELVETICA = ['Arial', 'Helvetica', 'Liberation Sans', 'Nimbus Sans'];
const COURIER = ['Courier New', 'Courier', 'Liberation Mono'];

const FALLBACKS: Fallback[] = [
  {
    family: 'Thaw Serif Fallback',
    style: 'normal',
    locals: TIMES,
    width: { ours: 0.472, theirs: 0.417 },
    ascent: 1.036,
    descent: 0.335,
  },
  {
    family: 'Thaw Serif Fallback',
    style: 'italic',
    locals: TIMES.map((name) => `${name} Italic`),
    width: { ours: 0.434, theirs: 0.409 },
    ascent: 1.036,
    descent: 0.335,
  },
  {
    family: 'Thaw Display Fallback',
    style: 'normal',
    locals: TIMES,
    width: { ours: 0.437, theirs: 0.417 },
    ascent: 1.036,
    descent: 0.335,
  },
  {
    family: 'Thaw Sans Fallback',
    style: 'normal',
    locals: HELVETICA,
    width: { ours: 0.43, theirs: 0.456 },
    ascent: 1.024,
    descent: 0.4,
  },
  {
    family: 'Thaw Code Fallback',
    style: 'normal',
    locals: COURIER,
    width: { ours: 0.6, theirs: 0.6 },
    ascent: 0.984,
    descent: 0.273,
  },
];

/** The @font-face rules of the stretched system fonts. */
export function writeFallbackRules(): string {
  return FALLBACKS.map(({ family, style, locals, width, ascent, descent }) => {
    const scale = width.ours / width.theirs;
    const percent = (value: number): string => `${String(Math.round(value * 1000) / 10)}%`;
    return (
      `@font-face{font-family:'${family}';font-style:${style};src:${locals.map((name) => `local('${name}')`).join(',')};` +
      `size-adjust:${percent(scale)};ascent-override:${percent(ascent / scale)};` +
      `descent-override:${percent(descent / scale)};line-gap-override:0%}`
    );
  }).join('');
}
