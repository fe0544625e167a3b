/**
 * A CodeMirror editor for one cell. It stands in a shadow root of its own: there CodeMirror hands its styles over as
 * constructed sheets, which the page's content policy allows. Tab goes on to the next control, Escape to the cell's own.
 */
import { defaultKeymap, history, historyKeymap, insertNewlineKeepIndent } from '@codemirror/commands';
import { HighlightStyle, LRLanguage, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, keymap, lineNumbers, type DecorationSet } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { parser } from '@lezer/python';

export interface CellEditor {
  /** Replaces the text unless it is the same already. */
  setCode: (code: string) => void;
  /** Marks the line of an error, counted from 1; undefined takes the mark away. */
  markLine: (line: number | undefined) => void;
  focus: () => void;
}

/** What the editor tells its cell. */
export interface EditorEvents {
  label: string;
  changed: (code: string) => void;
  /** Shift+Enter. */
  run: () => void;
  /** Escape. */
  leave: () => void;
}

const markError = StateEffect.define<number | undefined>();

const errorLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, change) {
    for (const effect of change.effects)
      if (effect.is(markError)) {
        const { value } = effect;
        if (value === undefined || value > change.state.doc.lines) return Decoration.none;
        return Decoration.set([
          Decoration.line({ class: 'cm-wrong' }).range(change.state.doc.line(value).from),
        ]);
      }
    return change.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], fontWeight: '600' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
  { tag: tags.function(tags.variableName), color: 'var(--code-name)' },
]);

const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--paper-raised)', border: '1px solid var(--edge)' },
  '&.cm-focused': { outline: '2px solid var(--ink)', outlineOffset: '2px' },
  '.cm-content': {
    fontFamily: 'var(--mono)',
    fontSize: 'var(--t-code)',
    caretColor: 'var(--ink)',
    padding: '8px 0',
  },
  '.cm-gutters': {
    backgroundColor: 'var(--paper-sunk)',
    color: 'var(--ink-3)',
    border: '0',
    fontFamily: 'var(--mono)',
    fontSize: 'var(--t-code)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-wrong': { boxShadow: 'inset 4px 0 var(--bad)', backgroundColor: 'var(--paper-sunk)' },
});

/** Enter keeps the indentation, and goes one step in behind a colon. */
function newLine(view: EditorView): boolean {
  const { head } = view.state.selection.main;
  const line = view.state.doc.lineAt(head);
  if (
    !line.text
      .slice(0, head - line.from)
      .trimEnd()
      .endsWith(':')
  )
    return insertNewlineKeepIndent(view);
  const indent = (/^\s*/.exec(line.text)?.[0] ?? '') + '    ';
  view.dispatch(view.state.replaceSelection(`\n${indent}`), { scrollIntoView: true, userEvent: 'input' });
  return true;
}

/** Puts an editor with this text into the place. */
export function openEditor(place: HTMLElement, code: string, events: EditorEvents): CellEditor {
  const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' });
  const act = (work: () => void) => () => {
    work();
    return true;
  };
  let isOwnChange = false;
  const view = new EditorView({
    root,
    parent: root,
    doc: code,
    extensions: [
      lineNumbers(),
      history(),
      errorLine,
      LRLanguage.define({ parser }),
      syntaxHighlighting(colours),
      indentUnit.of('    '),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': events.label }),
      EditorState.tabSize.of(4),
      theme,
      keymap.of([
        { key: 'Shift-Enter', run: act(events.run) },
        { key: 'Mod-Enter', run: act(events.run) },
        { key: 'Escape', run: act(events.leave) },
        { key: 'Enter', run: newLine },
        ...historyKeymap,
        ...defaultKeymap,
      ]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged && !isOwnChange) events.changed(update.state.doc.toString());
      }),
    ],
  });
  return {
    setCode: (text) => {
      if (text === view.state.doc.toString()) return;
      isOwnChange = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      isOwnChange = false;
    },
    markLine: (line) => view.dispatch({ effects: markError.of(line) }),
    focus: () => view.focus(),
  };
}
