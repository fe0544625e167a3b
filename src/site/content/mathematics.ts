/**
 * Formulas are set at build time, as HTML for the eye and MathML for assistive technology.
 * Two macros carry the meaning of the colours into mathematics:
 *   \froz{\theta}   the symbol in ice, with the subscript "froz"
 *   \train{\theta}  the symbol in ember, with the subscript "train"
 * A third keeps a condition in one piece: KaTeX lets a line end at every relation, and P(Y | X) is no place for that.
 */
import type { KatexOptions } from 'katex';
import type { VFile } from 'vfile';

/** What KaTeX gets: our macros, and trust for the one command they need. */
export const katexOptions: KatexOptions = {
  output: 'htmlAndMathml',
  macros: {
    '\\froz': '\\htmlClass{eq-frozen}{{#1}_{\\mathrm{froz}}}',
    '\\train': '\\htmlClass{eq-trainable}{{#1}_{\\mathrm{train}}}',
    '\\mid': '{\\mkern5mu\\vert\\mkern5mu}',
  },
  trust: (context) => context.command === '\\htmlClass',
  strict: (code) => (code === 'htmlExtension' ? 'ignore' : 'error'),
};

interface HastNode {
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: HastNode[];
}

/** Rehype plugin, placed after rehype-katex: drops the TeX source that KaTeX repeats inside MathML, which no reader gets to see, what only held the two together, and the name of the namespace, which HTML knows. */
export function dropFormulaSources(): (tree: HastNode) => void {
  const drop = (node: HastNode): void => {
    if (node.tagName === 'math') delete node.properties?.['xmlns'];
    node.children = node.children
      ?.flatMap((child) => (child.tagName === 'semantics' ? (child.children ?? []) : [child]))
      .filter((child) => child.tagName !== 'annotation');
    node.children?.forEach(drop);
  };
  return drop;
}

/**
 * Rehype plugin, placed after rehype-katex: that one only warns about a formula it cannot set and prints it in red.
 * Here the build stops and says which file and formula it was.
 */
export function refuseBrokenFormulas() {
  return (_tree: unknown, file: VFile): void => {
    const broken = file.messages.find((message) => message.source === 'rehype-katex');
    if (!broken) return;
    const cause = broken.cause instanceof Error ? broken.cause.message : broken.reason;
    throw new Error(
      `${file.path}${broken.line ? `:${broken.line}` : ''}: a formula cannot be set.\n${cause}\n` +
        'Use what KaTeX knows (https://katex.org/docs/supported.html), \\froz{…} and \\train{…}.',
    );
  };
}
