/** Facts about this copy of the site that come from outside: the environment of the build. */

/** Where the source can be read, from SOURCE_URL; undefined where nobody said so. */
export const sourceAddress: string | undefined = process.env['SOURCE_URL'] || undefined;

/** The id of every page's h1: the skip link leads there. */
export const PAGE_TITLE_ID = '_top';
