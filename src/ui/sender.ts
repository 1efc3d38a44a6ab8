import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { HttpRequest, Problem } from '../httpFile/syntax.ts';
import type { EngineClient } from '../run/engineClient.ts';
import type { History, Origin } from '../run/history.ts';
import type { RequestSpec } from '../trace/request.ts';
import { fileOf } from './documents.ts';
import type { EnvironmentChoice } from './environments.ts';
import type { Lab } from './lab.ts';
import { requestKeys } from './requestKeys.ts';
import { dialectOptions, proxyFor, sendOptions } from './settings.ts';
import { keepContents } from './contents.ts';
import type { Unsent } from './unsent.ts';

/** Sends requests of documents. Nothing here rejects for what happens on the network. */
export interface Sender {
  /**
   * Resolves when the send is over; at once when it cannot be sent, which is then said with its
   * place.
   */
  send(document: vscode.TextDocument, request: HttpRequest): Promise<void>;
  /** One after another, in the order written, until cancelled. */
  sendAll(document: vscode.TextDocument): Promise<void>;
  resend(exchangeId: string): Promise<void>;
  /** Without an id: everything under way. */
  cancel(specId?: string): void;
  /**
   * What a request asks for now; undefined when it cannot be sent, which is then said with its
   * place.
   */
  specOf(document: vscode.TextDocument, request: HttpRequest): Promise<RequestSpec | undefined>;
}

export interface SenderOptions {
  readonly engine: EngineClient;
  readonly history: History;
  readonly lab: Lab;
  readonly unsent: Unsent;
  readonly environments: EnvironmentChoice;
  /** A send has begun: show it. `before` are the sends of the same run that are over. */
  readonly onBegin: (specId: string, before: readonly string[]) => void;
  readonly onProblems: (
    document: vscode.TextDocument,
    request: HttpRequest,
    problems: readonly Problem[],
  ) => void;
  readonly onCannotSend: (document: vscode.TextDocument, problem: Problem) => unknown;
}

export function createSender(options: SenderOptions): Sender {
  const { engine, history, lab, unsent, environments } = options;
  let allCancelled = 0;

  /** What is to be sent, or what keeps it back. */
  const prepared = async (
    document: vscode.TextDocument, request: HttpRequest,
  ): Promise<{ spec: RequestSpec } | { problem: Problem | undefined }> => {
    const { prepare, usesLab } = await import('../run/prepare.ts');
    const file = fileOf(document);
    // The lab's name may be written as it is: while the lab runs, every request can reach it.
    const addresses = usesLab(request, file)
      ? await lab.addressesForSend(document.uri) : lab.addresses;
    const environment = await environments.activeEnvironment(document);
    const result = await prepare(request, {
      file,
      ...(environment ? { environment } : {}),
      uri: document.uri.toString(),
      directory: directoryOf(document),
      ...(addresses ? { lab: addresses } : {}),
      options: sendOptions(document.uri),
      dialect: dialectOptions(document.uri),
      trusted: vscode.workspace.isTrusted,
      newId: () => crypto.randomUUID(),
    });
    options.onProblems(document, request, result.problems);
    if (result.ok) return { spec: throughProxy(withPlainBytes(result.spec), document.uri) };
    const error = result.problems.find(({ severity }) => severity === 'error');
    return { problem: error ?? result.problems[0] };
  };

  const specOf = async (
    document: vscode.TextDocument, request: HttpRequest, origin?: Origin,
  ): Promise<RequestSpec | undefined> => {
    const result = await prepared(document, request);
    if ('spec' in result) return result.spec;
    if (!result.problem) return undefined;
    if (origin) unsent.set(origin, result.problem);
    options.onCannotSend(document, result.problem);
    return undefined;
  };

  const sendSpec = async (
    spec: RequestSpec, origin?: Origin, before: readonly string[] = [],
  ): Promise<void> => {
    history.begin(spec, origin);
    options.onBegin(spec.id, before);
    const exchangeIds = await engine.send(spec);
    history.finish(spec.id);
    keepContents(exchangeIds, engine, history);
  };

  /** Gives the id of the send, if there was one. */
  const sendRequest = async (
    document: vscode.TextDocument, request: HttpRequest, before: readonly string[] = [],
  ): Promise<string | undefined> => {
    const origin = originOf(document, request);
    unsent.clear(origin);
    const spec = await specOf(document, request, origin);
    if (spec) await sendSpec(spec, origin, before);
    return spec?.id;
  };

  const send: Sender['send'] = async (document, request) => {
    await sendRequest(document, request);
  };

  return {
    send,
    specOf: (document, request) => specOf(document, request),
    sendAll: async (document) => {
      const cancelledBefore = allCancelled;
      const run: string[] = [];
      for (const request of fileOf(document).requests) {
        const specId = await sendRequest(document, request, [...run]);
        if (specId !== undefined) run.push(specId);
        if (allCancelled !== cancelledBefore) return;
      }
    },
    resend: async (exchangeId) => {
      const previous = history.sendOf(exchangeId);
      const found = previous?.origin && (await findRequest(previous.origin));
      if (found) return send(found.document, found.request);
      if (previous?.spec)
        return sendSpec({ ...previous.spec, id: crypto.randomUUID() }, previous.origin);
      await vscode.window.showErrorMessage(
        vscode.l10n.t(
          'This request cannot be sent again: it is no longer in its file, and its credentials were not kept. Open the file and send it from there.',
        ),
      );
    },
    cancel: (specId) => {
      allCancelled += 1;
      const running = history
        .sends()
        .filter((one) => one.running && (specId === undefined || one.specId === specId));
      for (const one of running) engine.cancel(one.specId);
    },
  };
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

function throughProxy(spec: RequestSpec, scope: vscode.Uri): RequestSpec {
  if (spec.options.proxy !== undefined) return spec;
  const { proxy, verify } = proxyFor(spec.url, scope);
  if (proxy === undefined) return spec;
  return {
    ...spec,
    options: { ...spec.options, proxy, ...(verify === undefined ? {} : { verify }) },
  };
}

/** Where a send of a request comes from; the request must be one of the document as it is now. */
export function originOf(document: vscode.TextDocument, request: HttpRequest): Origin {
  const file = fileOf(document);
  return {
    uri: document.uri.toString(),
    key: requestKeys(file)[file.requests.indexOf(request)] ?? '',
  };
}

/** The same request as it is written now. */
async function findRequest(
  origin: Origin,
): Promise<{ document: vscode.TextDocument; request: HttpRequest } | undefined> {
  try {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(origin.uri));
    const file = fileOf(document);
    const request = file.requests[requestKeys(file).indexOf(origin.key)];
    return request && { document, request };
  } catch {
    return undefined;
  }
}
