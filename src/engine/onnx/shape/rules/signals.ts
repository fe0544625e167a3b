/** Fourier transforms (opset 17) and text features. */
import { addDims, floorDivideDims, subtractDims } from '../../dimensions.ts';
import { intAttribute, intsAttribute } from '../../graph-index.ts';
import type { Dim } from '../../types.ts';
import { dimAt, normaliseAxis, row, typeAt, withDims } from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import { tensorType } from '../value-type.ts';
import type { ValueType } from '../value-type.ts';

export const signalRows: readonly NamedRow[] = [
  row('DFT', 1, dft),
  row('STFT', 2, stft),
  // words that are left out shorten the last axis
  row('StringNormalizer', 1, ({ node, types: [x] }) => [
    node.attributes.has('stopwords') ? withDims(x, x.dims && [...x.dims.slice(0, -1), '?']) : x,
  ]),
  row('StringSplit', 1, ({ types: [x] }) => [
    withDims(x, x.dims && [...x.dims, '?']),
    tensorType('int64', x.dims),
  ]),
  row('TfIdfVectorizer', 1, tfIdf),
];

/** x [..., 1 or 2]: real or complex. The axis is an attribute before opset 20, an input from then on. */
function dft(site: Site): ValueType[] {
  const { node, opset } = site;
  const x = typeAt(site, 0);
  if (x.dims === undefined) return [x];
  const { dims } = x;
  const stated = opset < 20 ? intAttribute(node, 'axis', 1) : site.has(2) ? site.numbers(2)?.[0] : -2;
  if (stated === undefined) return [withDims(x, [...dims.slice(0, -1).map((): Dim => '?'), 2])];
  const axis = normaliseAxis(node, stated, dims.length);
  const length = site.has(1) ? (site.symbols(1)?.[0] ?? '?') : dims[axis];
  const half = intAttribute(node, 'onesided', 0) === 1;
  const inverse = intAttribute(node, 'inverse', 0) === 1;
  const size = half && !inverse ? halfSpectrum(length) : length;
  return [
    withDims(
      x,
      dims.map((dim, at) => (at === axis ? size : at === dims.length - 1 ? (half && inverse ? 1 : 2) : dim)),
    ),
  ];
}

/** x [batch, samples] or [batch, samples, 1], a step, a window, a frame's length → [batch, frames, bins, 2]. */
function stft(site: Site): ValueType[] {
  const x = typeAt(site, 0);
  const step = site.symbols(1)?.[0] ?? '?';
  const length = site.has(3) ? (site.symbols(3)?.[0] ?? '?') : dimAt(typeAt(site, 2), 0);
  const frames = addDims([floorDivideDims(subtractDims(dimAt(x, 1), length), step), 1]);
  const bins = intAttribute(site.node, 'onesided', 1) === 1 ? halfSpectrum(length) : length;
  return [withDims(x, [dimAt(x, 0), frames, bins, 2])];
}

function halfSpectrum(length: Dim): Dim {
  return addDims([floorDivideDims(length, 2), 1]);
}

/** One column for each word group that the attribute numbers. */
function tfIdf({ node, types: [x] }: Site): ValueType[] {
  const columns =
    intsAttribute(node, 'ngram_indexes')?.reduce((most, index) => Math.max(most, index + 1), 0) ?? '?';
  return [tensorType('float32', x.dims && [...x.dims.slice(0, -1), columns])];
}
