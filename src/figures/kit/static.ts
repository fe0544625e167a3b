/** Draws a figure at build time, with the same view functions as in the page, into a small document without a browser. */
import { parseHTML } from 'linkedom';

/** An element of a document of its own, holding the given markup: what a view needs to draw into. */
export function makeStage(markup = ''): HTMLElement {
  const { document } = parseHTML(`<!doctype html><html><body><div id="stage">${markup}</div></body></html>`);
  const stage = document.getElementById('stage');
  if (!stage) throw new Error('The small DOM lost its stage: was linkedom changed?');
  return stage;
}

/** Markup of the shell after `draw` has drawn into it. */
export function drawStatic(shell: string, draw: (root: HTMLElement) => void): string {
  const stage = makeStage(shell);
  draw(stage);
  return tidyMarkup(stage.innerHTML);
}

/** linkedom closes empty SVG marks with a space; HTML attributes without a value stay as they are. */
function tidyMarkup(markup: string): string {
  return markup.replaceAll(' />', '/>');
}
