/** The pictures that the first figure offers before anything heavier is loaded. */

/** A picture of the gallery sheet; its place in this list is its tile. */
export interface GalleryPicture {
  concept: string;
  style: string;
}

const picture = (concept: string, style: string): GalleryPicture => ({ concept, style });

/** Mostly drawn by hands that the networks never saw; at the end things that they never saw in any hand. */
export const galleryPictures: readonly GalleryPicture[] = [
  picture('lion', 'fluent-emoji-flat'),
  picture('tropical-fish', 'fluent-emoji-flat'),
  picture('hamster', 'openmoji'),
  picture('rooster', 'fluent-emoji'),
  picture('hot-beverage', 'fluent-emoji-flat'),
  picture('sushi', 'openmoji'),
  picture('cherries', 'fluent-emoji'),
  picture('evergreen-tree', 'fluent-emoji-flat'),
  picture('steaming-bowl', 'noto'),
  picture('castle', 'noto'),
  picture('volcano', 'twemoji'),
  picture('saxophone', 'fluent-emoji-flat'),
  picture('bullet-train', 'fluent-emoji-flat'),
  picture('snowman-without-snow', 'openmoji'),
  picture('owl', 'fluent-emoji-flat'),
  picture('fox', 'fluent-emoji'),
  picture('octopus', 'noto'),
  picture('sailboat', 'fluent-emoji-flat'),
  picture('violin', 'openmoji'),
  picture('cactus', 'twemoji'),
];
