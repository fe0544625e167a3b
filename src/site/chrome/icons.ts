/** Icons of the chrome, drawn on a grid of 24 units in the text's colour. Those of figures are in src/figures/kit/icons.ts. */

const line = (d: string): string => `<path d="${d}" fill="none" stroke="currentColor" stroke-width="2"/>`;

const drawings = {
  menu: line('M3 6h18M3 12h18M3 18h18'),
  close: line('M5 5l14 14M19 5 5 19'),
  search: `<circle cx="10.5" cy="10.5" r="6.5" fill="none" stroke="currentColor" stroke-width="2"/>${line('M15.5 15.5 21 21')}`,
  theme:
    '<circle cx="12" cy="12" r="8.5" fill="none" stroke="currentColor" stroke-width="2"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/>',
  /* Half a hexagon, half a circle: cut corners are frozen, round ones have thawed */
  logo: '<path d="M12 2 3.3 7v10L12 22" fill="var(--ice-fill)" stroke="var(--ice-line)" stroke-width="1.8"/><path d="M12 2v20M3.3 7 12 12M3.3 17 12 12" fill="none" stroke="var(--ice-line)" stroke-width="1.3"/><path d="M12 2c6.5 0 9.6 5.2 9.6 10S18.5 22 12 22" fill="var(--ember-fill)" stroke="var(--ember-line)" stroke-width="1.8"/><path d="M12 8.2q2.3-2 4.6 0t4.4 0M12 12.2q2.4-2 4.8 0t4.8 0M12 16.2q2.3-2 4.6 0t3.6 0" fill="none" stroke="var(--ember-line)" stroke-width="1.3"/>',
} as const;

/** The name of an icon of the chrome. */
export type ChromeIcon = keyof typeof drawings;

/** Returns the icon as SVG, hidden from assistive technology: the word beside it, or the label around it, says the same. */
export function chromeIcon(name: ChromeIcon, className = ''): string {
  return `<svg viewBox="0 0 24 24"${className ? ` class="${className}"` : ''} aria-hidden="true">${drawings[name]}</svg>`;
}
