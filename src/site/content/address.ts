/** Addresses within the site, whatever base path it stands under. */

/** Returns the address of a page or file of the site, given from its root without a slash in front: `course/idea/`. */
export function address(path: string, base: string = import.meta.env.BASE_URL): string {
  return `${base.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
}
