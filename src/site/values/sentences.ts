/** How many labelled sentences the course has, counted in their files. */
import { readFileSync } from 'node:fs';
import { DOMAINS, readLabelled } from '../../data/sentences/labelled.ts';

/** Numbers by name: all sentences, domains, and those of each label in a domain. Throws an Error if the domains are not alike. */
export function countSentences(folder = 'src/data/sentences'): Map<string, number> {
  const domains = DOMAINS.map((domain) => readLabelled(readFileSync(`${folder}/${domain}.csv`, 'utf8')));
  const counts = domains.flatMap((sentences) => {
    const positive = sentences.filter(({ label }) => label === 'positive').length;
    return [positive, sentences.length - positive];
  });
  const [perLabel] = counts;
  if (counts.some((count) => count !== perLabel))
    throw new Error(`The sentences are not balanced: ${counts.join(', ')} of the labels, domain by domain.`);
  return new Map([
    ['count', counts.reduce((sum, count) => sum + count, 0)],
    ['domains', domains.length],
    ['perLabel', perLabel],
  ]);
}
