/** The pictures that figures offer, read at build time from what scripts/build-sprites.ts made. */
import { readFile } from 'node:fs/promises';
import { address } from '../../site/content/address.ts';

/** The gallery's sheets with their addresses below the site's base, and what their tiles show. */
export async function readGallery(publicDir = 'public'): Promise<{
  sheet: string;
  preview: string;
  columns: number;
  pictures: { concept: string; style: string }[];
}> {
  const text = await readFile(`${publicDir}/sprites/gallery.json`, 'utf8').catch(() => {
    throw new Error('public/sprites/gallery.json is missing: run node scripts/build-assets.ts first.');
  });
  const { columns, gallery } = JSON.parse(text) as {
    columns: number;
    gallery: { sheet: SheetFile; preview: SheetFile; pictures: { concept: string; style: string }[] };
  };
  const place = ({ file, sha256 }: SheetFile) => address(`sprites/${file}?${sha256.slice(0, 8)}`);
  const { sheet, preview, pictures } = gallery;
  return { sheet: place(sheet), preview: place(preview), columns, pictures };
}

interface SheetFile {
  file: string;
  sha256: string;
}
