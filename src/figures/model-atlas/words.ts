/** What the atlas says about boxes, values and costs, in words and numbers. */
import { t } from '../../site/strings.ts';
import { formatBytes, formatCount, formatShort } from '../kit/format.ts';
import type { AtlasBox, AtlasNetwork, CostName, Size, TrainingMark } from './model.ts';
import { outputOf } from './model.ts';

/** Kinds of boxes that have a word of their own. */
const kinds = [
  'embedding',
  'layer',
  'attention',
  'residual',
  'inception',
  'branch',
  'stem',
  'stage',
  'pool',
  'head',
  'group',
  'operator',
] as const;

/** What a box is: the operator's name, or the kind of box. */
export function sayKind(box: AtlasBox): string {
  const kind = kinds.find((word) => word === box.kind);
  return box.op ?? (kind ? t(`atlas.kind.${kind}`) : box.kind);
}

/** How many operators a box holds. */
export function sayOperators({ operators }: Pick<AtlasBox, 'operators'>): string {
  return operators === 1 ? t('atlas.operatorsOne') : t('atlas.operators', { count: formatCount(operators) });
}

/** What stands under a box's name: what it is, or how many operators where the name says that already. */
export function sayLine(box: AtlasBox): string {
  const kind = sayKind(box);
  return kind === box.label ? sayOperators(box) : kind;
}

/** A shape for one example: 64×8×8; axes without a size by their names. */
export function sayShape(shape: readonly Size[] | undefined): string {
  if (!shape) return t('atlas.unknown');
  if (shape.length === 0) return t('atlas.scalar');
  return shape.map((size) => (typeof size === 'number' ? formatCount(size) : size)).join('×');
}

/** A cost in three digits, bytes with their unit. */
export function sayCost(cost: CostName, amount: number): string {
  return cost === 'activationBytes' ? formatBytes(amount) : formatShort(amount);
}

/** A box in one sentence, as it is read out. */
export function sayBox(network: AtlasNetwork, box: AtlasBox): string {
  return t('atlas.box', {
    name: box.label,
    what: sayKind(box),
    shape: sayShape(outputOf(network, box).shape),
    weights: formatCount(box.parameters),
    macs: formatShort(box.macs),
    bytes: formatBytes(box.activationBytes),
  });
}

/** At most this many characters; what is cut is told by an ellipsis. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** How a box is marked, behind its name: `, frozen`; nothing where there is nothing to mark. */
export function sayMark(mark: TrainingMark | undefined): string {
  return mark ? `, ${t(`atlas.mark.${mark}`)}` : '';
}
