import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { KnownFile } from '../../httpFile/editing/references.ts';
import type { Refusal } from '../../httpFile/editing/rename.ts';
import type { EnvironmentPlace } from '../../run/environments/load.ts';
import { toRange } from '../documents.ts';
import type { EnvironmentChoice } from '../environments/environments.ts';
import { rangeIn } from './inMarkdown.ts';
import { allRequestFiles, mostFiles } from './knownFiles.ts';
import { services } from './loadServices.ts';

/** A request file and where its environments come from. */
interface Placed {
  readonly file: KnownFile;
  readonly places: readonly EnvironmentPlace[];
}

/** Whether a name may be one of an environment for a document. */
export async function isOfEnvironment(
  document: vscode.TextDocument, name: string, environments: EnvironmentChoice,
): Promise<boolean> {
  return (await environments.placesFor(document)).some((place) => place.has(name));
}

/**
 * Gives a variable of environments another name in every file of JSON that has it for these request files, and in the
 * request files that share one of them. Refused when it also comes from where nothing can be edited, or is taken.
 */
export async function renameInEnvironments(
  document: vscode.TextDocument, name: string, newName: string, token: vscode.CancellationToken,
  environments: EnvironmentChoice,
): Promise<vscode.WorkspaceEdit | Refusal> {
  const all = await allRequestFiles(document, name, token);
  if (!all) return { refused: 'too-many-files', places: { name, limit: String(mostFiles) } };
  const placed = await Promise.all(all.map(async (file): Promise<Placed> =>
    ({ file, places: await environments.placesFor({ uri: vscode.Uri.parse(file.uri, true) }) })));
  const { files, places } = sharing(placed, document.uri.toString());
  const wrong = services().invalidName({ kind: 'variable' }, newName) ?? refusalFor(files, places, name, newName);
  if (wrong) return wrong;
  const edit = new vscode.WorkspaceEdit();
  for (const file of withImports(files, all)) addUses(edit, file, name, newName);
  for (const place of places) {
    if (place.json && !await addKeys(edit, place, name, newName)) {
      const { source } = place;
      return { refused: 'environment-not-renamed', places: { name, newName, source: basename(source) } };
    }
  }
  return edit;
}

/**
 * The request files that share an environment file with one of them, directly or through others, and all their places.
 */
function sharing(placed: readonly Placed[], uri: string): { files: KnownFile[]; places: EnvironmentPlace[] } {
  const places = new Map<string, EnvironmentPlace>();
  const left = new Set(placed);
  const files: KnownFile[] = [];
  const take = (one: Placed): void => {
    left.delete(one);
    files.push(one.file);
    for (const place of one.places) places.set(place.source, place);
  };
  placed.filter(({ file }) => file.uri === uri).forEach(take);
  for (let before = -1; before !== files.length;) {
    before = files.length;
    [...left].filter((one) => one.places.some(({ source, json }) => json && places.has(source))).forEach(take);
  }
  return { files, places: [...places.values()] };
}

function refusalFor(
  files: readonly KnownFile[], places: readonly EnvironmentPlace[], name: string, newName: string,
): Refusal | undefined {
  const elsewhere = places.find((place) => !place.json && place.has(name));
  if (elsewhere) return { refused: 'environment-elsewhere', places: { name, source: basename(elsewhere.source) } };
  const { hasOwnVariable, undefinedUses } = services();
  const isTaken = files.some((file) => hasOwnVariable(file, newName) && undefinedUses(file, name).length > 0)
    || places.some((place) => !place.json && place.has(newName));
  return isTaken ? { refused: 'name-taken', places: { name: newName } } : undefined;
}

/** Also the files that they import, wherever these are: names in them mean what they mean for who imports them. */
function withImports(files: readonly KnownFile[], all: readonly KnownFile[]): readonly KnownFile[] {
  const imported = new Set(files.flatMap(({ imports = [] }) => imports.map(({ uri }) => uri)));
  return all.filter((file) => files.includes(file) || imported.has(file.uri));
}

function addUses(edit: vscode.WorkspaceEdit, file: KnownFile, name: string, newName: string): void {
  const uri = vscode.Uri.parse(file.uri, true);
  const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === file.uri);
  for (const range of services().undefinedUses(file, name)) {
    edit.replace(uri, open ? rangeIn(open, range) : toRange(range), newName);
  }
}

/** False when the file's text allows no rename. */
async function addKeys(
  edit: vscode.WorkspaceEdit, { source, json }: EnvironmentPlace, name: string, newName: string,
): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(source));
  const pieces = services().environmentRename(document.getText(), name, newName, json?.member);
  for (const { offset, length, text } of pieces ?? []) {
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
    edit.replace(document.uri, range, text);
  }
  return pieces !== undefined;
}
