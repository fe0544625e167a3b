/** Rows picked by index. */
import { intAttribute } from '../../onnx/graph-index.ts';
import { countItems } from '../../onnx/shape/contents.ts';
import { fromFront, range, reshape, transpose, zeros } from '../arithmetic.ts';
import type { GradientRow, GradientSite, InputGradient } from '../gradient-rule.ts';
import { spread } from '../window.ts';

export const selectionRows: readonly GradientRow[] = [['Gather', gather]];

/** Each picked row's gradient is added to the row that it came from; a row picked twice gets both. */
function gather({ node, b, dY }: GradientSite): InputGradient[] {
  const [x, indices] = node.inputs;
  const dims = b.dims(x);
  const axis = fromFront(intAttribute(node, 'axis', 0), dims.length);
  const known = b.numbers(indices);
  const count = countItems(b.dims(indices));
  return [
    () => {
      const [before, behind] = [dims.slice(0, axis), dims.slice(axis + 1)];
      const rows = reshape(b, dY, [...before, count, ...behind]);
      // one row, such as the first piece of a sentence: nothing can meet, so no scattering
      if (known?.length === 1)
        return spread(b, rows, axis, { start: fromFront(known[0], dims[axis]), step: 1, size: dims[axis] });
      const toFront = [axis, ...range(dims.length).filter((one) => one !== axis)];
      const others = [...before, ...behind];
      const list = reshape(b, indices, [count, 1]);
      const added = b.op(
        'ScatterND',
        [zeros(b, [dims[axis], ...others], dY), list, transpose(b, rows, toFront)],
        {
          reduction: 'add',
        },
      );
      return transpose(
        b,
        added,
        range(dims.length).map((one) => toFront.indexOf(one)),
      );
    },
  ];
}
