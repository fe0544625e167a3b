/** From the tree of parts to about ten boxes: opens what is too large, puts together what is too small. */
import type { Dims } from '../dimensions.ts';
import { hasProduct, kindOf } from './kind.ts';
import { operatorPart } from './outline.ts';
import type { Part } from './outline.ts';

const fewest = 7;
const most = 16;

/** A part of this many operators or fewer (convolution, normalisation, activation) is a step, not a block. */
const smallBlock = 4;

/** About ten parts in the order in which they run. `shapeOf` gives the shape that a part hands on. */
export function chooseOverview(
  parts: readonly Part[],
  shapeOf: (part: Part) => Dims | undefined,
): readonly Part[] {
  const total = parts.reduce((sum, { nodes }) => sum + nodes.length, 0);
  let level = parts;
  for (let round = 0; round < 8; round++) {
    const largest = level.reduce((a, b) => (b.nodes.length > a.nodes.length ? b : a), level[0]);
    if (largest === undefined || largest.children.length < 2) break;
    // one part that is most of the network hides it
    if (largest.nodes.length <= total / 2 || blocksIn(level) >= fewest) break;
    level = level.flatMap((part) => (part === largest ? part.children : [part]));
  }
  const named = nameEnds(joinSteps(inOrder(level), shapeOf));
  const staged = named.length > most ? nameEnds(joinStages(named, shapeOf)) : named;
  return staged.length > most ? joinNeighbours(staged) : staged;
}

function blocksIn(parts: readonly Part[]): number {
  return parts.filter(isBlock).length;
}

/** Blocks however small they are. */
const blockKinds: ReadonlySet<string> = new Set(['residual', 'layer', 'stage']);

function isBlock({ nodes, kind, isChain }: Part): boolean {
  return isChain !== true && (nodes.length > smallBlock || blockKinds.has(kind));
}

/** Blocks that make features, in contrast to what turns them into an answer. */
function isBody(part: Part): boolean {
  return isBlock(part) && part.nodes.some(({ node }) => /Conv|Softmax|Attention/.test(node.opType));
}

function inOrder(parts: readonly Part[]): readonly Part[] {
  return [...parts].sort((a, b) => a.nodes[0].at - b.nodes[0].at);
}

/** Steps that follow one another become one part; long chains of them are cut where the picture shrinks. */
function joinSteps(parts: readonly Part[], shapeOf: (part: Part) => Dims | undefined): readonly Part[] {
  const runs = runsOf(parts, (a, b) => !isBlock(a) && !isBlock(b));
  return runs.flatMap((run): readonly Part[] => {
    if (run.length === 1) return run;
    const stages = run.length > 12 ? chainStages(run, shapeOf) : [run];
    if (stages.length < 3) return [{ ...joined(run, 'steps'), isChain: true }];
    return stages.map((stage, at) => ({
      ...joined(stage, 'stage'),
      kind: 'stage',
      label: `stage ${at + 1}`,
    }));
  });
}

/** A pooling step ends a stage; any other step that shrinks the picture begins one. */
function chainStages(
  run: readonly Part[],
  shapeOf: (part: Part) => Dims | undefined,
): readonly (readonly Part[])[] {
  const stages: Part[][] = [[]];
  let before = '';
  for (const part of run) {
    const size = pictureSize(shapeOf(part));
    const shrinks = before !== '' && size !== before;
    const pools = part.nodes.every(({ node }) => !hasProduct(node));
    if (shrinks && !pools) stages.push([]);
    stages[stages.length - 1].push(part);
    if (shrinks && pools) stages.push([]);
    before = size;
  }
  return stages.filter((stage) => stage.length > 0);
}

/** Blocks whose results have the same height and width. */
function joinStages(parts: readonly Part[], shapeOf: (part: Part) => Dims | undefined): readonly Part[] {
  const runs = runsOf(parts, (a, b) => {
    const size = pictureSize(shapeOf(a));
    return size !== '' && size === pictureSize(shapeOf(b)) && isPlain(a) && isPlain(b);
  });
  let stage = 0;
  return runs.map((run) => {
    if (run.length === 1 && !(isPlain(run[0]) && pictureSize(shapeOf(run[0])) !== '')) return run[0];
    stage++;
    return { ...joined(run, 'stage'), kind: 'stage', label: `stage ${stage}` };
  });
}

function isPlain({ kind }: Part): boolean {
  return kind !== 'stem' && kind !== 'embedding' && kind !== 'head' && kind !== 'pool';
}

/** Still too many: neighbours of one kind two by two, three by three … */
function joinNeighbours(parts: readonly Part[]): readonly Part[] {
  const size = Math.ceil(parts.length / (most - 2));
  return runsOf(parts, (a, b) => a.kind === b.kind).flatMap((run) => {
    const chunks: Part[] = [];
    for (let at = 0; at < run.length; at += size) {
      const chunk = run.slice(at, at + size);
      chunks.push(
        chunk.length === 1
          ? chunk[0]
          : { ...joined(chunk, 'part'), label: `${chunk[0].label} – ${chunk[chunk.length - 1].label}` },
      );
    }
    return chunks;
  });
}

/** What comes before the first block is the stem (or looks words up), what comes after the last one pools and answers. */
function nameEnds(parts: readonly Part[]): readonly Part[] {
  const first = parts.findIndex((part) => isBlock(part) && part.kind !== 'embedding');
  const last = parts.some(isBody) ? parts.findLastIndex(isBody) : parts.findLastIndex(isBlock);
  if (first < 0 || last < first) return parts;
  const [before, after] = [parts.slice(0, first), parts.slice(last + 1)];
  return [
    ...(before.length === 0 ? [] : [nameStart(before)]),
    ...parts.slice(first, last + 1),
    ...(after.length === 0 || isEnd(after[after.length - 1]) ? after : nameHead(after)),
  ];
}

function isEnd({ kind }: Part): boolean {
  return kind === 'head' || kind === 'pool';
}

function nameStart(parts: readonly Part[]): Part {
  const looksUp = parts.some(
    ({ kind, nodes }) => kind === 'embedding' || nodes.every(({ node }) => node.opType === 'Gather'),
  );
  return {
    ...joined(parts, 'start'),
    ...(looksUp ? { kind: 'embedding', label: 'embeddings' } : { kind: 'stem', label: 'stem' }),
  };
}

/** What still makes features, then pooling and flattening, then the answer. */
function nameHead(parts: readonly Part[]): readonly Part[] {
  const steps = parts.flatMap((part) =>
    part.isChain === true || part.kind === 'stage' ? part.children : [part],
  );
  const multiplies = ({ nodes }: Part): boolean => nodes.some(({ node }) => hasProduct(node));
  const pool = steps.findIndex(
    (step) =>
      !multiplies(step) &&
      step.nodes.some(({ node }) => /Pool|ReduceMean/.test(node.opType) && node.opType !== 'MaxPool'),
  );
  const answer = steps.findIndex((step, at) => at > pool && multiplies(step));
  if (pool < 0 || answer < 0 || kindOf(steps[pool].nodes.map(({ node }) => node)) === 'group')
    return [{ ...joined(steps, 'head'), kind: 'head', label: 'head' }];
  return [
    ...(pool === 0 ? [] : [{ ...joined(steps.slice(0, pool), 'last'), label: steps[0].label }]),
    { ...joined(steps.slice(pool, answer), 'pool'), kind: 'pool', label: 'pool' },
    { ...joined(steps.slice(answer), 'head'), kind: 'head', label: 'head' },
  ];
}

function joined(parts: readonly Part[], what: string): Part {
  const nodes = parts.flatMap((part) => part.nodes);
  const kind = kindOf(nodes.map(({ node }) => node));
  const children =
    parts.length === 1 && (parts[0].children.length > 0 || nodes.length === 1) ? parts[0].children : parts;
  const id = parts.length === 1 ? parts[0].id : `${what}:${parts[0].id}`;
  if (nodes.length === 1) return { ...operatorPart(nodes[0]), id };
  return { id, label: parts.length === 1 ? parts[0].label : what, kind, nodes, children };
}

function runsOf(
  parts: readonly Part[],
  together: (a: Part, b: Part) => boolean,
): readonly (readonly Part[])[] {
  const runs: Part[][] = [];
  for (const part of parts) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run !== undefined && before !== undefined && together(before, part)) run.push(part);
    else runs.push([part]);
  }
  return runs;
}

/** "56×56"; '' for what is no picture. */
function pictureSize(dims: Dims | undefined): string {
  return dims !== undefined && dims.length > 2 ? (dims.length === 4 ? dims.slice(2).join('×') : '') : '';
}
