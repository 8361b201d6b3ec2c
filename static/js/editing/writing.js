// The text field as an editor with line numbers, search and undo. Tab leaves it, as it leaves any field.
import { defaultKeymap, history, historyKeymap, undo } from "@codemirror/commands";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  ViewPlugin,
} from "@codemirror/view";

const HEADS = /^\s*(?:#{1,6}\s|(?:BUKU|BAB|Bagian|Paragraf|Pasal)\s+\S+\s*$|(?:KE[A-Z]+|Menimbang|Mengingat)\s*:?)/;
const MARKED = 200; // characters; more stays unmarked, so that nobody types it away
const head = Decoration.line({ class: "cm-head" });

const LOOK = EditorView.theme({
  "&": { backgroundColor: "var(--paper)", color: "var(--ink)" },
  "&.cm-focused": { outline: "2px solid var(--brand)" },
  ".cm-scroller": { font: "400 var(--t-text) / 1.6 var(--serif)" },
  ".cm-content": { caretColor: "var(--ink)", padding: "12px 0" },
  ".cm-line": { padding: "0 16px 0 10px" },
  ".cm-head": { fontWeight: "600" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--ink-3)", borderRight: "1px solid var(--rule)" },
  ".cm-lineNumbers .cm-gutterElement": { font: "400 var(--t-s) / 1.7rem var(--sans)", padding: "0 8px 0 10px" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--sunk)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--h1)",
  },
  ".cm-searchMatch": { backgroundColor: "var(--act-tint)", outline: "1px solid var(--act)" },
  ".cm-selectionMatch": { backgroundColor: "var(--brand-tint)" },
  ".cm-panels": { backgroundColor: "var(--sunk)", color: "var(--ink)" },
  ".cm-textfield": { backgroundColor: "var(--paper)", border: "1px solid var(--edge)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--paper)", border: "1px solid var(--edge)" },
});

/** Put an editor in the place of `field`; → how the rest of the page reads, writes and watches the text. */
export function startWriting(field, words) {
  const watchers = [];
  const view = new EditorView({
    doc: field.value,
    extensions: [
      lineNumbers(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      history(),
      drawSelection(),
      search({ top: true }),
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
      EditorView.lineWrapping,
      EditorView.cspNonce.of(document.querySelector("script[nonce]").nonce),
      EditorView.contentAttributes.of({ "aria-label": words.label, spellcheck: "false", tabindex: "0" }),
      EditorState.phrases.of(words.phrases),
      EditorView.updateListener.of((update) => update.docChanged && watchers.forEach((tell) => tell())),
      headings,
      LOOK,
    ],
  });
  field.hidden = true;
  field.after(view.dom);
  return {
    read: () => view.state.doc.toString(),
    write: (text, how) => replace(view, text, how),
    undo: () => undo(view),
    watch: (tell) => watchers.push(tell),
    toField: () => (field.value = view.state.doc.toString()),
    goTo: (line) => goTo(view, line),
  };
}

const headings = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.decorations = marked(view);
    }

    update(update) {
      if (update.docChanged || update.viewportChanged) this.decorations = marked(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function marked(view) {
  const found = new RangeSetBuilder();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      if (HEADS.test(line.text.slice(0, 200))) found.add(line.from, line.from, head);
      at = line.to + 1;
    }
  }
  return found.finish();
}

/** Change only what differs, so that the cursor stays where it is; `isShown`: it goes there, and marks a few words. */
function replace(view, text, { isShown = false } = {}) {
  const old = view.state.doc.toString();
  let from = 0;
  while (from < old.length && from < text.length && old[from] === text[from]) from++;
  let end = 0;
  const most = Math.min(old.length, text.length) - from;
  while (end < most && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
  const insert = text.slice(from, text.length - end);
  const changes = { from, to: old.length - end, insert };
  if (!isShown) return view.dispatch({ changes });
  view.dispatch({
    changes,
    selection: { anchor: insert.length > MARKED ? from : from + insert.length, head: from },
    effects: EditorView.scrollIntoView(from, { y: "center" }),
  });
}

function goTo(view, number) {
  const line = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
  view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "start", yMargin: 40 }) });
  view.focus();
}
