/** One line of authored text for a page: HTML escaped, *a word* set as emphasis. Nothing else of Markdown. */
export function emphasise(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\*([^*]+)\*/g, '<em>$1</em>');
}
