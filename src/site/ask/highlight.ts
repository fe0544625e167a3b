/** Marks answers in the page: by the CSS Custom Highlight API, which leaves the document alone, else by <mark> around the text of the chosen one. */
import { rangeOf, readPageText } from './page-text.ts';
import type { Stretch } from '../../labs/page-answers/page-answers.ts';

/** Names of the highlights, as ask.css paints them. */
const chosenName = 'thaw-answer';
const otherName = 'thaw-answer-other';
const markClass = 'answer-mark';

/** Marks these stretches of the page's text, the chosen one strongly; returns where that one stands now. */
export function markAnswers(root: Element, stretches: readonly Stretch[], chosen: number): Range | undefined {
  clearAnswers(root);
  const page = readPageText(root);
  const ranges = stretches.map((stretch) => rangeOf(page, stretch));
  const range = ranges[chosen];
  if (!range) return undefined;
  if (typeof Highlight !== 'undefined' && 'highlights' in CSS) {
    const others = ranges.filter((other, index) => index !== chosen && other !== undefined);
    CSS.highlights.set(otherName, new Highlight(...others.filter((other) => other !== undefined)));
    CSS.highlights.set(chosenName, new Highlight(range));
    return range;
  }
  return wrap(range, stretches[chosen], root);
}

/** Takes all marks away. */
export function clearAnswers(root: Element): void {
  if ('highlights' in CSS) for (const name of [chosenName, otherName]) CSS.highlights.delete(name);
  for (const mark of root.querySelectorAll(`.${markClass}`)) {
    const { parentNode } = mark;
    mark.replaceWith(...mark.childNodes);
    // The text is one node again, as it was
    parentNode?.normalize();
  }
}

function wrap(range: Range, stretch: Stretch, root: Element): Range | undefined {
  const page = readPageText(root);
  const touched = page.pieces.filter(
    ({ node, start, end }) => node.nodeType === 3 && start < stretch.end && end > stretch.start,
  );
  for (const { node, start } of touched) {
    const text = node as Text;
    const from = Math.max(0, stretch.start - start);
    const to = Math.min(text.data.length, stretch.end - start);
    const middle = text.splitText(from);
    middle.splitText(to - from);
    const mark = document.createElement('mark');
    mark.className = markClass;
    middle.replaceWith(mark);
    mark.append(middle);
  }
  const marks = root.querySelectorAll(`.${markClass}`);
  if (marks.length === 0) return range;
  const marked = document.createRange();
  marked.setStartBefore(marks[0]);
  marked.setEndAfter(marks[marks.length - 1]);
  return marked;
}
