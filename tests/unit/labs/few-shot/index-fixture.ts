import type { DrawingIndex } from '../../../../src/labs/few-shot/drawings.ts';

/** Four concepts of two categories in three styles on tiles of 2 pixels; the last style lacks the snail. */
export const index: DrawingIndex = {
  tileSizePx: 2,
  columns: 3,
  sheet: { file: 'targets.webp', sizeBytes: 1, sha256: '' },
  styles: [
    { id: 'noto', title: 'Noto', isTrained: true },
    { id: 'twemoji', title: 'Twemoji', isTrained: true },
    { id: 'openmoji', title: 'OpenMoji', isTrained: false },
  ],
  concepts: [
    { name: 'owl', category: 'animals', isInPhotos: false },
    { name: 'snail', category: 'animals', isInPhotos: true },
    { name: 'pizza', category: 'food', isInPhotos: true },
    { name: 'carrot', category: 'food', isInPhotos: false },
  ],
  missing: [5],
};
