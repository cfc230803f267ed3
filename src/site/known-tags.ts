/** A tag in MDX that nobody defined would otherwise be reported by the name of a built chunk, without file or line. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest } from 'fastest-levenshtein';
import type { MdastPluginDefinition, MdastVisitorContext, MdxJsxFlowElement, MdxJsxTextElement } from 'satteri';
import { lessonComponents } from './lesson-components.ts';

/** Stops the build at a component that is neither ours nor imported in the page, and says where it stands. */
export function knownTagsPlugin(): MdastPluginDefinition {
  return {
    name: 'known-tags',
    options: { position: true },
    mdxJsxFlowElement: check,
    mdxJsxTextElement: check,
  };
}

function check(node: Readonly<MdxJsxFlowElement | MdxJsxTextElement>, context: MdastVisitorContext): void {
  const name = node.name?.split('.')[0] ?? '';
  if (!/^[A-Z]/.test(name)) return;
  const known: readonly string[] = lessonComponents;
  const imported = new RegExp(`^(?:import|export)\\b[^\\n]*\\b${name}\\b`, 'm');
  if (known.includes(name) || imported.test(context.source)) return;
  const file = context.fileURL ? relative(process.cwd(), fileURLToPath(context.fileURL)) : 'a page';
  const line = node.position?.start.line ?? '?';
  throw new Error(
    `${file}:${line}: there is no component <${name}>. Did you mean <${closest(name, known)}>? ` +
      `Without an import a page may use ${known.map((tag) => `<${tag}>`).join(', ')}.`,
  );
}
