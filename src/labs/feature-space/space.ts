/**
 * The feature space: drawings of things that no network was trained on, as the vectors that a backbone makes of them, brought to a plane;
 * and how many of those by unseen hands are named right by their nearest neighbours.
 */
import { preprocessAll } from '../../engine/preprocess/batch.ts';
import type { RgbaPicture } from '../../engine/preprocess/rgba.ts';
import { pictureManifest } from '../../engine/registry/manifest.ts';
import type { LoadedModel } from '../../engine/runtime/types.ts';
import { accuracyOfAnswers, type Accuracy } from '../few-shot/accuracy.ts';
import { drawConcepts } from '../few-shot/task.ts';
import { listDrawings, stylesOf, type Drawing, type DrawingIndex } from '../few-shot/drawings.ts';
import { findNeighbours, voteOfNeighbours, type Embedding } from '../few-shot/neighbours.ts';
import { cutDrawings, type DrawingSheet } from '../few-shot/read-pictures.ts';
import { projectToPlane, type Plane } from './pca.ts';

/** Classes of a map: as many as there are marks that can be told apart. */
export const thingsOnMap = 6;

/** Neighbours that vote. */
export const votes = 3;

/** Which drawings stand on a map: those by hands that networks know, then those by hands that they never saw. */
export interface SpacePictures {
  readonly things: readonly string[];
  readonly drawings: readonly Drawing[];
  /** Place of each drawing's thing. */
  readonly labels: readonly number[];
  /** Drawings from here on are by unseen hands; they are asked about. */
  readonly firstAsked: number;
}

/** What a network makes of them. */
export interface SpaceMap extends Plane {
  readonly accuracy: Accuracy;
  /** The things that neighbours name pictures of the reader's own by; absent where there are none. */
  readonly own?: readonly number[];
}

/** Six things drawn from the seed, by all hands that drew them. */
export function drawSpacePictures(index: DrawingIndex, seed: number): SpacePictures {
  const all = stylesOf(index, 'all');
  const whole = index.concepts.filter(({ name }) => listDrawings(index, [name], all).length === all.length);
  const things = drawConcepts({ ...index, concepts: whole }, { count: thingsOnMap, seed });
  const known = listDrawings(index, things, stylesOf(index, 'trained'));
  const drawings = [...known, ...listDrawings(index, things, stylesOf(index, 'unseen'))];
  return {
    things,
    drawings,
    labels: drawings.map(({ concept }) => things.indexOf(concept)),
    firstAsked: known.length,
  };
}

/**
 * The backbone's vectors of drawings, and behind them of the reader's own pictures: `value` is the name of the network's pooled
 * features, float32 [N, size].
 */
export async function embedDrawings(
  model: Pick<LoadedModel, 'run' | 'manifest'>,
  value: string,
  sheet: DrawingSheet,
  drawings: readonly Drawing[],
  signal?: AbortSignal,
  own: readonly RgbaPicture[] = [],
): Promise<Embedding> {
  const { input } = pictureManifest(model.manifest);
  const pictures = [...cutDrawings(sheet, drawings), ...own];
  const inputs = { [input.name]: preprocessAll(pictures, input) };
  const { outputs } = await model.run(inputs, { outputs: [value], ...(signal && { signal }) });
  const { data } = outputs[value];
  return { count: pictures.length, size: data.length / pictures.length, data };
}

/**
 * The map of an embedding: its plane, and what its neighbours say about the drawings by unseen hands. Vectors behind those of the
 * drawings are the reader's own pictures; they are on the plane, and what they are nobody knows.
 */
export function mapEmbedding(embedding: Embedding, { labels, firstAsked }: SpacePictures): SpaceMap {
  const known = rowsOf(embedding, 0, firstAsked);
  const asked = rowsOf(embedding, firstAsked, labels.length);
  const answers = voteOfNeighbours(findNeighbours(asked, votes, known), labels);
  const accuracy = accuracyOfAnswers(answers, labels.slice(firstAsked));
  const map = { ...projectToPlane(embedding), accuracy };
  if (embedding.count === labels.length) return map;
  const own = rowsOf(embedding, labels.length, embedding.count);
  const all = rowsOf(embedding, 0, labels.length);
  return { ...map, own: [...voteOfNeighbours(findNeighbours(own, votes, all), labels)] };
}

function rowsOf({ size, data }: Embedding, from: number, to: number): Embedding {
  return { count: to - from, size, data: data.subarray(from * size, to * size) };
}
