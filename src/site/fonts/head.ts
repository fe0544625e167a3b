/** What the fonts put into every page's head. */
import { readFileSync } from 'node:fs';
import { writeFallbackRules } from './fallbacks.ts';

/** One element of a page's head, in the form that Starlight takes. */
export interface HeadElement {
  tag: 'link' | 'meta' | 'style' | 'script';
  attrs?: Record<string, string | boolean>;
  content?: string;
}

/** What fonts.json holds: scripts/assets/fonts.ts writes it. */
export interface FontList {
  /** One @font-face each. */
  faces: {
    family: string;
    style: string;
    weight: string;
    /** File name in the fonts folder. */
    file: string;
    unicodeRange: string;
    preload: boolean;
  }[];
  /** File name of the style sheet for formulas. */
  katexStyle: string;
}

/** Attribute that marks the style sheet for formulas; the last build step drops it from pages without one. */
export const FORMULA_STYLE_MARK = 'data-formulas';

/** Reads the list of fonts that the asset build wrote. Throws where the assets were not built yet. */
export function readFontList(folder = 'public/generated/fonts'): FontList {
  try {
    return JSON.parse(readFileSync(`${folder}/fonts.json`, 'utf8')) as FontList;
  } catch (cause) {
    throw new Error(`${folder}/fonts.json should list the fonts. Run "node scripts/build-assets.ts" first.`, {
      cause,
    });
  }
}

/** Preloads, @font-face rules and the formula style sheet for a site that stands at `base` (such as "/sub/"). */
export function writeFontHead(fonts: FontList, base: string): HeadElement[] {
  const folder = `${base.replace(/\/$/, '')}/generated/fonts/`;
  const preloads = fonts.faces
    .filter((face) => face.preload)
    .map((face): HeadElement => ({
      tag: 'link',
      attrs: {
        rel: 'preload',
        as: 'font',
        type: 'font/woff2',
        crossorigin: 'anonymous',
        href: folder + face.file,
      },
    }));
  const rules = fonts.faces.map(
    (face) =>
      `@font-face{font-family:'${face.family}';font-style:${face.style};font-weight:${face.weight};font-display:swap;` +
      `src:url(${folder}${face.file}) format('woff2');unicode-range:${face.unicodeRange}}`,
  );
  return [
    ...preloads,
    { tag: 'style', content: rules.join('') + writeFallbackRules() },
    { tag: 'link', attrs: { rel: 'stylesheet', href: folder + fonts.katexStyle, [FORMULA_STYLE_MARK]: '' } },
  ];
}
