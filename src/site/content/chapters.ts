/** The chapters that exist, and the eight that the course will have. */
import { getCollection } from 'astro:content';
import { t } from '../strings.ts';
import { address } from './address.ts';

export interface ChapterEntry {
  number: number;
  title: string;
  about: string;
  /** Undefined while the chapter is in preparation. */
  href: string | undefined;
  minutes: number | undefined;
}

const PLANNED: Record<number, { title: string; about: string }> = {
  1: { title: t('course.1.title'), about: t('course.1.about') },
  2: { title: t('course.2.title'), about: t('course.2.about') },
  3: { title: t('course.3.title'), about: t('course.3.about') },
  4: { title: t('course.4.title'), about: t('course.4.about') },
  5: { title: t('course.5.title'), about: t('course.5.about') },
  6: { title: t('course.6.title'), about: t('course.6.about') },
  7: { title: t('course.7.title'), about: t('course.7.about') },
  8: { title: t('course.8.title'), about: t('course.8.about') },
};

/** Returns the number of each chapter by its address. Pages without a number are left out. */
export async function chapterNumber(): Promise<Map<string, number>> {
  const chapters = await listChapters();
  return new Map(
    chapters.flatMap(({ href, number }) => (href === undefined ? [] : [[href, number] as const])),
  );
}

/** Returns all chapters in order: those of the collection with their own titles and descriptions, the others as planned. */
export async function listChapters(): Promise<ChapterEntry[]> {
  const written = new Map(
    (await getCollection('docs')).flatMap((page) =>
      page.data.chapter === undefined ? [] : [[page.data.chapter, page] as const],
    ),
  );
  const numbers = new Set([...Object.keys(PLANNED).map(Number), ...written.keys()]);
  return [...numbers]
    .toSorted((a, b) => a - b)
    .map((number) => {
      const page = written.get(number);
      return {
        number,
        title: page?.data.title ?? PLANNED[number]?.title ?? '',
        about: page?.data.description ?? PLANNED[number]?.about ?? '',
        href: page && address(`${page.id}/`),
        minutes: page?.data.minutes,
      };
    });
}
