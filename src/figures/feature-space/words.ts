/** Names of sources and drawings for people. */
import { t } from '../../site/strings.ts';
import { randomSource, type SpaceDrawing } from './frame.ts';

/** A source's name: its network's, or that of random weights. */
export function sourceName(source: string): string {
  return source === randomSource ? t('space.random') : source;
}

/** `fire-engine` as words. */
export function thingName(thing: string): string {
  return thing.replaceAll('-', ' ');
}

/** A drawing's thing and hand. */
export function drawingName({ concept, style }: SpaceDrawing): string {
  if (concept === '') return t('space.own', { name: style });
  return t('space.drawing', { thing: thingName(concept), hand: style });
}
