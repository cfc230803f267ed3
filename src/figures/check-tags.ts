/** The questions at the end of a lesson, `<Checks>`, `<Check>` and `<Option>`: what is wrong with how they are put together. */

interface Node {
  type: string;
  name?: string | null;
  attributes?: { name?: string; value?: unknown }[];
  children?: Node[];
  value?: string;
  position?: { start: { line: number; column: number } };
}

/** A mistake and where it stands. Lines and columns count from 1. */
export interface CheckMistake {
  line: number;
  column: number;
  message: string;
}

/** Ids become addresses. */
const idPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * @param tree the text of a page, parsed
 * @returns a mistake for each question that has no right option or two, lacks an explanation, or stands out of place
 */
export function checkQuestions(tree: Node): CheckMistake[] {
  const mistakes: CheckMistake[] = [];
  const say = (node: Node, message: string) => mistakes.push({ ...node.position!.start, message });
  const seen = new Set<string>();
  const visit = (node: Node, parent: Node) => {
    if (node.name === 'Checks') lookAtChecks(node, parent, say);
    if (node.name === 'Check') lookAtCheck(node, parent, seen, say);
    if (node.name === 'Option') lookAtOption(node, parent, say);
    for (const child of node.children ?? []) visit(child, node);
  };
  for (const child of tree.children ?? []) visit(child, tree);
  return mistakes.map(({ line, column, message }) => ({ line, column, message }));
}

function lookAtChecks(node: Node, parent: Node, say: (node: Node, message: string) => void) {
  const count = tagsIn(node, 'Check').length;
  if (count < 2 || count > 3) {
    say(node, `<Checks> should hold two or three questions, each a <Check>; it holds ${count}.`);
  }
  const after = (parent.children ?? []).slice((parent.children ?? []).indexOf(node) + 1);
  if (after.some(({ type }) => type !== 'mdxjsEsm')) {
    say(node, '<Checks> comes last in a lesson, so that its answers can be the last page on paper.');
  }
}

function lookAtCheck(node: Node, parent: Node, seen: Set<string>, say: (node: Node, message: string) => void) {
  if (parent.name !== 'Checks')
    say(node, '<Check> should stand between <Checks> and </Checks>, at the end of a lesson.');
  const id = attribute(node, 'id');
  if (typeof id === 'string') {
    if (!idPattern.test(id)) {
      say(node, `'${id}' cannot be the id of a <Check>. An id is lower-case words joined by hyphens: 'far-word'.`);
    }
    if (seen.has(id)) say(node, `The id '${id}' stands at two questions of this page; ids must differ.`);
    seen.add(id);
  }
  const options = tagsIn(node, 'Option');
  if (options.length < 2)
    say(node, `<Check> should offer two options or more, each an <Option>; it has ${options.length}.`);
  const right = options.filter((option) => attribute(option, 'right') !== undefined);
  if (right.length !== 1) {
    const found = right.length === 0 ? 'none has' : `${right.length} have`;
    say(node, `Just one option of a <Check> should be marked right, as in <Option right says="…">; ${found} the mark.`);
  }
}

function lookAtOption(node: Node, parent: Node, say: (node: Node, message: string) => void) {
  if (parent.name !== 'Check') say(node, '<Option> should stand between <Check> and </Check>.');
  const why = attribute(node, 'right') === undefined ? 'what is mistaken about it' : 'why it is right';
  if (!textIn(node).trim()) say(node, `<Option> lacks its explanation: between its tags should stand ${why}.`);
}

/** `null` for an attribute without a value, `undefined` for one that is not there. */
function attribute(node: Node, name: string): unknown {
  const found = node.attributes?.find((given) => given.name === name);
  return found && (found.value ?? null);
}

/** The tags of this name below a node, but not those inside one of them. A paragraph may stand between. */
function tagsIn(node: Node, name: string): Node[] {
  return (node.children ?? []).flatMap((child) => (child.name === name ? [child] : tagsIn(child, name)));
}

function textIn(node: Node): string {
  return (node.value ?? '') + (node.children ?? []).map(textIn).join('');
}
