/** The pictures that figures offer, read at build time from what scripts/build-sprites.ts made. */
import { readFile } from 'node:fs/promises';

/** The gallery's sheet with its address below the site's base, and what its tiles show. */
export async function readGallery(publicDir = 'public'): Promise<{
  sheet: string;
  columns: number;
  pictures: { concept: string; style: string }[];
}> {
  const text = await readFile(`${publicDir}/sprites/gallery.json`, 'utf8').catch(() => {
    throw new Error('public/sprites/gallery.json is missing: run node scripts/build-assets.ts first.');
  });
  const { columns, gallery } = JSON.parse(text) as {
    columns: number;
    gallery: { sheet: { file: string; sha256: string }; pictures: { concept: string; style: string }[] };
  };
  const base = (import.meta.env.BASE_URL as string | undefined)?.replace(/\/?$/, '/') ?? '/';
  const { file, sha256 } = gallery.sheet;
  return { sheet: `${base}sprites/${file}?${sha256.slice(0, 8)}`, columns, pictures: gallery.pictures };
}
