/**
 * The theme. ThemeProvider.astro sets `data-theme` before the first paint; here the half-moon and the settings page change it.
 * Stored: "light" or "dark" once the reader has chosen, nothing while the system decides.
 */
import { readStored, writeStored } from '../storage.ts';

export type ThemeChoice = 'light' | 'dark' | 'system';

const system = matchMedia('(prefers-color-scheme: dark)');

/** Returns what the reader chose. */
export function themeChoice(): ThemeChoice {
  const stored = readStored('theme');
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Applies a choice and stores it. Where storage is refused it holds until the page is left. */
export function chooseTheme(choice: ThemeChoice): void {
  writeStored('theme', choice === 'system' ? undefined : choice);
  apply(choice);
}

function apply(choice: ThemeChoice): void {
  const theme = choice === 'system' ? (system.matches ? 'dark' : 'light') : choice;
  document.documentElement.dataset['theme'] = theme;
  for (const button of document.querySelectorAll<HTMLElement>('[data-theme-toggle]'))
    button.setAttribute('aria-pressed', String(theme === 'dark'));
}

for (const button of document.querySelectorAll('[data-theme-toggle]'))
  button.addEventListener('click', () => {
    const next = document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark';
    // A choice that equals the system's is no choice: the page follows the system again
    chooseTheme((next === 'dark') === system.matches ? 'system' : next);
  });
system.addEventListener('change', () => apply(themeChoice()));
addEventListener('storage', () => apply(themeChoice()));
apply(themeChoice());
