/** Words that several views of the lens use. */
import { mostLetters } from '../../labs/bert-lens/text.ts';
import type { HeadChoice } from '../../labs/bert-lens/attention.ts';
import { t } from '../../site/strings.ts';

export { mostLetters };

/** `head 2`, `mean of all heads`, `rollout`. */
export function headWords(head: HeadChoice): string {
  if (head === 'rollout') return t('bert.rolloutShort');
  return head === 'mean' ? t('bert.mean') : t('bert.head', { head });
}

/** The name of a stretch of the network. */
export function partWords(id: string): string {
  if (id === 'embeddings' || id === 'head') return t(`bert.part.${id}`);
  return t('bert.layer', { layer: id.replace('layer.', '') });
}

/** What lies behind so many layers. */
export function depthWords(depth: number): string {
  return depth === 0 ? t('bert.depth.0') : t('bert.depth', { layer: depth - 1 });
}

/** A share of attention in two digits: 0.34. */
export function shareWords(share: number): string {
  return share.toFixed(2);
}
