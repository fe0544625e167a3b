/** Forms of fused attention that are not written out before the walk (write-attention.ts): each says which of its parts is in the way. */
import { describeNode } from '../../onnx/graph-index.ts';
import { OnnxError } from '../../onnx/onnx-error.ts';
import type { GradientRow } from '../gradient-rule.ts';
import { attentionWritings } from '../write-attention.ts';

export const attentionRows: readonly GradientRow[] = [...attentionWritings].map(([name, { missing }]) => [
  name,
  ({ b, node }) => {
    const part = missing(b, node) ?? 'was not written out';
    throw new OnnxError(`${describeNode(node)} ${part}; no gradient can be sent through that yet.`, {
      advice:
        'Freeze everything up to this node, or export the model with its attention in single operators.',
    });
  },
]);
