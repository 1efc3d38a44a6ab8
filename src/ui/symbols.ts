import * as vscode from 'vscode';
import { languageId } from './contributions.ts';
import { fileOf, toRange } from './documents.ts';

/** The outline: variables and requests. */
export function registerSymbols(): vscode.Disposable {
  return vscode.languages.registerDocumentSymbolProvider(
    { language: languageId },
    {
      provideDocumentSymbols: (document) => {
        const { variables, requests } = fileOf(document);
        return [
          ...variables.map(
            ({ name, value, range, nameRange }) =>
              new vscode.DocumentSymbol(
                name,
                value,
                vscode.SymbolKind.Variable,
                toRange(range),
                toRange(nameRange),
              ),
          ),
          ...requests.map(({ name, title, method, url, range, requestLine }) => {
            const whole = toRange(range).union(toRange(requestLine));
            return new vscode.DocumentSymbol(
              name ?? title ?? `${method} ${url}`,
              (name ?? title) ? `${method} ${url}` : '',
              vscode.SymbolKind.Method,
              whole,
              toRange(requestLine),
            );
          }),
        ].filter(({ name }) => name.trim() !== '');
      },
    },
  );
}
