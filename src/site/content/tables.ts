/**
 * Rehype plugin: every table stands in a box of its own, so that on a phone the table scrolls and the page does not. Columns that Markdown sets to the
 * right are marked by a class, since HTML's attribute for it is deprecated.
 */

interface HastNode {
  type: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: HastNode[];
}

/** Returns the plugin. It changes the tree in place, as rehype plugins do. */
export function wrapTables(): (tree: HastNode) => void {
  const wrap = (node: HastNode): void => {
    node.children = node.children?.map((child) => {
      if (child.tagName !== 'table') {
        wrap(child);
        return child;
      }
      markNumbers(child);
      return {
        type: 'element',
        tagName: 'div',
        properties: { className: ['table-scroll'] },
        children: [child],
      };
    });
  };
  return wrap;
}

function markNumbers(node: HastNode): void {
  if (node.properties?.['align'] === 'right') {
    delete node.properties['align'];
    node.properties['className'] = ['number'];
  }
  node.children?.forEach(markNumbers);
}
