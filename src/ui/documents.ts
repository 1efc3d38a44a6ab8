import * as vscode from 'vscode';
import type { HttpDocument } from '../httpFile/document.ts';
import type { MarkdownLines } from '../httpFile/markdown.ts';
import type { ParseOptions } from '../httpFile/parse.ts';
import type { HttpFile, Range } from '../httpFile/syntax.ts';
import { languageId } from './contributions.ts';
import { setting } from './settings.ts';

/** The parser is a bundle of its own (see `lazyImports` in esbuild.mjs), read with the first request file. */
function parser(): typeof import('../httpFile/document.ts') {
  return require('../httpFile/document.ts');
}

/** Likewise, with the first Markdown document that holds requests. */
function markdownParser(): typeof import('../httpFile/markdown.ts') {
  return require('../httpFile/markdown.ts');
}

/** Markdown is parsed once for each version of a document. */
let parsed = new WeakMap<vscode.TextDocument, ParsedMarkdown>();

interface ParsedMarkdown extends MarkdownLines {
  readonly version: number;
  readonly file: HttpFile;
}

/** Request files follow the edits: those of a large one are read again block by block. */
let open = new WeakMap<vscode.TextDocument, { version: number; document: HttpDocument }>();

/** The requests of a document as it is now. */
export function fileOf(document: vscode.TextDocument): HttpFile {
  return isMarkdown(document) ? markdownOf(document).file : openDocument(document).file;
}

/** A Markdown document as it is now, without all that stands outside of its code blocks of requests. */
export function markdownOf(document: vscode.TextDocument): ParsedMarkdown {
  const known = parsed.get(document);
  if (known?.version === document.version) return known;
  const { readMarkdown, parseLines } = markdownParser();
  const read = readMarkdown(document.getText());
  const found = { ...read, version: document.version, file: parseLines(read, optionsFor(document)) };
  parsed.set(document, found);
  return found;
}

function openDocument(document: vscode.TextDocument): HttpDocument {
  const known = open.get(document);
  if (known?.version === document.version) return known.document;
  const created = parser().createDocument(document.getText(), optionsFor(document));
  open.set(document, { version: document.version, document: created });
  return created;
}

function optionsFor({ uri }: vscode.TextDocument): ParseOptions {
  return { bodyComments: setting('bodyComments', uri) };
}

/** Keeps the request files on the screen up to date; those that are not are forgotten when they change. */
export function registerDocuments(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(follow),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('roundtrip.bodyComments')) return;
      open = new WeakMap();
      parsed = new WeakMap();
    }),
  );
}

function follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
  const known = open.get(document);
  if (!known || known.version === document.version) return;
  const isNext = known.version === document.version - 1;
  if (isVisible(document) && isNext && follows(known.document, document, contentChanges)) {
    known.version = document.version;
  } else {
    open.delete(document);
  }
}

/** Whether an editor shows the document. */
export function isVisible(document: vscode.TextDocument): boolean {
  return vscode.window.visibleTextEditors.some((editor) => editor.document === document);
}

/** Applies an edit; false when the lines it left are not those of the editor. */
function follows(
  known: HttpDocument, document: vscode.TextDocument, changes: readonly vscode.TextDocumentContentChangeEvent[],
): boolean {
  known.edit(changes);
  return known.lineCount === document.lineCount
    && changes.every(({ range: { start: { line } } }) => known.lineAt(line) === document.lineAt(line).text);
}

/** Whether a document is in the language of request files, whatever its name. */
export function isRequestFile(document: vscode.TextDocument): boolean {
  return document.languageId === languageId;
}

/** A document whose code blocks may hold requests. */
export function isMarkdown(document: vscode.TextDocument): boolean {
  return document.languageId === 'markdown';
}

/** Whether requests of this document can be sent: a request file, or Markdown with code blocks of them. */
export function holdsRequests(document: vscode.TextDocument): boolean {
  return isRequestFile(document) || (isMarkdown(document) && requestFence.test(document.getText()));
}

/** A look before the parser is loaded: the first line of a code block with requests. */
const requestFence = /^[ \t>]{0,12}(?:`{3,9}|~{3,9})[ \t]{0,4}(?:\{[ \t]{0,4}\.)?(?:http|rest)\b/im;

/** The same range, as VS Code has it. */
export function toRange(range: Range): vscode.Range {
  return new vscode.Range(
    range.start.line,
    range.start.character,
    range.end.line,
    range.end.character,
  );
}
