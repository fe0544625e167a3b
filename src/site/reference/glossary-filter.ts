/** Shows the terms whose name or alias holds the words in the field. The words stay in the address, so that a filtered list can be linked. */
const form = document.querySelector<HTMLFormElement>('form[data-filter]');
const input = form?.querySelector('input');
const output = form?.querySelector('output');
const none = document.querySelector<HTMLElement>('.no-match');
const entries = [...document.querySelectorAll<HTMLElement>('.term-entry')];

function filter(): void {
  const words = (input?.value ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const entry of entries) {
    const isMatch = words.every((word) => entry.dataset['names']?.includes(word));
    entry.hidden = !isMatch;
    if (isMatch) count++;
  }
  if (output) output.textContent = (form?.dataset['count'] ?? '').replace('{count}', String(count));
  if (none) none.hidden = count > 0;
}

form?.addEventListener('submit', (event) => event.preventDefault());
input?.addEventListener('input', () => {
  filter();
  const url = new URL(location.href);
  if (input.value) url.searchParams.set('q', input.value);
  else url.searchParams.delete('q');
  url.hash = '';
  history.replaceState(history.state, '', url);
});

// A link to a term must find it, whatever was filtered before
addEventListener('hashchange', () => {
  const target = document.getElementById(location.hash.slice(1));
  if (!target?.hidden || !input) return;
  input.value = '';
  filter();
  target.scrollIntoView();
});

const asked = new URLSearchParams(location.search).get('q');
if (asked && input) {
  input.value = asked;
  filter();
}
