import * as vscode from 'vscode';
import type { HttpFile, Range } from '../httpFile/syntax.ts';
import { languageId } from './contributions.ts';

/** The parser is a bundle of its own (see `lazyImports` in esbuild.mjs), read with the first request file. */
function parser(): typeof import('../httpFile/parse.ts') {
  return require('../httpFile/parse.ts');
}

/** Parsed once for each version of a document. */
const parsed = new WeakMap<vscode.TextDocument, { version: number; file: HttpFile }>();

/** The requests of a document as it is now. */
export function fileOf(document: vscode.TextDocument): HttpFile {
  const known = parsed.get(document);
  if (known?.version === document.version) return known.file;
  const file = parser().parse(document.getText());
  parsed.set(document, { version: document.version, file });
  return file;
}

export function isRequestFile(document: vscode.TextDocument): boolean {
  return document.languageId === languageId;
}

export function toRange(range: Range): vscode.Range {
  return new vscode.Range(
    range.start.line,
    range.start.character,
    range.end.line,
    range.end.character,
  );
}
