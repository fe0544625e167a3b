import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseHTML } from 'linkedom';
import { oneLine, readPageText } from '../../../../src/site/ask/page-text.ts';

const { document } = parseHTML(`<main>
  <h2>The question</h2>
  <p>A <a class="term">backbone</a>
    sees <a class="cite">[Someone 2014]</a>edges.<span class="margin-note">Beside it.</span></p>
  <figure><p>Drawn.</p></figure><pre>code()</pre>
  <ul><li>One<ul><li>Two <code>x</code></li></ul></li></ul>
  <p>About <span class="katex"><span class="katex-mathml">1/4</span><span class="katex-html">¼</span></span> of it.</p>
  <div class="exercise"><p>Count them.</p><details><p>Nine.</p></details></div>
  <table><tbody><tr><td>cell</td></tr></tbody></table><p> </p>
</main>`);
const root = document.querySelector('main')!;
const page = readPageText(root);

describe('readPageText', () => {
  it('has the prose in blocks, without figures, code, tables, exercises, notes and citations', () =>
    assert.deepEqual(
      page.blocks.map(({ start, end }) => oneLine(page.text.slice(start, end))),
      ['The question', 'A backbone sees edges.', 'One', 'Two x', 'About 1/4 of it.'],
    ));

  it('knows the node of every letter', () => {
    for (const { node, start, end } of page.pieces) {
      const words = page.text.slice(start, end);
      assert.equal(node.nodeType === 3 ? node.nodeValue : '1/4', words);
    }
    const held = page.pieces.reduce((sum, { start, end }) => sum + end - start, 0);
    const between = page.text.length - held;
    assert.equal(
      between,
      page.text.split('\n').length -
        1 -
        (page.pieces
          .map(({ node }) => node.nodeValue ?? '')
          .join('')
          .split('\n').length -
          1),
    );
  });

  it('is the same again', () => assert.deepEqual(readPageText(root as unknown as Element).text, page.text));
});
