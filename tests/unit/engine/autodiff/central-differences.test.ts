/**
 * Every gradient rule against central differences of its own forward graph, in double precision wherever onnxruntime has such a
 * kernel. The cases' inputs lie away from kinks (1/32 or more).
 */
import { test } from 'node:test';
import { checkGradients, inDoublePrecision } from './check-gradients.ts';
import type { DifferenceMethod } from './check-gradients.ts';
import { readRuleCases } from './rule-case.ts';
import type { RuleCase } from './rule-case.ts';

/** Operators that onnxruntime's CPU provider computes in float32 only (LayerNormalization: its mean), and a cast that rounds. */
const singleOnly = new Set(
  'Conv AveragePool GlobalAveragePool LayerNormalization Erf Gelu HardSwish HardSigmoid LeakyRelu Softplus Sum Sin Cos Cast Attention MultiHeadAttention'.split(
    ' ',
  ),
);

/** Of these the output is linear in each input, or piecewise so: a difference is exact whatever the step, up to the next kink. */
const linear = new Set('Conv AveragePool GlobalAveragePool HardSigmoid LeakyRelu Sum'.split(' '));

function methodFor({ nodes }: RuleCase): DifferenceMethod {
  const single = nodes.filter(({ opType }) => singleOnly.has(opType));
  if (single.length === 0) return inDoublePrecision;
  if (single.every(({ opType }) => linear.has(opType)))
    return { precision: 'float32', step: 1 / 64, tolerance: 2e-4 };
  return { precision: 'float32', step: 1 / 80, tolerance: 2e-4 };
}

for (const one of readRuleCases()) test(one.name, () => checkGradients(one, methodFor(one)));
