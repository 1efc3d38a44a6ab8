import * as vscode from 'vscode';
import { mapped } from '../httpFile/editing/mapped.ts';
import { createSymbols } from '../httpFile/editing/symbols.ts';
import type { FileSymbol } from '../httpFile/editing/symbols.ts';
import type { HttpFile } from '../httpFile/syntax.ts';
import { languageId } from './contributions.ts';
import { fileOf, toRange } from './documents.ts';

type Outline = (file: HttpFile) => vscode.DocumentSymbol[];

/** The outline: variables and requests. */
export function registerSymbols(): vscode.Disposable {
  const outlines = new WeakMap<vscode.TextDocument, Outline>();
  return vscode.languages.registerDocumentSymbolProvider(
    { language: languageId },
    {
      provideDocumentSymbols: (document) => {
        const outline = outlines.get(document) ?? createOutline();
        outlines.set(document, outline);
        return outline(fileOf(document));
      },
    },
  );
}

/** What stays the same from one edit to the next is made once; what has moved gets its new place. */
function createOutline(): Outline {
  const symbolsOf = createSymbols();
  const entriesOf = mapped((symbol: FileSymbol) => ({ symbol, shown: shownSymbol(symbol) }));
  return (file) => entriesOf(symbolsOf(file)).flatMap(({ symbol, shown }) => {
    if (symbol.name === '') return [];
    if (symbol.selectionRange.start.line !== shown.selectionRange.start.line) place(shown, symbol);
    return [shown];
  });
}

function shownSymbol(symbol: FileSymbol): vscode.DocumentSymbol {
  const { kind, name, detail, range, selectionRange } = symbol;
  const shown = new vscode.DocumentSymbol(
    // An entry must have a name; one without is not shown.
    name || ' ', detail,
    kind === 'variable' ? vscode.SymbolKind.Variable : vscode.SymbolKind.Method,
    toRange(range).union(toRange(selectionRange)), toRange(selectionRange),
  );
  return shown;
}

function place(shown: vscode.DocumentSymbol, { range, selectionRange }: FileSymbol): void {
  shown.range = toRange(range).union(toRange(selectionRange));
  shown.selectionRange = toRange(selectionRange);
}
