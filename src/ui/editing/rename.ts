import * as vscode from 'vscode';
import { languageFor } from '../../explain/text/language.ts';
import type { Refusal } from '../../httpFile/editing/rename.ts';
import { languageId } from '../contributions.ts';
import { toRange } from '../documents.ts';
import { knownFile, knownFiles } from './knownFiles.ts';
import { services } from './loadServices.ts';

/** Renames variables and requests in a file and in those that share their names. */
export function registerRename(): vscode.Disposable {
  return vscode.languages.registerRenameProvider(
    { language: languageId },
    {
      prepareRename: async (document, position) => {
        const found = services().prepareRename(await knownFile(document), position);
        if ('refused' in found) throw refusal(found);
        return { range: toRange(found.range), placeholder: found.name };
      },
      provideRenameEdits: async (document, position, newName, token) => {
        const { from, files } = await knownFiles(document, token);
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

/** The editor shows the message beside the cursor. */
function refusal({ refused, places }: Refusal): Error {
  const { say, renameTexts } = services();
  return new Error(say(renameTexts, languageFor(vscode.env.language), refused, places));
}
