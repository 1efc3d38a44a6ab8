import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { HttpFile, HttpRequest, Problem } from '../../httpFile/syntax.ts';
import type { Tokens } from '../../run/authentication/oauth/tokens.ts';
import type { History } from '../../run/history/history.ts';
import type { Imports } from '../../run/imports.ts';
import type { Prepared } from '../../run/prepare/prepare.ts';
import type { RequestSpec } from '../../trace/request.ts';
import type { ReadContent } from '../contents.ts';
import { fileOf } from '../documents.ts';
import type { EnvironmentChoice } from '../environments/environments.ts';
import type { Lab } from '../lab.ts';
import type { Prompts } from './prompts.ts';
import type { SendForToken, SigningIn } from './signIn.ts';
import {
  clientCertificates, dialectOptions, foreignHeaders, proxySources, sendOptions, setting,
} from '../settings.ts';

/** A request in its document. */
export interface DocumentRequest {
  readonly document: vscode.TextDocument;
  readonly request: HttpRequest;
}

/** From requests as written to what is to be sent. */
export interface Preparing {
  /** `toSend`: it is to be sent at once, so `# @note` asks. */
  prepare(
    document: vscode.TextDocument, request: HttpRequest,
    how: { readonly anyway?: boolean; readonly toSend?: boolean; readonly sendForToken?: SendForToken },
  ): Promise<Prepared>;
  /** Sends what the request's `# @ref` lines name, as far as needed; gives what keeps it back. */
  sendNeeded(
    document: vscode.TextDocument, request: HttpRequest,
    send: (needed: DocumentRequest) => Promise<boolean>,
  ): Promise<Problem | undefined>;
  /** The request of that name, here or in an imported file. */
  requestNamed(document: vscode.TextDocument, name: string): Promise<DocumentRequest | undefined>;
}

export interface PreparingOptions {
  readonly history: History;
  readonly lab: Lab;
  readonly environments: EnvironmentChoice;
  readonly prompts: Prompts;
  readonly signingIn: SigningIn;
  readonly readContent: ReadContent;
  readonly onProblems: (
    document: vscode.TextDocument, request: HttpRequest, problems: readonly Problem[],
  ) => void;
}

/** What prepares a request is a bundle of its own, read with the first send. */
async function load(): Promise<typeof import('../../run/prepare/prepare.ts')> {
  return import('../../run/prepare/prepare.ts');
}

/** Nothing is loaded until the first request is prepared. */
export function createPreparing(options: PreparingOptions): Preparing {
  const { history, lab, environments, prompts, readContent, signingIn } = options;
  let tokens: Tokens | undefined;

  return {
    prepare: async (document, request, { anyway, toSend, sendForToken }) => {
      const { prepare, usesLab, historyResponses, createTokens, readAuthorities } = await load();
      const known = tokens ??= createTokens();
      const file = fileOf(document);
      const uri = document.uri.toString();
      const imports = await importsOf(file, uri, document);
      const environment = await environments.activeEnvironment(document);
      const names = { file, imported: imports.files, ...(environment ? { environment } : {}) };
      // The lab's name may be written as it is: while the lab runs, every request can reach it.
      const addresses = usesLab(request, names)
        ? await lab.addressesForSend(document.uri) : lab.addresses;
      const authorities = await readAuthorities(
        setting('tls.certificateAuthorities', document.uri),
        vscode.workspace.isTrusted ? folderOf(document) : undefined);
      const sending = { ...sendOptions(document.uri), trustAnchors: authorities.anchors };
      const result = await prepare(request, {
        ...names,
        uri,
        importProblems: imports.problems,
        responses: historyResponses(history, readContent, [uri, ...imports.files.map((one) => one.uri)]),
        ask: prompts.ask(uri),
        ...(toSend ? { confirm: prompts.confirm } : {}),
        tokens: async (configuration) => sendForToken
          ? known.tokens(configuration, signingIn.begin(sending, sendForToken))
          : known.known(configuration),
        ...(anyway ? { sendAnyway: true } : {}),
        directory: directoryOf(document),
        root: folderOf(document),
        ...(addresses ? { lab: addresses } : {}),
        options: sending,
        unreadAuthorities: authorities.unread,
        certificates: [
          ...clientCertificates(document.uri, folderOf(document)), ...await environments.certificates(document),
        ],
        proxies: proxySources(document.uri),
        dialect: dialectOptions(document.uri),
        ...foreignHeaders(document.uri),
        trusted: vscode.workspace.isTrusted,
        newId: () => crypto.randomUUID(),
      });
      options.onProblems(document, request, result.problems);
      return result.ok
        ? { ...result, spec: withPlainBytes(result.spec) } : result;
    },
    sendNeeded: async (document, request, send) => {
      if (!request.metadata.some(({ key }) => key === 'ref' || key === 'force-ref')) return undefined;
      const { latestSend, nameOf, sendNeeded } = await load();
      const start = { request, file: fileOf(document), uri: document.uri.toString() };
      return sendNeeded(start, {
        importsOf: async (file, uri) => (await importsOf(file, uri, document)).files,
        hasResponse: async ({ request: needed, uri }) => {
          const last = latestSend(history, nameOf(needed) ?? '', [uri]);
          const outcome = last && history.exchangesOf(last.specId).at(-1);
          return (outcome?.response?.statusCode ?? 0) > 0;
        },
        send: async (needed) => {
          const opened = await openRequest(needed.uri, needed.file.requests.indexOf(needed.request));
          return opened !== undefined && send(opened);
        },
      });
    },
    requestNamed: async (document, name) => {
      const { requestNamed } = await load();
      const file = fileOf(document);
      const uri = document.uri.toString();
      const imports = await importsOf(file, uri, document);
      const found = requestNamed(name, file, uri, imports.files);
      return found && openRequest(found.uri, found.file.requests.indexOf(found.request));
    },
  };
}

/** What a file imports; in a workspace that is not trusted only from inside its folder. */
async function importsOf(file: HttpFile, uri: string, document: vscode.TextDocument): Promise<Imports> {
  const { loadImports } = await load();
  return loadImports(file, uri, {
    read: async (target) => {
      const imported = await open(target);
      return imported && fileOf(imported);
    },
    uriOf: (path) => vscode.Uri.file(path).toString(),
    ...(vscode.workspace.isTrusted ? {} : { inside: folderOf(document) }),
  });
}

function folderOf(document: vscode.TextDocument): string {
  return vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? directoryOf(document);
}

async function open(uri: string): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  } catch {
    return undefined;
  }
}

async function openRequest(uri: string, index: number): Promise<DocumentRequest | undefined> {
  const document = await open(uri);
  const request = document && fileOf(document).requests[index];
  return document && request && { document, request };
}

/**
 * Relative body files are looked for beside the file, or in the workspace for one that was never
 * saved.
 */
function directoryOf(document: vscode.TextDocument): string {
  if (document.uri.scheme === 'file') return dirname(document.uri.fsPath);
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
}

/**
 * A Buffer reaches the inspector and the history as JSON of its own making; a plain array does not.
 */
function withPlainBytes(spec: RequestSpec): RequestSpec {
  const body = spec.body?.map((part) =>
    part.kind === 'bytes' ? { ...part, bytes: new Uint8Array(part.bytes) } : part);
  return body ? { ...spec, body } : spec;
}
