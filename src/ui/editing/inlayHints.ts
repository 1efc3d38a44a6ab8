import * as vscode from 'vscode';
import { languageId } from '../contributions.ts';
import { fileOf } from '../documents.ts';
import { setting } from '../settings.ts';
import { linesOf } from './knownFiles.ts';
import { services } from './loadServices.ts';
import type { Names } from './names.ts';

/** Values behind the names they stand for, when the user wants them. */
export function registerInlayHints(names: Names): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider = vscode.languages.registerInlayHintsProvider(
    { language: languageId },
    {
      onDidChangeInlayHints: changed.event,
      provideInlayHints: async (document, range, token) => {
        if (!setting('inlayHints.enabled', document.uri)) return [];
        const view = await names.of(document);
        if (token.isCancellationRequested) return [];
        const hints = services().valueHintsIn(
          fileOf(document), linesOf(document), range.start.line, range.end.line, view);
        return hints.map(({ position, text }) => {
          const hint = new vscode.InlayHint(
            new vscode.Position(position.line, position.character), text ?? '•••');
          hint.paddingLeft = true;
          return hint;
        });
      },
    },
  );
  const settings = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('roundtrip.inlayHints')) changed.fire();
  });
  return vscode.Disposable.from(provider, changed, settings, names.onDidChange(() => changed.fire()));
}
