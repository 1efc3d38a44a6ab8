import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import type { Occurrence } from '../../httpFile/editing/occurrences.ts';
import { toRange } from '../documents.ts';
import type { EnvironmentChoice } from '../environments/environments.ts';
import { setting } from '../settings.ts';
import { placeIn, rangeIn, withMarkdown } from './inMarkdown.ts';
import { knownFile } from './knownFiles.ts';
import { pathUri } from './links.ts';
import { services } from './loadServices.ts';

/** Where variables and requests are defined, and the files that are included. */
export function registerDefinition(environments: EnvironmentChoice): vscode.Disposable {
  return vscode.languages.registerDefinitionProvider(
    withMarkdown,
    {
      provideDefinition: async (document, position) => {
        if (!placeIn(document, position)) return undefined;
        const from = await knownFile(document);
        const place = placeIn(document, position);
        if (!place) return undefined;
        const path = services().pathAt(from, place);
        if (path) return fileLink(document, path.path, rangeIn(document, path.range));
        const occurrence = services().occurrenceAt(from, place);
        if (!occurrence) return undefined;
        const origin = rangeIn(document, occurrence.range);
        const last = setting('variables.scope', document.uri) === 'last';
        const found = services().definitionOf(from, occurrence, { last });
        if (!found) return inEnvironment(
          document, { kind: occurrence.kind, name: occurrence.name, origin }, environments,
        );
        const targetRange = found.uri === from.uri ? rangeIn(document, found.range) : toRange(found.range);
        return [linkTo(origin, vscode.Uri.parse(found.uri, true), targetRange)];
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
  originSelectionRange: vscode.Range,
  targetUri: vscode.Uri,
  targetRange: vscode.Range,
): vscode.LocationLink {
  return { originSelectionRange, targetUri, targetRange };
}

/** The line of an environment file; settings and the like have no place to go to. */
async function inEnvironment(
  document: vscode.TextDocument,
  { kind, name, origin }: Pick<Occurrence, 'kind' | 'name'> & { origin: vscode.Range },
  environments: EnvironmentChoice,
): Promise<vscode.LocationLink[] | undefined> {
  if (kind !== 'variable') return undefined;
  const environment = await environments.activeEnvironment(document);
  const entries = environment ? services().entriesOf(environment, name) : [];
  const links = entries.flatMap(({ source, line = 1 }) =>
    isAbsolute(source)
      ? [linkTo(origin, vscode.Uri.file(source), new vscode.Range(line - 1, 0, line - 1, 0))]
      : [],
  );
  return links.slice(0, 1);
}
