/**
 * The drawings that few-shot tasks are made of: concepts that no bundled network was trained on, each by several hands.
 * All of them stand on one sheet, public/sprites/targets.webp, with the same pixels as in the sheets of their styles,
 * which the recipes in training/ read; public/sprites/targets.json says what is where.
 */
import { ThawError } from '../../engine/errors.ts';

/** What public/sprites/targets.json says; scripts/build-sprites.ts writes it from src/data/emoji-splits.json. */
export interface DrawingIndex {
  tileSizePx: number;
  /** Tiles in a row: one for each style. */
  columns: number;
  sheet: { file: string; sizeBytes: number; sha256: string };
  /** In the order of the columns. */
  styles: readonly DrawingStyle[];
  /** In the order of the rows. */
  concepts: readonly TargetConcept[];
  /** Tiles that stay white, as a style lacks the concept. */
  missing: readonly number[];
}

/** One hand. */
export interface DrawingStyle {
  id: string;
  title: string;
  /** Whether networks were trained on other drawings in this style. */
  isTrained: boolean;
}

/** A concept that no network saw as a drawing. */
export interface TargetConcept {
  name: string;
  category: string;
  /** Whether the photo classes of the source data show the same thing. */
  isInPhotos: boolean;
}

/** One drawing: a concept by a hand. */
export interface Drawing {
  concept: string;
  style: string;
  category: string;
  /** Place on the sheet. */
  tile: number;
}

/** Which styles are meant: those that networks were trained on, those that they never saw, or both. */
export const styleGroups = ['unseen', 'trained', 'all'] as const;

export type StyleGroup = (typeof styleGroups)[number];

/** The index in a parsed JSON value. Throws a ThawError 'bad-input' that says what is wrong with it. */
export function parseDrawingIndex(value: unknown): DrawingIndex {
  const index = value as Partial<DrawingIndex> | null;
  const isWhole =
    Number.isInteger(index?.tileSizePx) &&
    typeof index?.sheet?.file === 'string' &&
    Array.isArray(index.styles) &&
    index.styles.length === index.columns &&
    Array.isArray(index.concepts) &&
    Array.isArray(index.missing);
  if (isWhole) return index as DrawingIndex;
  throw new ThawError({
    code: 'bad-input',
    message: 'The list of drawings (sprites/targets.json) is not what this page expects.',
    advice: 'If the site has just been updated, reload the page; else build it again: npm run build.',
  });
}

/** Ids of the styles of a group, in the order of the sheet's columns. */
export function stylesOf({ styles }: Pick<DrawingIndex, 'styles'>, group: StyleGroup): string[] {
  return styles
    .filter(({ isTrained }) => group === 'all' || isTrained === (group === 'trained'))
    .map(({ id }) => id);
}

/** The categories, in the order in which the concepts name them first. */
export function categoriesOf({ concepts }: Pick<DrawingIndex, 'concepts'>): string[] {
  return [...new Set(concepts.map(({ category }) => category))];
}

/**
 * Drawings of these concepts in these styles, style by style, those that a style lacks left out: the order of `load_emoji` in
 * training/shared/vision/pictures.py. Throws a RangeError for a name that the index does not have.
 */
export function listDrawings(
  index: DrawingIndex,
  concepts: readonly string[],
  styles: readonly string[],
): Drawing[] {
  const missing = new Set(index.missing);
  const rows = concepts.map((name) =>
    placeOf(
      index.concepts.map((concept) => concept.name),
      name,
    ),
  );
  return styles.flatMap((style) => {
    const column = placeOf(
      index.styles.map(({ id }) => id),
      style,
    );
    return rows.flatMap((row): Drawing[] => {
      const tile = row * index.columns + column;
      const { name, category } = index.concepts[row];
      return missing.has(tile) ? [] : [{ concept: name, style, category, tile }];
    });
  });
}

function placeOf(names: readonly string[], name: string): number {
  const place = names.indexOf(name);
  if (place < 0) throw new RangeError(`There are no drawings of "${name}"; there are ${names.join(', ')}.`);
  return place;
}
