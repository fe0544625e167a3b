/** What the walk says about steps, shapes and rules. */
import { t, type WordKey } from '../../site/strings.ts';
import { formatCount, formatShort } from '../kit/format.ts';
import type { Size } from '../../labs/atlas-network.ts';
import {
  setFormula,
  setSymbols,
  symbolsOf,
  travelling,
  withoutBatch,
  type AxisRule,
  type ShapeWalk,
  type WalkState,
  type WalkStep,
} from './model.ts';

/** A shape for one example: 64×8×8. */
export function saySizes(walk: ShapeWalk, shape: readonly Size[] | undefined): string {
  const sizes = withoutBatch(walk, shape);
  if (!sizes) return t('walk.unknown');
  if (sizes.length === 0) return t('walk.scalar');
  return sizes.map((size) => (typeof size === 'number' ? formatCount(size) : size)).join('×');
}

/** The rules that name the axes of a picture. */
const pictureRules = new Set(['convolution', 'transposed', 'pooling', 'global', 'channels']);

/** Which axes a line of a rule is about: `height, width`, or `axis 1, 2`. */
export function sayAxes({ rule, outputs }: WalkStep, { axes }: AxisRule): string {
  const isPicture = outputs[0]?.shape?.length === 4 && pictureRules.has(rule);
  if (!isPicture) return t('walk.axis', { axes: axes.join(', ') });
  return axes.map((axis) => t(`walk.axis.${axis}` as 'walk.axis.0')).join(', ');
}

/** The rule in plain words. */
export function sayRule(walk: ShapeWalk, { rule, op, outputs }: WalkStep): string {
  if (rule === 'runtime') return t('walk.runtime', { shape: saySizes(walk, outputs[0]?.shape), op });
  return t(`walk.rule.${rule}`);
}

/** What the symbols of a step's formulas stand for, in the order in which they occur. */
export function saySymbols(step: WalkStep): { symbol: string; meaning: string }[] {
  const symbols = symbolsOf(step);
  return symbols.map((symbol) => {
    const both = symbol === 'p' && !symbols.includes('q');
    return {
      symbol,
      meaning: t((both ? 'walk.symbol.p.both' : `walk.symbol.${symbol}`) as WordKey & 'walk.symbol.n'),
    };
  });
}

/** Weights and work of a step. */
export function sayCost({ parameters, macs }: WalkStep): string {
  if (parameters === 0 && macs === 0) return t('walk.noCost');
  return t('walk.cost', { weights: formatCount(parameters), macs: formatShort(macs) });
}

/** The shapes that go into a step. */
export function sayInputs(walk: ShapeWalk, step: WalkStep): string {
  return travelling(step)
    .map(({ shape }) => saySizes(walk, shape))
    .join(', ');
}

/** The formulas of a step with their numbers, in one line: what stays as it is, is left out. */
export function sayNumbers({ axes }: WalkStep): string {
  return axes
    .filter(({ symbols }) => symbols !== 'n')
    .map(({ numbers, size }) => {
      const text = setFormula(numbers);
      return text === String(size) ? text : `${text} = ${size}`;
    })
    .join('; ');
}

/** A step as it is read out. */
export function sayStep({ walk, at }: WalkState): string {
  const step = walk.steps[at];
  return t('walk.announce', {
    at: formatCount(at + 1),
    count: formatCount(walk.steps.length),
    name: step.id,
    op: step.op,
    from: sayInputs(walk, step),
    to: saySizes(walk, step.outputs[0]?.shape),
  });
}

/** Rows of the table as a file: headings and a line for each step. */
export function walkRows(walk: ShapeWalk): (string | number)[][] {
  const whole = (shape: readonly Size[] | undefined): string => shape?.join('x') ?? '';
  return [
    ['step', 'name', 'operator', 'block', 'before', 'rule', 'numbers', 'after', 'parameters', 'MACs'],
    ...walk.steps.map((step, index) => [
      index + 1,
      step.id,
      step.op,
      walk.groups[step.group]?.label ?? '',
      travelling(step)
        .map(({ shape }) => whole(shape))
        .join(' and '),
      step.axes.map(({ symbols }) => setSymbols(symbols)).join('; '),
      step.axes.map(({ numbers, size }) => `${setFormula(numbers)} = ${size}`).join('; '),
      whole(step.outputs[0]?.shape),
      step.parameters,
      step.macs,
    ]),
  ];
}
