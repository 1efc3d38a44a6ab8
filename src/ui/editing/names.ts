import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { NameView } from '../../httpFile/editing/semanticTokens.ts';
import type { History } from '../../run/history/history.ts';
import type { ImportedFile } from '../../run/imports.ts';
import type { RecordedExchange } from '../../run/responses/responses.ts';
import type { ReadContent } from '../contents.ts';
import { fileOf, isMarkdown, isRequestFile } from '../documents.ts';
import type { EnvironmentChoice } from '../environments/environments.ts';
import type { Lab } from '../lab.ts';
import { dialectOptions } from '../settings.ts';
import { knownFile } from './knownFiles.ts';
import { services } from './loadServices.ts';

/** What names mean in a document besides its own variables. */
export interface DocumentNames extends NameView {
  /** Names of requests in imported files. */
  readonly importedNames: readonly string[];
  /** Whether environment files were read, so that a name nobody knows is certainly undefined. */
  readonly isComplete: boolean;
}

/** The last exchange of a named request, and when it began (epoch ms). */
export interface SentRequest {
  readonly recorded: RecordedExchange;
  readonly startedAt: number;
}

/** Names as the editing features see them. */
export interface Names extends vscode.Disposable {
  of(document: vscode.TextDocument): Promise<DocumentNames>;
  /** Undefined when the request was not sent yet in this session. */
  latest(document: vscode.TextDocument, requestName: string): Promise<SentRequest | undefined>;
  /** What `of` gave is out of date: another environment, the lab, an imported file. */
  readonly onDidChange: vscode.Event<void>;
}

export interface NamesOptions {
  readonly environments: EnvironmentChoice;
  readonly lab: Pick<Lab, 'addresses' | 'onDidChange'>;
  readonly history: History;
  readonly readContent: ReadContent;
}

/** Watches environments, the lab and imported files until it is disposed. */
export function createNames({ environments, lab, history, readContent }: NamesOptions): Names {
  const changed = new vscode.EventEmitter<void>();
  const imports = watchImports(() => changed.fire());
  const listeners = vscode.Disposable.from(
    changed, imports, environments.onDidChange(() => changed.fire()), lab.onDidChange(() => changed.fire()),
  );

  return {
    of: async (document) => {
      const imported = await imports.of(document);
      const environment = await environments.activeEnvironment(document);
      const dialect = dialectOptions(document.uri);
      const outer = services().outerNames({
        file: fileOf(document), uri: document.uri.toString(), ...placeOf(document), imported, dialect,
        options: {}, trusted: vscode.workspace.isTrusted, newId: () => '',
        ...(environment ? { environment } : {}), ...(lab.addresses ? { lab: lab.addresses } : {}),
      });
      return {
        outer,
        scope: { last: dialect.scope === 'last', escapes: dialect.escapes !== false },
        importedNames: namesIn(imported),
        isComplete: environment !== undefined,
      };
    },
    latest: async (document, requestName) => {
      const { historyResponses, latestSend } = await import('../../run/prepare/prepare.ts');
      const imported = await imports.of(document);
      const uris = [document.uri.toString(), ...imported.map(({ uri }) => uri)];
      const send = latestSend(history, requestName, uris);
      const startedAt = send && history.exchangesOf(send.specId).at(-1)?.startedAt;
      const recorded = await historyResponses(history, readContent, uris).latest(requestName);
      return recorded && startedAt !== undefined ? { recorded, startedAt } : undefined;
    },
    onDidChange: changed.event,
    dispose: () => listeners.dispose(),
  };
}

const importedNames = new WeakMap<readonly ImportedFile[], readonly string[]>();

/** Names of the requests in imported files: the same list while these are the same. */
function namesIn(imported: readonly ImportedFile[]): readonly string[] {
  let names = importedNames.get(imported);
  if (!names) {
    names = imported.flatMap(({ file }) => file.requests.flatMap(({ name }) => name ?? []));
    importedNames.set(imported, names);
  }
  return names;
}

function placeOf(document: vscode.TextDocument): { directory: string; root?: string } {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri) ?? vscode.workspace.workspaceFolders?.[0];
  const directory = document.uri.scheme === 'file' ? dirname(document.uri.fsPath) : folder?.uri.fsPath ?? '';
  return { directory, ...(folder ? { root: folder.uri.fsPath } : {}) };
}

// --- imports -----------------------------------------------------------------------------------------

interface WatchedImports extends vscode.Disposable {
  of(document: vscode.TextDocument): Promise<readonly ImportedFile[]>;
}

/**
 * What documents import, read once: looking for `import` lines in all of a large file at each keystroke would cost more
 * than everything else. Forgotten when such a line may have been edited, or an imported file was.
 */
function watchImports(onForget: () => void): WatchedImports {
  const known = new Map<string, Promise<readonly ImportedFile[]>>();

  const forgetImporting = async (uri: string): Promise<void> => {
    for (const [key, files] of known) {
      if (key === uri || !(await files).some((one) => one.uri === uri)) continue;
      known.delete(key);
      onForget();
    }
  };
  const edited = ({ document, contentChanges }: vscode.TextDocumentChangeEvent): void => {
    if (!(isRequestFile(document) || isMarkdown(document)) || contentChanges.length === 0) return;
    const uri = document.uri.toString();
    if (contentChanges.some((change) => mayImport(document, change))) known.delete(uri);
    void forgetImporting(uri);
  };
  const listeners = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(edited),
    vscode.workspace.onDidSaveTextDocument((document) => void forgetImporting(document.uri.toString())),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => known.delete(uri.toString())),
  );
  return {
    of: (document) => {
      const key = document.uri.toString();
      const reading = known.get(key) ?? knownFile(document).then(({ imports = [] }) => imports);
      known.set(key, reading);
      reading.catch(() => known.delete(key));
      return reading;
    },
    dispose: () => listeners.dispose(),
  };
}

/** Whether an import may have come or gone: a longer piece was replaced, or the line reads like one. */
function mayImport(
  document: vscode.TextDocument,
  { range, text }: vscode.TextDocumentContentChangeEvent,
): boolean {
  const replaced = range.end.character - range.start.character;
  if (!range.isSingleLine || replaced > 5 || text.includes('import')) return true;
  const line = document.lineAt(Math.min(range.start.line, document.lineCount - 1)).text;
  return line.includes('import') || /\.(?:http|rest)\b/.test(line);
}
