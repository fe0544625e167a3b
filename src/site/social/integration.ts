/** Build step: one picture for the site and one for each chapter, the icons, the web manifest, and robots.txt. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import sharp from 'sharp';
import { titleFontFile } from '../../../scripts/assets/fonts.ts';
import { t } from '../strings.ts';
import { drawIcon, drawPicture, pictureFile } from './pictures.ts';

interface Words {
  file: string;
  title: string;
  /** Number of the chapter; undefined on the picture of the whole site. */
  chapter: number | undefined;
}

/** Draws the social pictures and icons into the built site. */
export function socialPictures(): AstroIntegration {
  let base = '/';
  let site: string | undefined;
  return {
    name: 'thaw-social',
    hooks: {
      'astro:config:done': ({ config }) => {
        base = config.base.endsWith('/') ? config.base : `${config.base}/`;
        site = config.site;
      },
      'astro:build:done': async ({ dir, logger }) => {
        const out = fileURLToPath(dir);
        await mkdir(`${out}social`, { recursive: true });
        const pictures = await listPictures(out);
        const fontFile = await titleFontFile();
        for (const [index, words] of pictures.entries())
          await writeFile(`${out}social/${words.file}`, await drawWithWords(words, index, fontFile));
        await writeIcons(out, base);
        const map = new URL(`${base}sitemap-index.xml`, site ?? 'https://example.org').href;
        await writeFile(`${out}robots.txt`, `User-agent: *\nAllow: /\n\nSitemap: ${map}\n`);
        logger.info(`${String(pictures.length)} social pictures`);
      },
    },
  };
}

/** The site's own picture and one for every chapter that was built, by the order of their folders. */
async function listPictures(out: string): Promise<Words[]> {
  const pictures: Words[] = [{ file: pictureFile(''), title: t('social.promise'), chapter: undefined }];
  const folders = await readdir('content/course', { withFileTypes: true }).catch(() => []);
  for (const folder of folders
    .filter((entry) => entry.isDirectory())
    .sort((a, b) => a.name.localeCompare(b.name))) {
    const [, number, slug] = /^(\d+)-(.+)$/.exec(folder.name) ?? [];
    if (!number || !slug) continue;
    const html = await readFile(`${out}course/${slug}/index.html`, 'utf8').catch(() => '');
    const title = /<meta property="og:title" content="([^"]*)"/.exec(html)?.[1];
    if (title)
      pictures.push({
        file: pictureFile(`course/${slug}/`),
        title: readEntities(title),
        chapter: Number(number),
      });
  }
  return pictures;
}

async function drawWithWords({ title, chapter }: Words, index: number, fontfile: string): Promise<Buffer> {
  const ground = Buffer.from(drawPicture(chapter === undefined ? 2 : 1 + (index % 7)));
  const layers = [
    { input: await writeWords(t('site.title'), 40, '#171f26', fontfile, 400), left: 136, top: 60 },
    {
      input: await writeWords(title, title.length > 28 ? 76 : 92, '#171f26', fontfile, 1056),
      left: 72,
      top: chapter === undefined ? 168 : 214,
    },
  ];
  if (chapter !== undefined)
    layers.push({
      input: await writeWords(t('social.chapter', { number: chapter }), 34, '#4a5359', fontfile, 600),
      left: 72,
      top: 164,
    });
  return sharp(ground).composite(layers).png({ palette: true, compressionLevel: 9 }).toBuffer();
}

/** Words as a transparent picture; `sizePx` is the height of an em. */
async function writeWords(
  text: string,
  sizePx: number,
  colour: string,
  fontfile: string,
  widthPx: number,
): Promise<Buffer> {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const rendered = sharp({
    text: {
      text: `<span foreground="${colour}">${escaped}</span>`,
      font: `Thaw Display ${String(sizePx)}`,
      fontfile,
      width: widthPx,
      dpi: 72, // a point is then a pixel
      rgba: true,
      wrap: 'word',
      spacing: -Math.round(sizePx * 0.2),
    },
  });
  return rendered.png().toBuffer();
}

async function writeIcons(out: string, base: string): Promise<void> {
  await writeFile(`${out}favicon.svg`, drawIcon(32, false));
  const icons: [string, number, boolean][] = [
    ['favicon-32.png', 32, false],
    ['apple-touch-icon.png', 180, true],
    ['icon-192.png', 192, true],
    ['icon-512.png', 512, true],
  ];
  for (const [file, sizePx, onPaper] of icons)
    await writeFile(
      `${out}${file}`,
      await sharp(Buffer.from(drawIcon(sizePx, onPaper)))
        .png({ compressionLevel: 9 })
        .toBuffer(),
    );
  const manifest = {
    name: t('site.title'),
    short_name: t('site.title'),
    description: t('site.description'),
    start_url: base,
    scope: base,
    display: 'browser',
    background_color: '#f9fbfc',
    theme_color: '#f9fbfc',
    icons: [192, 512].map((size) => ({
      src: `${base}icon-${String(size)}.png`,
      sizes: `${String(size)}x${String(size)}`,
      type: 'image/png',
    })),
  };
  await writeFile(`${out}site.webmanifest`, JSON.stringify(manifest));
}

function readEntities(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#34;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
