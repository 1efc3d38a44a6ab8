import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import { languageFor } from '../../explain/text/language.ts';
import type { HoverContent } from '../../httpFile/editing/hover.ts';
import type { ResponseReference } from '../../httpFile/names/reference.ts';
import { fileOf } from '../documents.ts';
import type { HoverFacts } from './hoverMarkdown.ts';
import { placeIn, rangeIn, withMarkdown } from './inMarkdown.ts';
import { linesOf } from './knownFiles.ts';
import { pathUri } from './links.ts';
import { services } from './loadServices.ts';
import type { Names, SentRequest } from './names.ts';

/** What names, headers, methods and the rest of a request file mean, under the pointer. */
export function registerHover(names: Names): vscode.Disposable {
  return vscode.languages.registerHoverProvider(
    withMarkdown,
    {
      provideHover: async (document, position, token) => {
        if (!placeIn(document, position)) return undefined;
        const view = await names.of(document);
        const place = placeIn(document, position);
        if (token.isCancellationRequested || !place) return undefined;
        const hover = services().hoverAt(fileOf(document), linesOf(document), place, view);
        if (!hover) return undefined;
        const facts: HoverFacts = { shortPath, ...(await lookUp(hover, document, names)) };
        const text = services().hoverMarkdown(hover, facts, languageFor(vscode.env.language));
        // Neither trusted nor with HTML: values come from files and servers.
        return text === undefined
          ? undefined : new vscode.Hover(new vscode.MarkdownString(text), rangeIn(document, hover.range));
      },
    },
  );
}

async function lookUp(
  content: HoverContent, document: vscode.TextDocument, names: Names,
): Promise<Omit<HoverFacts, 'shortPath'>> {
  if (content.kind === 'path') return fileFacts(document, content.path);
  if (content.kind === 'needed') return content.name === undefined ? {} : sentFacts(document, content.name, names);
  if (content.kind !== 'response' || content.request === undefined) return {};
  return responseFacts(document, content.reference, content.request, names);
}

async function fileFacts(document: vscode.TextDocument, path: string): Promise<Omit<HoverFacts, 'shortPath'>> {
  const uri = pathUri(document, path);
  if (!uri || path.includes('{{')) return {};
  const shown = vscode.workspace.asRelativePath(uri);
  try {
    const { type, size } = await vscode.workspace.fs.stat(uri);
    const kind = (type & vscode.FileType.Directory) === 0 ? 'file' : 'folder';
    return { file: { path: shown, kind, size } };
  } catch {
    return { file: { path: shown, kind: 'missing', size: 0 } };
  }
}

async function sentFacts(
  document: vscode.TextDocument, request: string, names: Names,
): Promise<Omit<HoverFacts, 'shortPath'>> {
  const sent = await names.latest(document, request);
  const statusCode = sent?.recorded.response?.statusCode;
  return statusCode === undefined ? {} : { sent: { statusCode, time: timeOf(sent!) } };
}

function timeOf({ startedAt }: SentRequest): string {
  return new Date(startedAt).toLocaleTimeString(vscode.env.language);
}

async function responseFacts(
  document: vscode.TextDocument, reference: ResponseReference, request: string, names: Names,
): Promise<Omit<HoverFacts, 'shortPath'>> {
  const sent = await names.latest(document, request);
  if (!sent) return {};
  const { evaluateReference } = await import('../../run/prepare/prepare.ts');
  const value = await evaluateReference(reference, sent.recorded);
  const { isSecretField, isSecretName } = services();
  const secret = reference.of === 'cookies' || isSecretName(reference.path)
    || (reference.of === 'headers' && isSecretField(reference.path));
  return { response: { value, secret, time: timeOf(sent) } };
}

/** A path or URI as people write it: relative to the workspace where it is inside. */
export function shortPath(place: string): string {
  if (isAbsolute(place)) return vscode.workspace.asRelativePath(place);
  return /^[a-z][a-z0-9+.-]+:\//i.test(place) ? vscode.workspace.asRelativePath(vscode.Uri.parse(place)) : place;
}
