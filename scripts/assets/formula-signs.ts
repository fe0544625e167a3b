/** Which signs the course's formulas print, font by font: what its mathematics fonts must hold. */
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import katex from 'katex';
import { katexOptions } from '../../src/site/content/mathematics.ts';

/** The classes by which KaTeX's style sheet chooses these fonts. */
const CHOSEN_BY: Record<string, RegExp> = {
  KaTeX_Math: /\b(mathnormal|boldsymbol)\b/,
  KaTeX_AMS: /\b(mathbb|textbb|amsrm)\b/,
  KaTeX_Caligraphic: /\bmathcal\b/,
  KaTeX_Fraktur: /\b(mathfrak|textfrak|mathboldfrak|textboldfrak)\b/,
  KaTeX_Script: /\b(mathscr|textscr)\b/,
};

/** A function from a CSS family of KaTeX to the signs that formulas in `<folder>/**` print in it, sorted. */
export async function readFormulaSigns(folder: string): Promise<(family: string) => string> {
  const printed: { classes: string; text: string }[] = [];
  for (const file of globSync(`${folder}/**/*.{md,mdx}`)) {
    const text = await readFile(file, 'utf8');
    for (const [, display, inline] of text.matchAll(/\$\$([^]+?)\$\$|\$([^$\n]+)\$/g)) {
      // What is no formula after all (a price, a shell variable) adds a few signs and does no harm
      const html = katex.renderToString(display ?? inline ?? '', {
        ...katexOptions,
        output: 'html',
        throwOnError: false,
        displayMode: display !== undefined,
        strict: 'ignore',
      });
      for (const [, classes = '', leaf = ''] of html.matchAll(/<span class="([^"]*)"[^>]*>([^<]+)/g))
        printed.push({
          classes,
          text: leaf.replace(/&amp;/g, '&').replace(/&lt;/g, '<').replace(/&gt;/g, '>'),
        });
      // Signs between two spans belong to neither; they are set in the formula's own font
      printed.push({
        classes: '',
        text: html.replace(/<span class="[^"]*"[^>]*>[^<]+/g, '').replace(/<[^>]*>/g, ''),
      });
    }
  }
  return (family) => {
    const own = printed.filter(({ classes }) => isSetIn(family, classes));
    return [...new Set(own.flatMap(({ text }) => Array.from(text)))].sort().join('');
  };
}

/** Whether text with these classes is set in the family: the main one has what no other is chosen for. */
function isSetIn(family: string, classes: string): boolean {
  if (family === 'KaTeX_Main') return !Object.values(CHOSEN_BY).some((chosenBy) => chosenBy.test(classes));
  return CHOSEN_BY[family]?.test(classes) ?? true;
}
