/** Which pairs of pieces become one, and in which order. */
export interface Merges {
  /** The rank of a pair (lower ones go first) and the number of the piece that it becomes; undefined for a pair that stays. */
  find(left: number, right: number): Merge | undefined;
}

/** One line of merges.txt. */
export interface Merge {
  readonly rank: number;
  readonly becomes: number;
}

/** Merges from rows of [left, right, becomes], the first row going first. */
export function makeMerges(
  rows: readonly (readonly [left: number, right: number, becomes: number])[],
  size: number,
): Merges {
  const found = new Map<number, Merge>();
  rows.forEach(([left, right, becomes], rank) => found.set(left * size + right, { rank, becomes }));
  return { find: (left, right) => found.get(left * size + right) };
}

/** Pieces and how many bytes each covers. */
export interface Merged {
  readonly ids: readonly number[];
  readonly lengths: readonly number[];
}

/**
 * Byte pair encoding (Sennrich et al. 2016) of single bytes' pieces: the pair of lowest rank is merged, the leftmost of equal ones, until none is left. A queue holds
 * the pairs, so that n bytes take n log n steps: a reader may paste 100,000 letters without a space.
 */
export function mergeBytes(bytes: readonly number[], merges: Merges): Merged {
  const ids = [...bytes];
  const lengths = new Int32Array(ids.length).fill(1);
  // The piece after each and the piece before it
  const next = new Int32Array(ids.length);
  const previous = new Int32Array(ids.length);
  for (let place = 0; place < ids.length; place += 1) {
    next[place] = place + 1;
    previous[place] = place - 1;
  }
  const queue = new PairQueue();
  const offer = (place: number) => {
    const right = next[place];
    const merge = right < ids.length ? merges.find(ids[place], ids[right]) : undefined;
    if (merge) queue.push({ rank: merge.rank, becomes: merge.becomes, place });
  };
  for (let place = 0; place < ids.length - 1; place += 1) offer(place);
  for (let top = queue.pop(); top; top = queue.pop()) {
    const { place } = top;
    const right = next[place];
    if (lengths[place] === 0 || right >= ids.length) continue;
    // The pair may have gone since it was offered
    if (merges.find(ids[place], ids[right])?.becomes !== top.becomes) continue;
    ids[place] = top.becomes;
    lengths[place] += lengths[right];
    lengths[right] = 0;
    next[place] = next[right];
    if (next[place] < ids.length) previous[next[place]] = place;
    if (previous[place] >= 0) offer(previous[place]);
    offer(place);
  }
  const merged: { ids: number[]; lengths: number[] } = { ids: [], lengths: [] };
  for (let place = 0; place < ids.length; place = next[place]) {
    merged.ids.push(ids[place]);
    merged.lengths.push(lengths[place]);
  }
  return merged;
}

interface Pair extends Merge {
  readonly place: number;
}

/** A binary heap: lowest rank first, then leftmost. */
class PairQueue {
  private readonly pairs: Pair[] = [];

  push(pair: Pair): void {
    let place = this.pairs.push(pair) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(pair, this.pairs[parent])) break;
      this.pairs[place] = this.pairs[parent];
      place = parent;
    }
    this.pairs[place] = pair;
  }

  pop(): Pair | undefined {
    const top = this.pairs.at(0);
    const last = this.pairs.pop();
    if (last === undefined || this.pairs.length === 0) return top;
    let place = 0;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= this.pairs.length) break;
      if (child + 1 < this.pairs.length && isBefore(this.pairs[child + 1], this.pairs[child])) child += 1;
      if (!isBefore(this.pairs[child], last)) break;
      this.pairs[place] = this.pairs[child];
      place = child;
    }
    this.pairs[place] = last;
    return top;
  }
}

function isBefore(a: Pair, b: Pair): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.place < b.place);
}
