import { basename, dirname, isAbsolute, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { languageFor } from '../../explain/text/language.ts';
import type { Completion, CompletionKind } from '../../httpFile/editing/completion.ts';
import { triggerCharacters } from '../../httpFile/editing/triggers.ts';
import type { Definition, NameOrigin } from '../../httpFile/names/origin.ts';
import { fileOf } from '../documents.ts';
import { shortPath } from './hover.ts';
import { placeIn, rangeIn, withMarkdown } from './inMarkdown.ts';
import { linesOf } from './knownFiles.ts';
import { pathUri } from './links.ts';
import { services } from './loadServices.ts';
import type { Names } from './names.ts';

/** What an item is made of; its documentation is written when it is looked at. */
const completions = new WeakMap<vscode.CompletionItem, Completion>();

/** What can be put in while a request file is written. */
export function registerCompletion(names: Names): vscode.Disposable {
  return vscode.languages.registerCompletionItemProvider(
    withMarkdown,
    {
      provideCompletionItems: async (document, position, token, { triggerCharacter }) => {
        if (!placeIn(document, position)) return undefined;
        const view = await names.of(document);
        const place = placeIn(document, position);
        if (token.isCancellationRequested || !place) return undefined;
        const found = await services().completionsAt(
          fileOf(document), linesOf(document), place,
          {
            ...view,
            latest: async (name) => (await names.latest(document, name))?.recorded,
            listFiles: (folder) => listFiles(document, folder),
          },
          triggerCharacter,
        );
        return token.isCancellationRequested
          ? undefined : new vscode.CompletionList(found.items.map((one) => toItem(one, document)), found.isIncomplete);
      },
      resolveCompletionItem: (item) => {
        const completion = completions.get(item);
        if (completion) item.documentation = documentationOf(completion);
        return item;
      },
    },
    ...triggerCharacters,
  );
}

const kinds: Readonly<Record<CompletionKind, keyof typeof vscode.CompletionItemKind>> = {
  'method': 'Method', 'skeleton': 'Snippet', 'keyword': 'Keyword', 'origin': 'Reference', 'url': 'Reference',
  'version': 'EnumMember', 'field': 'Field', 'value': 'Value', 'media-type': 'EnumMember', 'parameter': 'Property',
  'variable': 'Variable', 'dynamic': 'Function', 'request': 'Event', 'part': 'Property', 'key': 'Field',
  'metadata': 'Keyword', 'file': 'File', 'folder': 'Folder',
};

function toItem(completion: Completion, document: vscode.TextDocument): vscode.CompletionItem {
  const { label, kind, range, insert, snippet, filter, sort, again } = completion;
  const item = new vscode.CompletionItem(
    { label, ...besideLabel(completion) }, vscode.CompletionItemKind[kinds[kind]],
  );
  item.range = rangeIn(document, range);
  item.insertText = snippet ? new vscode.SnippetString(insert) : insert;
  item.sortText = sort;
  item.filterText = filter ?? label;
  if (again) item.command = { command: 'editor.action.triggerSuggest', title: '' };
  completions.set(item, completion);
  return item;
}

/** Beside the label: where a variable comes from, and its value as far as it is no secret. */
function besideLabel({ detail, definition }: Completion): Partial<vscode.CompletionItemLabel> {
  if (!definition) return detail === undefined ? {} : { description: detail };
  const place = placeOf(definition.origin);
  const value = valueOf(definition);
  return {
    ...(place === undefined ? {} : { detail: `  ${place}` }), ...(value === undefined ? {} : { description: value }),
  };
}

function valueOf({ secret, value, written }: Definition): string | undefined {
  const { hoverTexts, say, shortened } = services();
  if (secret) return say(hoverTexts, languageFor(vscode.env.language), 'secret');
  const text = typeof value === 'string' ? value : written;
  return text === undefined ? undefined : shortened(text, 60);
}

/** A word for it; nothing where the label says it, or it is this file. */
function placeOf(origin: NameOrigin): string | undefined {
  if (origin.kind === 'environment') return origin.environment || basename(origin.source);
  return origin.kind === 'file' && origin.uri !== undefined ? basename(vscode.Uri.parse(origin.uri).path) : undefined;
}

function documentationOf({ topic, definition }: Completion): vscode.MarkdownString | undefined {
  const language = languageFor(vscode.env.language);
  const { explainTopic, originText } = services();
  const sentence = topic && explainTopic(topic.area, topic.id, language);
  const origin = definition && definition.origin.kind !== 'dynamic'
    && originText(definition.origin, { shortPath }, language);
  const text = [sentence, origin].filter((part) => part).join('\n\n');
  return text === '' ? undefined : new vscode.MarkdownString(text);
}

/** More entries of a folder are nobody's list to choose from. */
const mostEntries = 1000;

/** What is in a folder; in a workspace that is not trusted, only in one inside of it, links followed. */
async function listFiles(
  document: vscode.TextDocument, folder: string,
): Promise<{ name: string; isFolder: boolean }[]> {
  const uri = pathUri(document, folder === '' ? '.' : folder);
  if (!uri || !(vscode.workspace.isTrusted || (await isInside(document, uri)))) return [];
  try {
    const entries = await vscode.workspace.fs.readDirectory(uri);
    return entries.slice(0, mostEntries)
      .map(([name, type]) => ({ name, isFolder: (type & vscode.FileType.Directory) !== 0 }))
      .filter(({ name }) => !name.startsWith('.git'))
      .toSorted((a, b) => a.name.localeCompare(b.name));
  } catch {
    return [];
  }
}

async function isInside(document: vscode.TextDocument, uri: vscode.Uri): Promise<boolean> {
  const root = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? dirname(document.uri.fsPath);
  if (uri.scheme !== 'file') return false;
  try {
    const { realpath } = process.getBuiltinModule('node:fs/promises');
    const way = relative(await realpath(root), await realpath(uri.fsPath));
    return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  } catch {
    return false;
  }
}
