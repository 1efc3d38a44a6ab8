import * as vscode from 'vscode';
import type { TextChange } from '../../httpFile/textChange.ts';
import type { FormatOptions } from '../../httpFile/editing/format.ts';
import { languageId } from '../contributions.ts';
import { fileOf, toRange } from '../documents.ts';
import { setting } from '../settings.ts';
import { linesOf } from './knownFiles.ts';
import { services } from './loadServices.ts';

/** *Format Document* and *Format Selection*. */
export function registerFormatting(): vscode.Disposable {
  const selector = { language: languageId };
  return vscode.Disposable.from(
    vscode.languages.registerDocumentFormattingEditProvider(selector, {
      provideDocumentFormattingEdits: (document, options) =>
        services()
          .formatEdits(fileOf(document), linesOf(document), formatOptions(document, options))
          .map(toEdit),
    }),
    vscode.languages.registerDocumentRangeFormattingEditProvider(selector, {
      provideDocumentRangeFormattingEdits: (document, range, options) =>
        services()
          .formatRangeEdits(fileOf(document), linesOf(document), range, formatOptions(document, options))
          .map(toEdit),
    }),
  );
}

/** What is formatted is read again as the document is, to see that it means the same. */
function formatOptions(
  { uri }: vscode.TextDocument,
  { insertSpaces, tabSize }: vscode.FormattingOptions,
): FormatOptions {
  const read = { bodyComments: setting('bodyComments', uri) };
  return {
    indent: insertSpaces ? ' '.repeat(tabSize) : '\t',
    parse: (text) => services().createDocument(text, read).file,
  };
}

/** The same change, as VS Code has it. */
export function toEdit({ range, text }: TextChange): vscode.TextEdit {
  return new vscode.TextEdit(toRange(range), text);
}
