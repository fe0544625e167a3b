/** Chapter 4: shares and factors that follow from counting. */
import { formatCount, formatPercent } from '../../../figures/kit/format.ts';
import { convolutionWeights, countVgg16 } from './network-arithmetic.ts';

/** MACs of BERT-base for 128 tokens: what its linear layers take, and what the products inside attention take. */
export function bertMacs(): { linear: number; products: number } {
  const [blocks, tokens, hidden, inner] = [12, 128, 768, 3072];
  const perToken = 4 * hidden ** 2 + 2 * hidden * inner;
  return {
    // The pooler reads the first token only
    linear: blocks * tokens * perToken + hidden ** 2,
    products: blocks * 2 * tokens ** 2 * hidden,
  };
}

/** Returns the chapter's numbers. */
export function modelsExamples(): Readonly<Record<string, string>> {
  const rows = countVgg16();
  const sum = (key: 'weights' | 'macs', from = 0, to = rows.length) =>
    rows.slice(from, to).reduce((total, row) => total + row[key], 0);
  const bert = bertMacs();
  const bottleneck =
    convolutionWeights(1, 256, 64, false) +
    convolutionWeights(3, 64, 64, false) +
    convolutionWeights(1, 64, 256, false);
  const five = convolutionWeights(1, 192, 16, false) + convolutionWeights(5, 16, 32, false);
  return {
    vggConvShare: formatPercent(sum('macs', 0, 5) / sum('macs')),
    vggConvWeights: formatCount(sum('weights', 0, 5)),
    vggFirstLinearShare: formatPercent(sum('weights', 5, 6) / sum('weights')),
    vggFirstLinearMacs: formatPercent(sum('macs', 5, 6) / sum('macs')),
    bottleneckFactor: formatCount((2 * convolutionWeights(3, 256, 256, false)) / bottleneck),
    fiveByFiveFactor: (convolutionWeights(5, 192, 32, false) / five).toFixed(1),
    bertAttentionShare: formatPercent(bert.products / bert.linear),
  };
}
