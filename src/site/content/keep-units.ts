/** Keeps "%" with its number: a narrow space that does not break stands between them, whatever the author typed. */

/** What this plugin needs to know of a node of the page's tree (hast, with MDX's own nodes in it). */
interface PageNode {
  type: string;
  tagName?: string;
  value?: string;
  properties?: { className?: unknown };
  children?: PageNode[];
}

/** Rehype plugin, placed after rehype-katex: "40 %" in prose and " %" behind a formula; code and formulas stay as they are. */
export function keepUnits() {
  return (tree: unknown): void => visit(tree as PageNode);
}

function visit(parent: PageNode): void {
  if (parent.tagName === 'code' || parent.tagName === 'pre' || isFormula(parent)) return;
  parent.children?.forEach((node, place, row) => {
    if (node.type !== 'text') {
      visit(node);
      return;
    }
    const before = row[place - 1];
    node.value = node.value?.replace(/(?<=\d) %/g, '\u202F%');
    if (before && isFormula(before)) node.value = node.value?.replace(/^ %/, '\u202F%');
  });
}

function isFormula({ properties }: PageNode): boolean {
  return Array.isArray(properties?.className) && properties.className.includes('katex');
}
