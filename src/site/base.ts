/** Where a root-relative link leads once the site lives under a base path. */

/**
 * '/lessons/x/' under '/in-context' is '/in-context/lessons/x/'. Anything that is not root-relative (another site, an
 * anchor, a neighbouring file) comes back as it was.
 *
 * @param base as Astro knows it: '/', '/name' or '/name/'.
 */
export function withBase(base: string, path: string): string {
  if (!path.startsWith('/') || path.startsWith('//')) return path;
  return base.replace(/\/+$/, '') + path;
}
