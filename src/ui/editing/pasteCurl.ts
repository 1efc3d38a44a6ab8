import * as vscode from 'vscode';
import { commands, languageId } from '../contributions.ts';
import { fileOf, isRequestFile, toRange } from '../documents.ts';
import { linesOf } from './knownFiles.ts';
import { services } from './loadServices.ts';

const kind = vscode.DocumentDropOrPasteEditKind.Text.append('http', 'request');

/** A curl command that is pasted becomes a request; *Paste As…* offers it as it is, too. */
export function registerPasteCurl(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerDocumentPasteEditProvider(
      { language: languageId },
      {
        provideDocumentPasteEdits: async (document, ranges, dataTransfer) => {
          const [range, ...others] = ranges;
          const text = await dataTransfer.get('text/plain')?.asString();
          if (!range || others.length > 0 || text === undefined) return undefined;
          const inserted = requestFrom(document, range, text);
          if (inserted === undefined) return undefined;
          const title = vscode.l10n.t('Paste as HTTP request');
          return [new vscode.DocumentPasteEdit(inserted, title, kind)];
        },
      },
      { providedPasteEditKinds: [kind], pasteMimeTypes: ['text/plain'] },
    ),
    vscode.commands.registerCommand(commands.pasteCurl, pasteCurl),
  );
}

/** A look at the text before anything is loaded: most of what is pasted is no command. */
function requestFrom(
  document: vscode.TextDocument,
  range: vscode.Range,
  text: string,
): string | undefined {
  const mayBe = /^\s{0,80}(?:(?:\$|>|PS [^>\n]{0,200}>)\s{0,8})?curl/i.test(text);
  if (!mayBe || !range.isSingleLine) return undefined;
  const { line } = range.start;
  return services().pastedRequest(fileOf(document), linesOf(document), line, text, leftOut);
}

function leftOut(options: readonly string[]): string {
  return vscode.l10n.t('Left out of the curl command: {0}', options.join(' '));
}

/** The command on the clipboard becomes a request at the cursor's empty line, else at the end of the file. */
async function pasteCurl(): Promise<void> {
  const text = await vscode.env.clipboard.readText();
  if (!services().curlToHttp(text)) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no curl command on the clipboard. Copy one, then try again.'),
    );
    return;
  }
  const editor = shownEditor() ?? (await newEditor());
  const { document, selection } = editor;
  const atCursor = selection.isEmpty ? requestFrom(document, selection, text) : undefined;
  const appended = services().appendedRequest(fileOf(document), linesOf(document), text, leftOut);
  if (!appended) return;
  const place = atCursor === undefined ? toRange(appended.range) : document.lineAt(selection.active.line).range;
  await editor.edit((edit) => edit.replace(place, atCursor ?? appended.text));
  editor.revealRange(editor.selection);
}

function shownEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor && isRequestFile(editor.document) ? editor : undefined;
}

async function newEditor(): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language: languageId });
  return vscode.window.showTextDocument(document);
}
