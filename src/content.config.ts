/** What stands in content/ and what each file must say about itself. Starlight reads `docs`; the rest is ours. */
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema';
import { file, glob } from 'astro/loaders';
import { defineCollection } from 'astro:content';
import { z } from 'astro/zod';
import { entryId } from './site/content/entry-id.ts';
import { t } from './site/strings.ts';

const docs = defineCollection({
  loader: glob({
    base: './content',
    pattern: ['course/**/*.{md,mdx}', 'reference/**/*.{md,mdx}'],
    generateId: ({ entry }) => entryId(entry),
  }),
  schema: docsSchema({
    extend: z.object({
      /** Number of the chapter; also in the folder's name, where it gives the order. */
      chapter: z.number().int().min(1).max(20).optional(),
      /** Time a careful reader needs, in minutes. */
      minutes: z.number().int().min(1).max(240).optional(),
      /** One or two sentences under the title. */
      lead: z.string().max(400).optional(),
      /** What the reader should know, one sentence each. */
      prerequisites: z.array(z.string()).default([]),
      /** Ids of the models that the figures of this page run. */
      models: z.array(z.string()).default([]),
    }),
  }),
});

const glossary = defineCollection({
  loader: glob({ base: './content/glossary', pattern: '*.md' }),
  schema: z.object({
    term: z.string(),
    /** One or two sentences in plain text, shown in the card beside the word. */
    short: z.string().max(200),
    aliases: z.array(z.string()).default([]),
    /** Ids of related terms. */
    see: z.array(z.string()).default([]),
    /** Ids of works in the bibliography. */
    cites: z.array(z.string()).default([]),
  }),
});

const bibliography = defineCollection({
  loader: file('content/bibliography.yaml'),
  schema: z.looseObject({
    authors: z.union([z.string(), z.array(z.string())]),
    year: z.number().int(),
    title: z.string(),
    venue: z.string().optional(),
    url: z.url(),
    /** Day on which the work was looked up, and what was compared where: `2026-11-23, journal's page (jmlr.org)`. */
    checked: z.string().optional(),
    /** What the work shows, in one or two sentences. */
    shows: z.string().optional(),
  }),
});

/** The few words that Starlight says itself, from our table. */
const i18n = defineCollection({
  loader: () => [
    { id: 'en', 'tableOfContents.onThisPage': t('nav.contents'), 'skipLink.label': t('nav.skip') },
  ],
  schema: i18nSchema(),
});

export const collections = { docs, glossary, bibliography, i18n };
