/** Writes src/data/emoji-splits.json from the rules in sprites/split-rules.ts and the installed icon sets: same input, same file. */
import { writeFileSync } from 'node:fs';
import { iconStyles, readIconSet } from './sprites/icon-sets.ts';
import {
  categoryOrder,
  heldOutStyles,
  minimumStyles,
  setAside,
  targets,
  trainingConceptCount,
  trainingStyles,
} from './sprites/split-rules.ts';

const sets = iconStyles.map(readIconSet);
const stylesOf = (name: string) => sets.filter((set) => set.names.has(name)).map((set) => set.style.id);
const targetList = Object.entries(targets).flatMap(([category, list]) =>
  list.map((target) => ({ ...target, category })),
);
const heldOut = new Set(targetList.flatMap((target) => [target.name, ...target.kin]));

for (const target of targetList) {
  const count = stylesOf(target.name).length;
  if (count < minimumStyles)
    throw new Error(
      `Target "${target.name}" stands in ${count} styles, at least ${minimumStyles} are needed.`,
    );
}

const aside: Record<string, string> = {};
const candidates: string[] = [];
const twemoji = sets.find((set) => set.style.id === 'twemoji');
if (!twemoji) throw new Error('The split takes its categories from twemoji, which is not among the styles.');
for (const category of categoryOrder) {
  for (const name of [...(twemoji.categories[category] ?? [])].sort()) {
    const styles = stylesOf(name);
    if (heldOut.has(name) || candidates.includes(name) || styles.length < minimumStyles) continue;
    const rule = setAside.find(({ pattern }) => pattern.test(name));
    const trained = trainingStyles.filter((style) => styles.includes(style)).length;
    const unseen = heldOutStyles.filter((style) => styles.includes(style)).length;
    if (rule) aside[name] = rule.why;
    else if (trained < 4 || unseen < 2) aside[name] = 'too few styles';
    else candidates.push(name);
  }
}
for (const name of candidates.slice(trainingConceptCount)) aside[name] = 'head is full';
const training = candidates.slice(0, trainingConceptCount).sort();
if (training.length < trainingConceptCount) {
  console.warn(
    `Only ${training.length} training concepts, ${trainingConceptCount} wanted: loosen a rule in sprites/split-rules.ts.`,
  );
}

const splits = {
  madeBy: 'node scripts/make-splits.ts',
  iconSets: Object.fromEntries(sets.map((set) => [set.style.id, set.version])),
  trainingStyles,
  heldOutStyles,
  trainingConcepts: training,
  targets: targetList.map(({ name, category, photoClasses, kin }) => ({ name, category, photoClasses, kin })),
  setAside: Object.fromEntries(Object.entries(aside).sort(([a], [b]) => (a < b ? -1 : 1))),
};
writeFileSync(
  new URL('../src/data/emoji-splits.json', import.meta.url),
  JSON.stringify(splits, null, 2) + '\n',
);
console.log(
  `${training.length} training concepts, ${targetList.length} targets, ${Object.keys(aside).length} set aside`,
);
