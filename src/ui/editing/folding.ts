import * as vscode from 'vscode';
import { languageId } from '../contributions.ts';
import { fileOf } from '../documents.ts';
import { linesOf } from './knownFiles.ts';
import { services } from './loadServices.ts';

const kinds = { comment: 'Comment', imports: 'Imports', region: 'Region' } as const;

/** Requests, headers, bodies and comments can be folded away. */
export function registerFolding(): vscode.Disposable {
  return vscode.languages.registerFoldingRangeProvider(
    { language: languageId },
    {
      provideFoldingRanges: (document) =>
        services()
          .foldsIn(fileOf(document), linesOf(document))
          .map(
            ({ start, end, kind }) =>
              new vscode.FoldingRange(start, end, kind && vscode.FoldingRangeKind[kinds[kind]]),
          ),
    },
  );
}
