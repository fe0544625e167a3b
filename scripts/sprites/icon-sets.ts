/** The eight icon sets that the site draws emoji from, and how one drawing is taken out of a set. */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

/** One drawing style: an npm package of icons in Iconify's JSON form. */
export interface IconStyle {
  /** Name of the style, also the name of its sheet. */
  id: string;
  /** npm package that carries the drawings. */
  packageName: string;
}

/** All styles, training styles first; the split file says which are which. */
export const iconStyles: readonly IconStyle[] = [
  'noto',
  'noto-v1',
  'twemoji',
  'emojione',
  'emojione-v1',
  'openmoji',
  'fluent-emoji',
  'fluent-emoji-flat',
].map((id) => ({ id, packageName: `@iconify-json/${id}` }));

/** An icon set read from its package. */
export interface IconSet {
  style: IconStyle;
  title: string;
  version: string;
  author: { name: string; url: string };
  licence: { title: string; spdx: string; url: string };
  /** Names of all drawings, aliases included. */
  names: ReadonlySet<string>;
  /** The drawing as a standalone SVG that fills a square of `sizePx`, or undefined if the set lacks it. */
  svgOf(name: string, sizePx: number): string | undefined;
  /** Category names to icon names, empty where the set has none. */
  categories: Readonly<Record<string, readonly string[]>>;
}

interface IconJson {
  body: string;
  width?: number;
  height?: number;
  left?: number;
  top?: number;
}

interface AliasJson {
  parent: string;
  hFlip?: boolean;
  vFlip?: boolean;
  rotate?: number;
}

interface SetJson extends IconJson {
  icons: Partial<Record<string, IconJson>>;
  aliases?: Partial<Record<string, AliasJson>>;
}

interface InfoJson {
  name: string;
  author: { name: string; url: string };
  license: { title: string; spdx: string; url: string };
}

/** Reads one icon set; throws a sentence that names the missing package if it is not installed. */
export function readIconSet(style: IconStyle): IconSet {
  const require = createRequire(import.meta.url);
  const read = (file: string): unknown => {
    const specifier = `${style.packageName}/${file}`;
    let path: string;
    try {
      path = require.resolve(specifier);
    } catch {
      throw new Error(
        `The icon set ${style.packageName} is not installed (${specifier} not found). Run "npm install".`,
      );
    }
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  };
  const set = read('icons.json') as SetJson;
  const info = read('info.json') as InfoJson;
  const { version } = read('package.json') as { version: string };
  const metadata = read('metadata.json') as { categories?: Record<string, string[]> };
  const aliases = set.aliases ?? {};
  return {
    style,
    title: info.name,
    version,
    author: { name: info.author.name, url: info.author.url },
    licence: { title: info.license.title, spdx: info.license.spdx, url: info.license.url },
    names: new Set([...Object.keys(set.icons), ...Object.keys(aliases)]),
    categories: metadata.categories ?? {},
    svgOf(name, sizePx) {
      const icon = resolveIcon(set, aliases, name);
      return icon && wrapSvg(set, icon.drawing, icon.isMirrored, sizePx);
    },
  };
}

/** Follows aliases to a drawing. Of an alias's transformations only the mirror occurs in these sets. */
function resolveIcon(set: SetJson, aliases: Partial<Record<string, AliasJson>>, name: string) {
  let isMirrored = false;
  let current = name;
  for (let hops = 0; hops < 8; hops++) {
    const drawing = set.icons[current];
    if (drawing) return { drawing, isMirrored };
    const alias = aliases[current];
    if (!alias) return undefined;
    if (alias.vFlip || alias.rotate)
      throw new Error(`Icon alias "${name}" turns its drawing, which is not supported.`);
    if (alias.hFlip) isMirrored = !isMirrored;
    current = alias.parent;
  }
  throw new Error(`Icon alias "${name}" does not end in a drawing.`);
}

function wrapSvg(set: SetJson, icon: IconJson, isMirrored: boolean, sizePx: number): string {
  const width = icon.width ?? set.width ?? 16;
  const height = icon.height ?? set.height ?? 16;
  const left = icon.left ?? set.left ?? 0;
  const top = icon.top ?? set.top ?? 0;
  const body = isMirrored
    ? `<g transform="translate(${2 * left + width} 0) scale(-1 1)">${icon.body}</g>`
    : icon.body;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${sizePx}" height="${sizePx}" ` +
    `viewBox="${left} ${top} ${width} ${height}">${body}</svg>`
  );
}
