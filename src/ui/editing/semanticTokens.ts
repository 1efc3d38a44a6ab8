import * as vscode from 'vscode';
import { tokenTypes } from '../../httpFile/editing/tokenTypes.ts';
import { fileOf } from '../documents.ts';
import { indentIn, isServed, withMarkdown } from './inMarkdown.ts';
import { linesOf } from './knownFiles.ts';
import { services } from './loadServices.ts';
import type { Names } from './names.ts';

const legend = new vscode.SemanticTokensLegend([...tokenTypes]);

/** Colours for what only the names themselves can tell; of a large file, for the visible lines alone. */
export function registerSemanticTokens(names: Names): vscode.Disposable {
  const provider: vscode.DocumentRangeSemanticTokensProvider = {
    provideDocumentRangeSemanticTokens: async (document, range, token) => {
      if (!isServed(document)) return undefined;
      const view = await names.of(document);
      if (token.isCancellationRequested) return undefined;
      const builder = new vscode.SemanticTokensBuilder(legend);
      const tokens = services().semanticTokensIn(
        fileOf(document), linesOf(document), range.start.line, range.end.line, view);
      for (const { line, character, length, type } of tokens) {
        builder.push(line, character + Math.max(0, indentIn(document, line)), length, tokenTypes.indexOf(type), 0);
      }
      return builder.build();
    },
  };
  const register = (): vscode.Disposable =>
    vscode.languages.registerDocumentRangeSemanticTokensProvider(withMarkdown, provider, legend);
  // A provider of ranges cannot say that its answers are out of date: a new one is asked again.
  let registered = register();
  const again = (): void => {
    registered.dispose();
    registered = register();
  };
  const listeners = vscode.Disposable.from(
    names.onDidChange(again),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('roundtrip.markdown')) again();
    }),
  );
  return vscode.Disposable.from(listeners, { dispose: () => registered.dispose() });
}
