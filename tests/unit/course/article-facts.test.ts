/** Every fact of the article that the course grew from is carried by a page and an anchor; see tests/fixtures/article-facts.json. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Fact {
  /** The article's fact, in our words. */
  fact: string;
  /** Folder of the chapter in content/course. */
  page: string;
  /** Anchor of the section that carries it. */
  anchor: string;
  /** What the section must say, tags and emphasis aside. */
  says: string[];
}

const facts = JSON.parse(readFileSync('tests/fixtures/article-facts.json', 'utf8')) as Fact[];

/** The sections of a chapter by anchor, each up to the next heading of any level. */
function readSections(page: string): Map<string, string> {
  const source = readFileSync(`content/course/${page}/index.mdx`, 'utf8');
  const sections = new Map<string, string>();
  let anchor = '';
  let isCode = false;
  for (const line of source.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    const heading = isCode ? undefined : /^#{2,4} (.*)$/.exec(line)?.[1];
    if (heading !== undefined) anchor = slug(heading);
    sections.set(anchor, `${sections.get(anchor) ?? ''}\n${line}`);
  }
  return sections;
}

/** A heading's anchor, as GitHub's rule makes it. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\d\s-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

const plain = (text: string): string => text.replace(/<\/?[A-Za-z][^>]*>|\*\*/g, '').replace(/\s+/g, ' ');

test('every fact of the source article stands where the list says', () => {
  assert.ok(facts.length >= 35);
  const missing = facts.flatMap(({ fact, page, anchor, says }) => {
    const section = readSections(page).get(anchor);
    if (section === undefined) return [`${fact}: ${page} has no section #${anchor}`];
    return says
      .filter((words) => !plain(section).includes(plain(words)))
      .map((words) => `${fact}: ${page}#${anchor} does not say “${words}”`);
  });
  assert.deepEqual(missing, []);
});
