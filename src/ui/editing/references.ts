import * as vscode from 'vscode';
import type { Occurrence } from '../../httpFile/editing/occurrences.ts';
import { languageId } from '../contributions.ts';
import { fileOf, toRange } from '../documents.ts';
import { knownFiles, linesOf } from './knownFiles.ts';
import { services } from './loadServices.ts';

/** Where names are used, in the file and in those that share them; and on the screen as the cursor moves. */
export function registerReferences(): vscode.Disposable {
  const selector = { language: languageId };
  return vscode.Disposable.from(
    vscode.languages.registerReferenceProvider(selector, {
      provideReferences: async (document, position, { includeDeclaration }, token) => {
        const { from, files } = await knownFiles(document, token);
        const occurrence = services().occurrenceAt(from, position);
        if (!occurrence) return undefined;
        const options = { includeDefinitions: includeDeclaration };
        return services()
          .referencesTo(from, occurrence, files, options)
          .map(({ uri, range }) => new vscode.Location(vscode.Uri.parse(uri, true), toRange(range)));
      },
    }),
    vscode.languages.registerDocumentHighlightProvider(selector, {
      provideDocumentHighlights: (document, position) => {
        const from = { uri: '', file: fileOf(document), lines: linesOf(document) };
        const occurrence = services().occurrenceAt(from, position);
        if (!occurrence) return undefined;
        return services()
          .occurrencesOf(from, occurrence, [from])
          .map(({ occurrence: { range, role } }) => new vscode.DocumentHighlight(toRange(range), kindFor(role)));
      },
    }),
  );
}

function kindFor(role: Occurrence['role']): vscode.DocumentHighlightKind {
  return role === 'definition' ? vscode.DocumentHighlightKind.Write : vscode.DocumentHighlightKind.Read;
}
