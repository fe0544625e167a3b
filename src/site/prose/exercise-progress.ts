/** Ticks of exercises: read when the page opens, written when one changes. Where storage is refused they last as long as the page. */
import { readTicks, writeTicks } from '../storage.ts';

const boxes = document.querySelectorAll<HTMLInputElement>('input[data-exercise]');

const show = (): void => {
  const ticks = readTicks();
  for (const box of boxes) box.checked = ticks.has(box.dataset['exercise'] ?? '');
};

for (const box of boxes)
  box.addEventListener('change', () => {
    const ticks = readTicks();
    const id = box.dataset['exercise'] ?? '';
    if (box.checked) ticks.add(id);
    else ticks.delete(id);
    writeTicks(ticks);
  });

// Another tab ticked or erased
addEventListener('storage', show);
show();
