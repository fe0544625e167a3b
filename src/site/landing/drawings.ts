/** A small drawing for each chapter, on a grid of 76 by 52 units. Ice and ember mean what they mean everywhere. */

const drawings: Record<number, string> = {
  1:
    '<g fill="var(--ice-fill)" stroke="var(--ice-line)" stroke-width="1.6"><path d="M12 9l5.2 3v6L12 21l-5.2-3v-6zM24 22l5.2 3v6L24 34l-5.2-3v-6zM9 30l4.3 2.500v5L9 40l-4.3-2.500v-5z"/></g><path d="M34 26h12M42 22l4.5 4-4.5 4" fill="none" stroke="var(--ink)" stroke-width="1.6"/><g fill="var(--ember-fill)" stroke="var(--ember-line)" stroke-width="1.6"><circle cx="57" cy="14" r="5"/><circle cx="68" cy="26" r="5"/><circle cx="56" cy="37" r="4.3"/></g>',
  2:
    '<path d="M6 46V6M6 46h66" stroke="var(--edge)" fill="none"/><path d="M8 43c18-2 38-8 62-27" fill="none" stroke="var(--ink-2)" stroke-width="1.6" stroke-dasharray="3 3"/><path d="M8 25c14-9 34-9 62-10" fill="none" stroke="var(--ice-line)" stroke-width="2"/><path d="M8 29C22 13 40 8 70 7" fill="none" stroke="var(--ember-line)" stroke-width="2"/>',
  3:
    '<g fill="var(--ice-fill)" stroke="var(--ice-line)" stroke-width="1.6"><path d="M5 13h5l3 3v20l-3 3H5l-3-3V16z"/><path d="M20 13h5l3 3v20l-3 3h-5l-3-3V16z"/><path d="M35 13h5l3 3v20l-3 3h-5l-3-3V16z"/></g><g fill="var(--ember-fill)" stroke="var(--ember-line)" stroke-width="1.6"><rect x="48" y="13" width="11" height="26" rx="5.5"/><rect x="63" y="13" width="11" height="26" rx="5.5"/></g><path d="M74 46H50" stroke="var(--ember-line)" stroke-width="1.6" stroke-dasharray="3 2.5"/><path d="M48 42.500v7" stroke="var(--ember-line)" stroke-width="2"/>',
  4:
    '<g fill="none" stroke="var(--ink)" stroke-width="1.5"><path d="M8 46V6M4 12h8v7H4zM4 24h8v7H4zM4 36h8v7H4z" fill="var(--paper)"/><path d="M30 46V6M26 16h8v7h-8zM26 31h8v7h-8z" fill="var(--paper)"/><path d="M30 11c10 0 10 16 0 16M30 26.500c10 0 10 16 0 16"/><path d="M60 46v-5M60 41c-11-4-11-8-11-10M60 41v-10M60 41c11-4 11-8 11-10M60 11c-11 4-11 8-11 10M60 11v10M60 11c11 4 11 8 11 10M60 11V6"/><path d="M45.5 22h7v8h-7zM56.5 22h7v8h-7zM67.5 22h7v8h-7z" fill="var(--paper)"/></g>',
  5:
    '<path d="M2 46h72" stroke="var(--edge)"/><path d="M4 45c10 0 12-34 21-34s11 34 21 34" fill="var(--ice-fill)" stroke="var(--ice-line)" stroke-width="1.6"/><path d="M28 45c10 0 12-26 21-26s11 26 21 26" fill="var(--ember-fill)" fill-opacity=".75" stroke="var(--ember-line)" stroke-width="1.6" stroke-dasharray="4 2.5"/>',
  6:
    '<path d="M14 46V6M14 46h48" stroke="var(--edge)" fill="none"/><path d="M14 46 60 6" stroke="var(--edge)" stroke-dasharray="2 3"/><path d="M14 46C15 24 24 12 60 7" fill="none" stroke="var(--ink)" stroke-width="1.8"/><circle cx="24.5" cy="21.5" r="4" fill="var(--paper)" stroke="var(--ink)" stroke-width="1.8"/>',
  7:
    '<g fill="none" stroke="var(--ink)" stroke-width="1.5"><path d="M4 8h26v26H4z"/><path d="M4 28l7-7 6 6 4-4 9 8"/><path d="M23 15.500h.1" stroke-width="4" stroke-linecap="round"/><path d="M12 34v8h26V16h-8"/></g><path d="M42 29h9M47.5 25l4 4-4 4" fill="none" stroke="var(--ink)" stroke-width="1.5"/><rect x="56" y="13" width="17" height="32" rx="7" fill="var(--ember-fill)" stroke="var(--ember-line)" stroke-width="1.6"/><path d="M60 24q2.2-3 4.5 0t4.5 0M60 31q2.2-3 4.5 0t4.5 0M60 38q2.2-3 4.5 0t4.5 0" fill="none" stroke="var(--ember-line)" stroke-width="1.4"/>',
  8:
    '<g fill="none" stroke="var(--ink)" stroke-width="1.6"><path d="M9 8H4v36h5M67 8h5v36h-5"/></g><g fill="var(--plain-fill)" stroke="var(--ink-2)" stroke-width="1.2"><path d="M14 12h9v12h-9zM27 12h9v12h-9zM40 12h9v12h-9zM53 12h9v12h-9zM14 28h9v12h-9zM27 28h9v12h-9zM40 28h9v12h-9zM53 28h9v12h-9z"/></g>',
};

/** Returns the drawing of a chapter as SVG; empty where there is none. Decoration: the title beside it says what it is. */
export function drawChapter(chapter: number): string {
  return `<svg viewBox="0 0 76 52" aria-hidden="true">${drawings[chapter] ?? ''}</svg>`;
}
