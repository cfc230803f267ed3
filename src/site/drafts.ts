/** A page with `draft: true` is there while someone writes, and not in the built site: so nothing may lead to it. */
export function isShown({ data }: { data: { draft: boolean } }): boolean {
  return import.meta.env.DEV || !data.draft;
}
