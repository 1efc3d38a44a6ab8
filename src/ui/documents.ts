import * as vscode from 'vscode';
import { parse } from '../httpFile/parse.ts';
import type { HttpFile, Range } from '../httpFile/syntax.ts';
import { languageId } from './contributions.ts';

/** Parsed once for each version of a document. */
const parsed = new WeakMap<vscode.TextDocument, { version: number; file: HttpFile }>();

/** The requests of a document as it is now. */
export function fileOf(document: vscode.TextDocument): HttpFile {
  const known = parsed.get(document);
  if (known?.version === document.version) return known.file;
  const file = parse(document.getText());
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
