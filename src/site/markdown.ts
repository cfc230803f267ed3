/** What Markdown and MDX can do here beyond the standard: links that know the base path, and formulas. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import katex from 'katex';
import type {
  HastPluginDefinition,
  HastVisitorContext,
  MdastPluginDefinition,
  MdastVisitorContext,
  MdxJsxFlowElementHast,
  MdxJsxTextElementHast,
} from 'satteri';
import { withBase } from './base.ts';

const linkAttribute: Record<string, string> = { a: 'href', area: 'href', img: 'src', source: 'src', video: 'src' };
const filter = Object.keys(linkAttribute);

/** Gives every authored root-relative link and image, in Markdown or as a tag in MDX, the base path of the site. */
export function basePathPlugin(base: string): HastPluginDefinition {
  return {
    name: 'base-path',
    element: {
      filter,
      visit(node, context) {
        const attribute = linkAttribute[node.tagName];
        const target = node.properties?.[attribute];
        if (typeof target === 'string') context.setProperty(node, attribute, withBase(base, target));
      },
    },
    mdxJsxFlowElement: { filter, visit: rebaseTag },
    mdxJsxTextElement: { filter, visit: rebaseTag },
  };

  function rebaseTag(node: MdxJsxFlowElementHast | MdxJsxTextElementHast, context: HastVisitorContext) {
    const name = linkAttribute[node.name ?? ''];
    const attribute = node.attributes.find((entry) => entry.type === 'mdxJsxAttribute' && entry.name === name);
    if (typeof attribute?.value === 'string') context.setProperty(node, name, withBase(base, attribute.value));
  }
}

interface Formula {
  value: string;
  position?: { start: { line: number; column: number } };
}

/**
 * `$$…$$`, in a line or as a paragraph of its own, becomes MathML: no script, no style sheet, read aloud by screen readers.
 * A formula that is not TeX stops the build, and its place is said.
 */
export function mathPlugin(): MdastPluginDefinition {
  const formula = (node: Formula, context: MdastVisitorContext, displayMode: boolean) => {
    let html: string;
    try {
      html = katex.renderToString(node.value, { displayMode, output: 'mathml', throwOnError: true, strict: 'error' });
    } catch (error) {
      const file = context.fileURL ? relative(process.cwd(), fileURLToPath(context.fileURL)) : 'a page';
      const { line, column } = node.position?.start ?? { line: 1, column: 1 };
      throw new Error(`${file}:${line}:${column}  The formula cannot be set. ${(error as Error).message}`, {
        cause: error,
      });
    }
    // The TeX source rides along as an annotation that nobody sees; read as Markdown, its underscores would do harm.
    const math = html.replace(/<annotation.*?<\/annotation>/s, '').replace(/^<span class="katex">|<\/span>$/g, '');
    // A formula on a line of its own slides sideways on a narrow screen; keys can only move what can be focused.
    const raw = displayMode ? math.replace('<math ', '<math tabindex="0" ') : math;
    return { raw, mdxExpressions: false };
  };
  return {
    name: 'math',
    options: { position: true },
    math: (node, context) => formula(node, context, true),
    inlineMath: (node, context) => formula(node, context, false),
  };
}
