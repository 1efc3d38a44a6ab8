import * as vscode from 'vscode';
import type { TextChange } from '../../httpFile/document.ts';
import type { FormatOptions } from '../../httpFile/editing/format.ts';
import { languageId } from '../contributions.ts';
import { fileOf, toRange } from '../documents.ts';
import { linesOf } from './knownFiles.ts';
import { services } from './loadServices.ts';

/** *Format Document* and *Format Selection*. */
export function registerFormatting(): vscode.Disposable {
  const selector = { language: languageId };
  return vscode.Disposable.from(
    vscode.languages.registerDocumentFormattingEditProvider(selector, {
      provideDocumentFormattingEdits: (document, options) =>
        services()
          .formatEdits(fileOf(document), linesOf(document), formatOptions(options))
          .map(toEdit),
    }),
    vscode.languages.registerDocumentRangeFormattingEditProvider(selector, {
      provideDocumentRangeFormattingEdits: (document, range, options) =>
        services()
          .formatRangeEdits(fileOf(document), linesOf(document), range, formatOptions(options))
          .map(toEdit),
    }),
  );
}

function formatOptions({ insertSpaces, tabSize }: vscode.FormattingOptions): FormatOptions {
  return { indent: insertSpaces ? ' '.repeat(tabSize) : '\t' };
}

export function toEdit({ range, text }: TextChange): vscode.TextEdit {
  return new vscode.TextEdit(toRange(range), text);
}
