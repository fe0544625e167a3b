/** Addresses come from files: numbers in front of a folder's or file's name order the course and are left out of the address. */

/**
 * Returns the id of a content file, which is its address without slashes at the ends:
 * `course/03-approaches/index.mdx` gives `course/approaches`.
 */
export function entryId(file: string): string {
  const id = file
    .replace(/\.(md|mdx)$/, '')
    .replace(/(^|\/)\d+-/g, '$1')
    .replace(/(^|\/)index$/, '');
  return id === '' ? 'index' : id;
}
