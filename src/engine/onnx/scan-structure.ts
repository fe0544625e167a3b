/**
 * Walks through a file and reads everything but large weights. Each field of a message is a number, a type and mostly a length, so
 * what is not wanted is stepped over without being read. Damage stops the walk: the reader finds and names it at the same place.
 */
import type { ByteSource } from './byte-source.ts';
import { ByteWindow } from './byte-window.ts';
import { Structure } from './structure.ts';
import type { Hole } from './structure.ts';

/** Elements from this size on stay in the file. Below it are biases, scales and the shapes that shape inference looks into. */
const largeBytes = 16 * 1024;
/** Files with very many small tensors: once this much has been read, small ones stay in the file too. */
const roomBytes = 24 * 2 ** 20;
const smallBytes = 256;
/** As deep as the reader goes. */
const deepest = 64;

/** What a length-prefixed field leads to: another message, or elements of a tensor. */
type Kind = Readonly<Record<number, keyof typeof kinds | 'elements' | undefined>>;

const kinds = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: { 4: 'elements', 5: 'elements', 7: 'elements', 9: 'elements', 10: 'elements', 11: 'elements' },
} as const;

/**
 * The structure of a file, with holes where large weights are.
 * @param pause called every few thousand fields, so that a page stays responsive.
 * @throws OnnxError when the file cannot be read.
 */
export async function scanStructure(
  source: ByteSource,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<Structure> {
  const window = new ByteWindow(source);
  const holes: Hole[] = [];
  const open: { readonly end: number; readonly kind: Kind }[] = [
    { end: source.sizeBytes, kind: kinds.model },
  ];
  let at = 0;
  let fields = 0;
  for (let message = open.at(-1); message !== undefined; message = open.at(-1)) {
    if (at >= message.end) {
      open.pop();
      continue;
    }
    if (++fields % 4096 === 0) await pause();
    // a tag and a length are at most ten bytes each
    if (!window.has(at, 20)) await window.move(at);
    const field = window.field(at, message.end);
    if (field === undefined) {
      // damaged: the reader needs what stands here to say so
      await window.keep(at, Math.min(at + 64, source.sizeBytes));
      await window.leaveRest(holes, open.map(({ end }) => end).reverse());
      return new Structure(window.kept(), holes, source);
    }
    const { content, end, number, hasLength } = field;
    const next = hasLength ? message.kind[number] : undefined;
    const size = end - content;
    const limit = window.keptBytes < roomBytes ? largeBytes : smallBytes;
    if (next === undefined || size < limit || (next !== 'elements' && open.length > deepest)) {
      await window.keep(at, end);
      at = end;
    } else if (next === 'elements') {
      // one byte before the hole stays, see structure.ts
      await window.keep(at, content + 1);
      holes.push({ at: window.keptBytes, lengthBytes: size - 1 });
      at = end;
    } else {
      await window.keep(at, content);
      open.push({ end, kind: kinds[next] });
      at = content;
    }
  }
  return new Structure(window.kept(), holes, source);
}
