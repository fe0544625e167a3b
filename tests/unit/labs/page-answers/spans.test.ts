import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seedRandom } from '../../../../src/data/seeded-random.ts';
import { bestApart, longestAnswer, sharesOf, windowSpans } from '../../../../src/labs/page-answers/spans.ts';

const any = () => true;

describe('windowSpans', () => {
  it('finds the best pair that a search of all pairs finds', () => {
    const random = seedRandom(7, 'spans');
    for (let round = 0; round < 20; round += 1) {
      const start = Float32Array.from({ length: 60 }, () => random.next());
      const end = Float32Array.from({ length: 60 }, () => random.next());
      let best = { first: 0, last: 0, score: -Infinity };
      for (let first = 0; first < 50; first += 1)
        for (let last = first; last < Math.min(50, first + longestAnswer); last += 1) {
          const score = start[5 + first] + end[5 + last];
          if (score > best.score) best = { first: first + 100, last: last + 100, score };
        }
      const [found] = windowSpans(start, end, { place: 5, from: 100, count: 50 }, any);
      assert.deepEqual(found, best);
    }
  });

  it('never ends before it begins, is never too long, and keeps to what fits', () => {
    const start = new Float32Array(100);
    const end = new Float32Array(100);
    start[50] = 9;
    end[40] = 9;
    end[99] = 8;
    end[60] = 2;
    const spans = windowSpans(start, end, { place: 0, from: 0, count: 100 }, (first, last) => last !== first);
    assert.deepEqual([spans[0].first, spans[0].last, spans[0].score], [50, 60, 11]);
    assert.ok(spans.every(({ first, last }) => last > first && last - first < longestAnswer));
  });
});

describe('bestApart', () => {
  it('keeps the best of those that share a token', () => {
    const span = (first: number, last: number, score: number) => ({ first, last, score });
    const spans = [span(1, 3, 5), span(3, 4, 6), span(9, 9, 1), span(0, 2, 2), span(20, 20, 9)];
    assert.deepEqual(bestApart(spans, 3), [span(20, 20, 9), span(3, 4, 6), span(0, 2, 2)]);
  });
});

describe('sharesOf', () => {
  it('adds up to one, and takes no harm from large scores', () => {
    const shares = sharesOf([1000, 999, -1000]);
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
    assert.ok(Math.abs(shares[0] / shares[1] - Math.E) < 1e-9);
  });
});
