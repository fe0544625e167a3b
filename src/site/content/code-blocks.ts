/**
 * Code: ink, weight and slant first, two quiet hues after that. Colours are those of src/site/styles (tokens.css, dark.css).
 * Lines may carry a state, written behind the language:
 *
 *   ```python title="freeze.py" frozen={4-5} trainable={6-8}
 */
import { definePlugin, ExpressiveCodeTheme } from 'astro-expressive-code';
import type { StarlightExpressiveCodeOptions } from '@astrojs/starlight/expressive-code';
import { addClassName, h, type Element as HastElement } from 'astro-expressive-code/hast';
import { t } from '../strings.ts';

const states = ['frozen', 'trainable'] as const;

/** Lines in braces, "4-5,8", as a set of line numbers counted from 1. */
export function readLines(ranges: readonly string[]): Set<number> {
  const lines = new Set<number>();
  for (const part of ranges.join(',').split(',')) {
    const [, first, last = first] = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part) ?? [];
    if (first === undefined) continue;
    for (let line = Number(first); line <= Number(last); line++) lines.add(line);
  }
  return lines;
}

/** Gives lines their ground, bar and mark; the mark says the state aloud. */
const stateLines = definePlugin({
  name: 'Frozen and trainable lines',
  hooks: {
    postprocessRenderedLine: ({ codeBlock, lineIndex, renderData }) => {
      for (const state of states) {
        if (!readLines(codeBlock.metaOptions.getRanges(state)).has(lineIndex + 1)) continue;
        addClassName(renderData.lineAst, state);
        // The mark itself is drawn by prose.css
        renderData.lineAst.children.unshift(
          h('span', { class: `line-mark mark-${state}`, role: 'img', 'aria-label': t(`code.${state}`) }),
        );
      }
    },
  },
});

/** Makes valid HTML of a block (lines as spans, since code holds no divs) and gives it a button with a word on it. */
const plainMarkup = definePlugin({
  name: 'Valid markup and a copy button',
  hooks: {
    postprocessRenderedBlock: ({ codeBlock, renderData }) => {
      const name = codeBlock.props.title ?? codeBlock.getLine(0)?.text.trim() ?? codeBlock.language;
      let isTitled = false;
      const visit = (node: HastElement, isInCode: boolean): void => {
        if (isInCode && node.tagName === 'div') node.tagName = 'span';
        // Focusable from the start, and named: Expressive Code's script makes a region of whatever scrolls
        if (node.tagName === 'pre')
          Object.assign(node.properties, { tabIndex: 0, role: 'group', ariaLabel: name });
        // How tall the block will be is known before it is laid out: styles/later.css
        if (node.tagName === 'figure') node.properties['style'] = `--lines:${codeBlock.getLines().length}`;
        if (node.tagName === 'figcaption') {
          isTitled = true;
          node.children.push(
            h(
              'button',
              { type: 'button', class: 'copy-code needs-script', 'data-copied': t('code.copied') },
              t('code.copy'),
            ),
            h('span', { class: 'sr-only', role: 'status' }),
          );
        }
        for (const child of node.children)
          if (child.type === 'element') visit(child, isInCode || node.tagName === 'code');
      };
      visit(renderData.blockAst, false);
      if (!isTitled)
        throw new Error(
          'A code block came without its bar: Expressive Code changed its markup, see src/site/content/code-blocks.ts.',
        );
    },
  },
});

interface Palette {
  type: 'light' | 'dark';
  ground: string;
  ink: string;
  quiet: string;
  text: string;
  name: string;
}

function buildTheme({ type, ground, ink, quiet, text, name }: Palette): ExpressiveCodeTheme {
  const rule = (scope: string[], foreground: string, fontStyle = '') => ({
    scope,
    settings: { foreground, fontStyle },
  });
  return new ExpressiveCodeTheme({
    name: `thaw-${type}`,
    type,
    colors: { 'editor.background': ground, 'editor.foreground': ink },
    tokenColors: [
      { settings: { foreground: ink } },
      rule(['comment', 'punctuation.definition.comment'], quiet, 'italic'),
      rule(['keyword', 'storage', 'constant.language', 'keyword.operator.logical.python'], ink, 'bold'),
      rule(['keyword.operator', 'punctuation'], ink),
      rule(['string', 'punctuation.definition.string', 'storage.type.string'], text),
      rule(
        [
          'entity.name',
          'support.function',
          'support.class',
          'meta.function-call.generic',
          'variable.function',
        ],
        name,
      ),
      rule(['constant.numeric', 'variable', 'variable.parameter', 'support.variable'], ink),
    ],
  });
}

/** Options for Starlight's code blocks. */
export const codeBlocks: StarlightExpressiveCodeOptions = {
  themes: [
    buildTheme({
      type: 'light',
      ground: '#f1f5f6',
      ink: '#171f26',
      quiet: '#3e484f',
      text: '#27511a',
      name: '#4b2d88',
    }),
    buildTheme({
      type: 'dark',
      ground: '#0e1114',
      ink: '#e6eaec',
      quiet: '#bfc5c8',
      text: '#b5dc9b',
      name: '#d3c6fa',
    }),
  ],
  useStarlightUiThemeColors: false,
  // Without scripts the system's theme holds, as in ThemeProvider.astro
  themeCssSelector: (theme) => `[data-theme='${theme.type}'][data-js]`,
  useDarkModeMediaQuery: true,
  plugins: [stateLines, plainMarkup],
  frames: { showCopyToClipboardButton: false },
  styleOverrides: {
    borderRadius: '0',
    borderWidth: '0px',
    borderColor: 'var(--rule)',
    codeBackground: 'var(--paper-sunk)',
    codeFontFamily: 'var(--mono)',
    codeFontSize: 'var(--t-code)',
    codeLineHeight: '1.6',
    codePaddingBlock: '0.5rem',
    codePaddingInline: '1.7rem',
    uiFontFamily: 'var(--sans)',
    uiFontSize: 'var(--t-micro)',
    focusBorder: 'var(--ink)',
    scrollbarThumbColor: 'var(--edge)',
    scrollbarThumbHoverColor: 'var(--ink-3)',
    frames: {
      frameBoxShadowCssValue: 'none',
      editorActiveTabBackground: 'transparent',
      editorActiveTabForeground: 'var(--ink-3)',
      editorTabBarBackground: 'transparent',
      terminalTitlebarBackground: 'transparent',
      terminalTitlebarForeground: 'var(--ink-3)',
      inlineButtonForeground: 'var(--ink)',
      inlineButtonBackground: 'var(--paper-raised)',
      inlineButtonBorder: 'var(--edge)',
      inlineButtonBorderOpacity: '1',
      tooltipSuccessBackground: 'var(--ink)',
      tooltipSuccessForeground: 'var(--paper)',
    },
  },
};
