/** The prose of a page as one text, and the way back from a place in it to a place in the page. */
import type { PageWords, Stretch } from '../../labs/page-answers/page-answers.ts';

/** A part of the text and the node that it came from: a text node, or a formula that is taken whole. */
interface Piece extends Stretch {
  readonly node: Node;
}

/** The text with its nodes; good until the page's text changes. */
export interface PageText extends PageWords {
  readonly pieces: readonly Piece[];
}

const block = 'p, li, blockquote, dt, dd, h2, h3, h4';
/** Not prose: figures, code, tables, displayed formulas, exercises with their answers, notes beside the text, citations, what is there for scripts only. */
const passedOver =
  'figure, pre, table, details, script, style, svg, button, nav, .katex-display, .equation, .exercise, .margin-note, a.cite, .not-content, .sr-only, [hidden]';

/** Reads the prose below this element. Paragraphs are blocks of the text, a line end between them. */
export function readPageText(root: Element): PageText {
  const pieces: Piece[] = [];
  const blocks: Stretch[] = [];
  let text = '';
  let blockStart = 0;

  const endBlock = (): void => {
    if (text.slice(blockStart).trim() !== '') {
      blocks.push({ start: blockStart, end: text.length });
      text += '\n';
    }
    blockStart = text.length;
  };
  const add = (node: Node, words: string): void => {
    if (words === '') return;
    pieces.push({ node, start: text.length, end: text.length + words.length });
    text += words;
  };
  const read = (node: Node, isProse: boolean): void => {
    if (node.nodeType === 3) {
      if (isProse) add(node, node.nodeValue ?? '');
      return;
    }
    if (node.nodeType !== 1) return;
    const element = node as Element;
    if (element.matches(passedOver)) return;
    if (element.matches('.katex')) {
      if (isProse) add(element, element.querySelector('.katex-mathml')?.textContent ?? '');
      return;
    }
    const isBlock = element.matches(block);
    if (isBlock) endBlock();
    for (const child of element.childNodes) read(child, isProse || isBlock);
    if (isBlock) endBlock();
  };
  for (const child of root.childNodes) read(child, false);
  return { text, blocks, pieces };
}

/** The stretch as a range of the document; undefined where no node of the page holds it. */
export function rangeOf({ pieces }: PageText, { start, end }: Stretch): Range | undefined {
  const first = pieces.find((piece) => piece.end > start);
  const last = pieces.findLast((piece) => piece.start < end);
  if (!first || !last) return undefined;
  const range = document.createRange();
  if (first.node.nodeType === 3) range.setStart(first.node, Math.max(0, start - first.start));
  else range.setStartBefore(first.node);
  if (last.node.nodeType === 3) range.setEnd(last.node, Math.min(last.end, end) - last.start);
  else range.setEndAfter(last.node);
  return range;
}

/** Words on one line: what stands in the page over several. */
export function oneLine(words: string): string {
  return words.replace(/\s+/g, ' ').trim();
}
