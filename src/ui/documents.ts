import * as vscode from 'vscode';
import type { HttpFile, Range } from '../httpFile/syntax.ts';
import { languageId } from './contributions.ts';

/** The parser is a bundle of its own (see `lazyImports` in esbuild.mjs), read with the first request file. */
function parser(): typeof import('../httpFile/parse.ts') {
  return require('../httpFile/parse.ts');
}

/** Likewise, with the first Markdown document that holds requests. */
function markdownParser(): typeof import('../httpFile/markdown.ts') {
  return require('../httpFile/markdown.ts');
}

/** Parsed once for each version of a document. */
const parsed = new WeakMap<vscode.TextDocument, { version: number; file: HttpFile }>();

/** The requests of a document as it is now. */
export function fileOf(document: vscode.TextDocument): HttpFile {
  const known = parsed.get(document);
  if (known?.version === document.version) return known.file;
  const text = document.getText();
  const file = isMarkdown(document)
    ? markdownParser().parseMarkdown(text) : parser().parse(text);
  parsed.set(document, { version: document.version, file });
  return file;
}

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

export function toRange(range: Range): vscode.Range {
  return new vscode.Range(
    range.start.line,
    range.start.character,
    range.end.line,
    range.end.character,
  );
}
