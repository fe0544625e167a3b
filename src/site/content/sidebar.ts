/** The sidebar follows the folders of content/: chapters in the order of their numbers, then the reference. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { entryId } from './entry-id.ts';
import { t } from '../strings.ts';

type Item = { label: string; link: string } | { slug: string };

/** Pages of the reference that are generated and therefore have no file in content/. */
const GENERATED: Item[] = [
  { label: t('nav.glossary'), link: '/reference/glossary/' },
  { label: t('nav.bibliography'), link: '/reference/bibliography/' },
  { label: t('nav.models'), link: '/reference/models/' },
];

const LAST: Item[] = [
  { label: t('nav.benchmark'), link: '/reference/benchmark/' },
  { label: t('nav.credits'), link: '/reference/credits/' },
  { label: t('nav.settings'), link: '/settings/' },
];

/** Returns Starlight's sidebar for the given content folder: two groups, the course and the reference. */
export function buildSidebar(contentDir: string): { label: string; items: Item[] }[] {
  return [
    {
      label: t('nav.course'),
      items: listPages(join(contentDir, 'course')).map((file) => ({ slug: entryId(`course/${file}`) })),
    },
    {
      label: t('nav.reference'),
      items: [
        ...GENERATED,
        ...listPages(join(contentDir, 'reference')).map((file) => ({ slug: entryId(`reference/${file}`) })),
        ...LAST,
      ],
    },
  ];
}

/** Pages directly in a folder, in the order of their names: `01-idea/index.mdx`, `embed.mdx`. A folder without an index has none. */
function listPages(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
    .flatMap((entry) => {
      if (entry.isFile())
        return /^index\.mdx?$/.test(entry.name) || !/\.mdx?$/.test(entry.name) ? [] : [entry.name];
      const index = ['index.mdx', 'index.md'].find((name) => existsSync(join(folder, entry.name, name)));
      return index ? [`${entry.name}/${index}`] : [];
    });
}
