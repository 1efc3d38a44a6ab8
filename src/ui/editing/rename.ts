import * as vscode from 'vscode';
import { languageFor } from '../../explain/text/language.ts';
import type { KnownFile } from '../../httpFile/editing/references.ts';
import type { Refusal, Renamable } from '../../httpFile/editing/rename.ts';
import { languageId } from '../contributions.ts';
import { toRange } from '../documents.ts';
import type { EnvironmentChoice } from '../environments/environments.ts';
import { knownFile, knownFiles } from './knownFiles.ts';
import { services } from './loadServices.ts';
import { isOfEnvironment, renameInEnvironments } from './renameEnvironment.ts';

/** Renames variables and requests in a file and in those that share their names. */
export function registerRename(environments: EnvironmentChoice): vscode.Disposable {
  return vscode.languages.registerRenameProvider(
    { language: languageId },
    {
      prepareRename: async (document, position) => {
        const from = await knownFile(document);
        const found = services().prepareRename(from, position);
        const outer = 'refused' in found ? await outerName(document, from, position, environments) : undefined;
        if (outer) return { range: toRange(outer.range), placeholder: outer.name };
        if ('refused' in found) throw refusal(found);
        return { range: toRange(found.range), placeholder: found.name };
      },
      provideRenameEdits: async (document, position, newName, token) => {
        const { from, files } = await knownFiles(document, token);
        const outer = await outerName(document, from, position, environments);
        if (outer) {
          const found = await renameInEnvironments(document, outer.name, newName.trim(), token, environments);
          if ('refused' in found) throw refusal(found);
          return found;
        }
        const edits = services().rename(from, position, newName, files);
        if ('refused' in edits) throw refusal(edits);
        const result = new vscode.WorkspaceEdit();
        for (const [uri, changes] of edits) {
          for (const { range, text } of changes) {
            result.replace(vscode.Uri.parse(uri, true), toRange(range), text);
          }
        }
        return result;
      },
    },
  );
}

/** The variable at a position that neither the file nor an import defines, but an environment. */
async function outerName(
  document: vscode.TextDocument, from: KnownFile, position: vscode.Position, environments: EnvironmentChoice,
): Promise<Renamable | undefined> {
  const one = services().occurrenceAt(from, position);
  if (one?.kind !== 'variable' || services().definitionOf(from, one)) return undefined;
  return await isOfEnvironment(document, one.name, environments) ? { range: one.range, name: one.name } : undefined;
}

/** The editor shows the message beside the cursor. */
function refusal({ refused, places }: Refusal): Error {
  const { say, renameTexts } = services();
  return new Error(say(renameTexts, languageFor(vscode.env.language), refused, places));
}
