import * as vscode from 'vscode';
import type { Position, Range } from '../../httpFile/syntax.ts';
import { languageId } from '../contributions.ts';
import { holdsRequests, isMarkdown, markdownOf, toRange } from '../documents.ts';
import { setting } from '../settings.ts';

/** Request files, and Markdown: what asks for more than a place first asks {@link placeIn}. */
export const withMarkdown: vscode.DocumentSelector = [{ language: languageId }, { language: 'markdown' }];

/** Whether the editing features have anything to say of a document. */
export function isServed(document: vscode.TextDocument): boolean {
  return !isMarkdown(document) || (setting('markdown.enabled', document.uri) && holdsRequests(document));
}

/** Where a position is in the text that the services read; undefined outside of code blocks with requests. */
export function placeIn(document: vscode.TextDocument, { line, character }: vscode.Position): Position | undefined {
  if (!isMarkdown(document)) return { line, character };
  const indent = isServed(document) ? indentIn(document, line) : -1;
  return indent < 0 || character < indent ? undefined : { line, character: character - indent };
}

/** Where a range of that text is in the document: the indent of its code block comes before it. */
export function rangeIn(document: vscode.TextDocument, range: Range): vscode.Range {
  if (!isMarkdown(document)) return toRange(range);
  const { start, end } = range;
  return new vscode.Range(
    start.line, start.character + Math.max(0, indentIn(document, start.line)),
    end.line, end.character + Math.max(0, indentIn(document, end.line)),
  );
}

/** How far a code block of requests is indented on a line; -1 outside of one. */
export function indentIn(document: vscode.TextDocument, line: number): number {
  return isMarkdown(document) ? markdownOf(document).indents[line] ?? -1 : 0;
}
