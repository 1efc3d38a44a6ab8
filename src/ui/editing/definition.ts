import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import type { Occurrence } from '../../httpFile/editing/occurrences.ts';
import { languageId } from '../contributions.ts';
import { toRange } from '../documents.ts';
import type { EnvironmentChoice } from '../environments.ts';
import { setting } from '../settings.ts';
import { knownFile } from './knownFiles.ts';
import { pathUri } from './links.ts';
import { services } from './loadServices.ts';

/** Where variables and requests are defined, and the files that are included. */
export function registerDefinition(environments: EnvironmentChoice): vscode.Disposable {
  return vscode.languages.registerDefinitionProvider(
    { language: languageId },
    {
      provideDefinition: async (document, position) => {
        const from = await knownFile(document);
        const path = services().pathAt(from, position);
        if (path) return fileLink(document, path.path, toRange(path.range));
        const occurrence = services().occurrenceAt(from, position);
        if (!occurrence) return undefined;
        const last = setting('variables.scope', document.uri) === 'last';
        const found = services().definitionOf(from, occurrence, { last });
        return found
          ? [linkTo(occurrence, vscode.Uri.parse(found.uri, true), toRange(found.range))]
          : inEnvironment(document, occurrence, environments);
      },
    },
  );
}

/** A peek at an included file from its start; nothing when it is not there. */
async function fileLink(
  document: vscode.TextDocument,
  path: string,
  originSelectionRange: vscode.Range,
): Promise<vscode.LocationLink[] | undefined> {
  const targetUri = pathUri(document, path);
  if (!targetUri) return undefined;
  try {
    await vscode.workspace.fs.stat(targetUri);
  } catch {
    return undefined;
  }
  return [{ originSelectionRange, targetUri, targetRange: new vscode.Range(0, 0, 0, 0) }];
}

function linkTo(
  { range }: Occurrence,
  targetUri: vscode.Uri,
  targetRange: vscode.Range,
): vscode.LocationLink {
  return { originSelectionRange: toRange(range), targetUri, targetRange };
}

/** The line of an environment file; settings and the like have no place to go to. */
async function inEnvironment(
  document: vscode.TextDocument,
  occurrence: Occurrence,
  environments: EnvironmentChoice,
): Promise<vscode.LocationLink[] | undefined> {
  if (occurrence.kind !== 'variable') return undefined;
  const environment = await environments.activeEnvironment(document);
  const entries = environment ? services().entriesOf(environment, occurrence.name) : [];
  const links = entries.flatMap(({ source, line = 1 }) =>
    isAbsolute(source)
      ? [linkTo(occurrence, vscode.Uri.file(source), new vscode.Range(line - 1, 0, line - 1, 0))]
      : [],
  );
  return links.slice(0, 1);
}
