/** Icons on a grid of 24 units, in the text's colour. Written for this project. */

const arm = 'M12 12V3.2M12 6.6l-2.6-2M12 6.6l2.6-2';

const crystal = [0, 60, 120, 180, 240, 300]
  .map((angle) => `<path transform="rotate(${angle} 12 12)" d="${arm}"/>`)
  .join('');

const line = (d: string) => `<path d="${d}" fill="none" stroke="currentColor" stroke-width="2"/>`;

const drawings = {
  frozen: `<g fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="square">${crystal}</g>`,
  trainable:
    '<path d="M12.6 1.8c.5 3.6-1.3 5.3-3.2 7.4-1.9 2.1-3.6 4.2-3.6 7.1 0 3.6 2.8 6 6.2 6s6.2-2.4 6.2-6c0-2.5-1-4.3-2.2-5.9-.5 1.3-1.2 2.1-2.2 2.6.8-4.3-.1-8.3-1.2-11.2z" fill="currentColor"/><path d="M12 20.3c-1.7 0-2.9-1.1-2.9-2.7 0-1.5 1-2.4 2.9-4.4 1.9 2 2.9 2.9 2.9 4.4 0 1.6-1.2 2.7-2.9 2.7z" fill="var(--ember-fill)"/>',
  play: '<path d="M7 4.5v15l12-7.5z" fill="currentColor"/>',
  again: line('M5 12a7 7 0 1 0 2.3-5.2M7 2.5v5h5'),
  upload: line('M12 16V4M6.5 9.5 12 4l5.5 5.5M4 20h16'),
  stop: '<path d="M6 6h12v12H6z" fill="currentColor"/>',
} as const;

export type IconName = keyof typeof drawings;

/** The icon as SVG markup, hidden from assistive technology: the word beside it says the same. */
export function iconMarkup(name: IconName): string {
  return `<svg viewBox="0 0 24 24" class="icon icon-${name}" aria-hidden="true">${drawings[name]}</svg>`;
}

/** The icon's marks without their frame, for drawing inside another SVG. */
export function iconDrawing(name: IconName): string {
  return drawings[name];
}
