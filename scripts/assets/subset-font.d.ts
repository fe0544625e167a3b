declare module 'subset-font' {
  /** The options that we use; the package's README lists all. */
  interface Options {
    targetFormat?: 'sfnt' | 'woff' | 'woff2';
    /** OpenType features to keep; all by default. */
    keepFeatures?: string[];
    /** Axes pinned (number) or narrowed (range). */
    variationAxes?: Record<string, number | { min?: number; max?: number; default?: number }>;
    keepAllGlyphs?: boolean;
    preserveNameIds?: number[];
    noHinting?: boolean;
  }
  /** Returns the font cut down to the characters of `text`. */
  export default function subsetFont(
    font: Buffer,
    text: string | undefined,
    options?: Options,
  ): Promise<Buffer>;
}
