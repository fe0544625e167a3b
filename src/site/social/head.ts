/** What a page says about itself to whoever shows a link to it. */
import type { HeadElement } from '../fonts/head.ts';
import { t } from '../strings.ts';
import { pictureFile } from './pictures.ts';

export interface SharedPage {
  /** Address of the host, where it is known. */
  site: URL | undefined;
  /** Base path of the site, such as "/" or "/sub/". */
  base: string;
  /** Path of the page, base included. */
  path: string;
  title: string;
  description: string | undefined;
}

/** Width and height of every social picture, pixels. */
export const PICTURE_SIZE = { width: 1200, height: 630 };

/** Icons, theme colours, and the picture and words of a shared link. Needs `site` for the picture's full address. */
export function writeSocialHead({ site, base, path, title, description }: SharedPage): HeadElement[] {
  const root = base.endsWith('/') ? base : `${base}/`;
  const inside = path.startsWith(root) ? path.slice(root.length) : path.replace(/^\//, '');
  const picture = new URL(`${root}social/${pictureFile(inside)}`, site ?? 'https://example.org').href;
  const meta = (name: string, content: string): HeadElement => ({ tag: 'meta', attrs: { name, content } });
  const property = (name: string, content: string): HeadElement => ({
    tag: 'meta',
    attrs: { property: name, content },
  });
  return [
    { tag: 'link', attrs: { rel: 'icon', href: `${root}favicon-32.png`, type: 'image/png', sizes: '32x32' } },
    {
      tag: 'link',
      attrs: { rel: 'apple-touch-icon', href: `${root}apple-touch-icon.png`, sizes: '180x180' },
    },
    { tag: 'link', attrs: { rel: 'manifest', href: `${root}site.webmanifest` } },
    {
      tag: 'meta',
      attrs: { name: 'theme-color', content: '#f9fbfc', media: '(prefers-color-scheme: light)' },
    },
    {
      tag: 'meta',
      attrs: { name: 'theme-color', content: '#14181b', media: '(prefers-color-scheme: dark)' },
    },
    property('og:image', picture),
    property('og:image:width', String(PICTURE_SIZE.width)),
    property('og:image:height', String(PICTURE_SIZE.height)),
    property('og:image:alt', t('social.pictureOf', { title })),
    meta('twitter:title', title),
    meta('twitter:description', description ?? t('site.description')),
    meta('twitter:image', picture),
  ];
}
