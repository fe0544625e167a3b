/** Keeps the punctuation behind a formula on the formula's line: browsers may break the line between the two. */

/** What this plugin needs to know of a node of the page's tree (hast, with MDX's own nodes in it). */
interface PageNode {
  type: string;
  value?: string;
  properties?: { className?: unknown };
  children?: PageNode[];
}

/** Rehype plugin, placed after rehype-katex: wraps an inline formula and the marks behind it in a span that does not break. */
export function keepPunctuation() {
  return (tree: unknown): void => visit(tree as PageNode);
}

function visit(parent: PageNode): void {
  if (!parent.children) return;
  parent.children = parent.children.flatMap((node, place, row) => {
    const before = place > 0 ? row[place - 1] : undefined;
    if (node.type === 'text' && before && isFormula(before)) {
      const rest = node.value?.slice(leadingMarks(node).length) ?? '';
      return rest ? [{ ...node, value: rest }] : [];
    }
    const after = row.at(place + 1);
    const marks = isFormula(node) && after?.type === 'text' ? leadingMarks(after) : '';
    if (!marks) {
      visit(node);
      return [node];
    }
    return [
      {
        type: 'element',
        tagName: 'span',
        properties: { className: ['unbroken'] },
        children: [node, { type: 'text', value: marks }],
      },
    ];
  });
}

function isFormula({ type, properties }: PageNode): boolean {
  return type === 'element' && Array.isArray(properties?.className) && properties.className.includes('katex');
}

/** Punctuation at the start of a text, "" if there is none. */
function leadingMarks(text: PageNode): string {
  return /^[.,;:!?)\]’”…]+/.exec(text.value ?? '')?.[0] ?? '';
}
