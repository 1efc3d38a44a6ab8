import * as vscode from 'vscode';
import type { KnownFile } from '../../httpFile/editing/references.ts';
import type { TextLines } from '../../httpFile/position.ts';
import type { HttpFile } from '../../httpFile/syntax.ts';
import { fileOf, holdsRequests, isMarkdown, isRequestFile, markdownOf } from '../documents.ts';
import { services } from './loadServices.ts';

/** A document as the editing services read it: of Markdown, the requests in it. */
export function linesOf(document: vscode.TextDocument): TextLines {
  if (isMarkdown(document)) {
    const { lines } = markdownOf(document);
    return { lineCount: lines.length, lineAt: (line) => lines[line] ?? '' };
  }
  return { lineCount: document.lineCount, lineAt: (line) => document.lineAt(line).text };
}

/** A text file on disk larger than this is nobody's import (bytes). */
const largestFile = 5 * 1024 * 1024;

/** Request files that are looked at for names that they share with others. */
export const mostFiles = 500;

/** Reads request files, each once. */
class Reading {
  private readonly read = new Map<string, Promise<Read | undefined>>();

  /** Undefined when there is no such file, or nobody would want to read it. */
  file(uri: vscode.Uri): Promise<Read | undefined> {
    const key = uri.toString();
    const known = this.read.get(key);
    if (known) return known;
    const reading = readFile(uri);
    this.read.set(key, reading);
    return reading;
  }

  /** A file and what it imports; in a workspace that is not trusted only what lies inside its folder. */
  async known(uri: vscode.Uri, { file, lines }: Read): Promise<KnownFile> {
    const name = uri.toString();
    if (uri.scheme !== 'file') return { uri: name, file, lines };
    const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, '..');
    const { files } = await services().loadImports(file, name, {
      read: async (imported) => (await this.file(vscode.Uri.parse(imported, true)))?.file,
      uriOf: (path) => vscode.Uri.file(path).toString(),
      ...(vscode.workspace.isTrusted ? {} : { inside: folder.fsPath }),
    });
    return { uri: name, file, lines, imports: files };
  }
}

interface Read {
  readonly file: HttpFile;
  readonly lines: TextLines;
}

async function readFile(uri: vscode.Uri): Promise<Read | undefined> {
  const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (open) return { file: fileOf(open), lines: linesOf(open) };
  try {
    const { size, type } = await vscode.workspace.fs.stat(uri);
    if (size > largestFile || (type & vscode.FileType.File) === 0) return undefined;
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const document = services().createDocument(text);
    return { file: document.file, lines: document };
  } catch {
    return undefined;
  }
}

/** A document and its imports. */
export async function knownFile(document: vscode.TextDocument): Promise<KnownFile> {
  return new Reading().known(document.uri, { file: fileOf(document), lines: linesOf(document) });
}

/**
 * A document, its imports, and every other request file of the workspace or the editor that imports anything: those are
 * the files in which a name of this one may stand.
 */
export async function knownFiles(
  document: vscode.TextDocument,
  token: vscode.CancellationToken,
): Promise<{ from: KnownFile; files: KnownFile[] }> {
  const reading = new Reading();
  const from = await reading.known(document.uri, {
    file: fileOf(document),
    lines: linesOf(document),
  });
  const seen = new Set([from.uri]);
  const files = [from];
  const add = async (uri: vscode.Uri, isImported: boolean): Promise<void> => {
    const key = uri.toString();
    if (seen.has(key) || token.isCancellationRequested) return;
    seen.add(key);
    const read = await reading.file(uri);
    if (!read || (!isImported && services().importLines(read.file).length === 0)) return;
    files.push(await reading.known(uri, read));
  };
  for (const { uri } of from.imports ?? []) await add(vscode.Uri.parse(uri, true), true);
  const open = vscode.workspace.textDocuments.filter(isRequestFile).map(({ uri }) => uri);
  for (const uri of [...open, ...(await workspaceFiles(token))]) await add(uri, false);
  return { from, files };
}

/**
 * Every request file of the workspace and the editor, with what it imports; undefined when there are too many to look
 * through. Markdown counts when it is open or its text holds `word`.
 */
export async function allRequestFiles(
  document: vscode.TextDocument, word: string, token: vscode.CancellationToken,
): Promise<KnownFile[] | undefined> {
  const found = await workspaceFiles(token);
  const markdown = await vscode.workspace.findFiles('**/*.md', '**/node_modules/**', mostFiles, token);
  if (found.length >= mostFiles || markdown.length >= mostFiles) return undefined;
  for (const uri of markdown) await openIfItHolds(uri, word);
  const open = vscode.workspace.textDocuments.filter(holdsRequests).map(({ uri }) => uri);
  const uris = new Map([document.uri, ...open, ...found].map((uri) => [uri.toString(), uri]));
  const reading = new Reading();
  const files = await Promise.all([...uris.values()].map(async (uri) => {
    const read = await reading.file(uri);
    return read && reading.known(uri, read);
  }));
  return files.filter((file) => file !== undefined);
}

/** Where requests in Markdown are is known of documents: one that matters becomes one. */
async function openIfItHolds(uri: vscode.Uri, word: string): Promise<void> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > largestFile) return;
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    if (text.includes(word) && /(?:http|rest)\b/i.test(text)) await vscode.workspace.openTextDocument(uri);
  } catch {
    // What cannot be read names nothing.
  }
}

function workspaceFiles(token: vscode.CancellationToken): Thenable<vscode.Uri[]> {
  return vscode.workspace.findFiles('**/*.{http,rest}', '**/node_modules/**', mostFiles, token);
}
