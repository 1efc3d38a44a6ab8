import * as vscode from 'vscode';
import { languageId } from '../contributions.ts';
import { fileOf, toRange } from '../documents.ts';
import { linesOf } from './knownFiles.ts';
import { services } from './loadServices.ts';

/** Included, imported and run files open with a click. */
export function registerLinks(): vscode.Disposable {
  return vscode.languages.registerDocumentLinkProvider(
    { language: languageId },
    {
      provideDocumentLinks: (document) =>
        services()
          .linksIn(fileOf(document), linesOf(document))
          .flatMap(({ path, range }) => {
            const target = pathUri(document, path);
            return target ? [new vscode.DocumentLink(toRange(range), target)] : [];
          }),
    },
  );
}

/**
 * What a path written in a document means: relative to the document's folder, or to the workspace's when it has
 * none.
 */
export function pathUri({ uri }: vscode.TextDocument, path: string): vscode.Uri | undefined {
  if (/^(?:[/\\]|[a-z]:[/\\])/i.test(path)) return uri.with({ path: vscode.Uri.file(path).path });
  if (uri.scheme !== 'untitled') return vscode.Uri.joinPath(uri, '..', path.replaceAll('\\', '/'));
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder && vscode.Uri.joinPath(folder, path.replaceAll('\\', '/'));
}
