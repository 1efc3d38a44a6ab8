import * as vscode from 'vscode';
import type { HttpRequest, Problem } from '../httpFile/syntax.ts';
import type { ServerResponse } from '../run/authentication/oauth/tokenResponse.ts';
import type { EngineClient } from '../run/engineClient.ts';
import type { History, Origin } from '../run/history.ts';
import type { RequestSpec } from '../trace/request.ts';
import { createExactReader, keepContents } from './contents.ts';
import { fileOf } from './documents.ts';
import type { EnvironmentChoice } from './environments.ts';
import type { Lab } from './lab.ts';
import { createPreparing } from './preparing.ts';
import type { Prompts } from './prompts.ts';
import { keyOf, requestOfKey } from './requestKeys.ts';
import { createSigningIn } from './signIn.ts';
import type { Unsent } from './unsent.ts';
import { createWaysOut } from './waysOut.ts';
import type { WayOut } from './waysOut.ts';

/** Sends requests of documents. Nothing here rejects for what happens on the network. */
export interface Sender {
  /**
   * Resolves when the send is over; at once when it cannot be sent, which is then said with its
   * place. What its `# @ref` lines name is sent before.
   */
  send(document: vscode.TextDocument, request: HttpRequest, how?: How): Promise<void>;
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

/** How to send once. */
export interface How {
  /** Names without a value stay as they are written. */
  readonly anyway?: boolean;
}

export interface SenderOptions {
  readonly engine: EngineClient;
  readonly history: History;
  readonly lab: Lab;
  readonly unsent: Unsent;
  readonly environments: EnvironmentChoice;
  readonly prompts: Prompts;
  /** A send has begun: show it. `before` are the sends of the same run that are over. */
  readonly onBegin: (specId: string, before: readonly string[]) => void;
  readonly onProblems: (
    document: vscode.TextDocument,
    request: HttpRequest,
    problems: readonly Problem[],
  ) => void;
  readonly onCannotSend: (
    document: vscode.TextDocument, problem: Problem, waysOut: readonly WayOut[],
  ) => unknown;
}

/** A request in its document, and the ids of the sends of the same run so far. */
interface Task {
  readonly document: vscode.TextDocument;
  readonly request: HttpRequest;
  readonly run: string[];
  readonly how: How;
}

export function createSender(options: SenderOptions): Sender {
  const { engine, history, unsent } = options;
  const signingIn = createSigningIn();
  const readContent = createExactReader(engine, history);
  const preparing = createPreparing({ ...options, signingIn, readContent });
  let allCancelled = 0;

  const tellCannotSend = ({ document, request }: Task, problems: readonly Problem[]): void => {
    const problem = problems.find(({ severity }) => severity === 'error') ?? problems[0];
    if (!problem) return;
    const origin = originOf(document, request);
    unsent.set(origin, problem);
    options.onCannotSend(document, problem, waysOut.of(origin, problems));
  };

  const sendSpec = async (
    spec: RequestSpec, how: { origin?: Origin; unlogged?: boolean }, before: readonly string[] = [],
  ): Promise<void> => {
    history.begin(spec, how.origin, how);
    options.onBegin(spec.id, before);
    const exchangeIds = await engine.send(spec);
    history.finish(spec.id);
    keepContents(exchangeIds, engine, history);
  };

  /** A request for a token is a send of its own, before the request that needs it; nothing of it goes to the disk. */
  const sendForToken = (run: string[]) => async (spec: RequestSpec): Promise<ServerResponse | undefined> => {
    const { serverResponse } = await import('../run/prepare.ts');
    const before = [...run];
    run.push(spec.id);
    await sendSpec(spec, { unlogged: true }, before);
    return serverResponse(history.exchangesOf(spec.id).at(-1), readContent);
  };

  /** One request by itself. Gives the id of the send, if there was one. */
  const sendAlone = async (task: Task): Promise<string | undefined> => {
    const { document, request, run, how } = task;
    const origin = originOf(document, request);
    unsent.clear(origin);
    const result = await preparing.prepare(document, request, {
      ...how, toSend: true, sendForToken: sendForToken(run),
    });
    if (!result.ok) {
      if (result.cancelled) tellNotSent();
      // Whoever leaves a question unanswered ends what is being sent, as with Cancel.
      if (result.cancelled === 'question') allCancelled += 1;
      tellCannotSend(task, result.problems);
      return undefined;
    }
    const before = [...run];
    run.push(result.spec.id);
    const unlogged = request.metadata.some(({ key }) => key === 'no-log');
    await sendSpec(result.spec, { origin, unlogged }, before);
    return result.spec.id;
  };

  /** A request, and first what its `# @ref` lines name (C24). */
  const sendRequest = async (task: Task): Promise<string | undefined> => {
    const cancelledBefore = allCancelled;
    let isTold = false;
    const fault = await preparing.sendNeeded(task.document, task.request, async (needed) => {
      const specId = await sendAlone({ ...needed, run: task.run, how: {} });
      isTold ||= specId === undefined;
      return hasResponse(history, specId);
    });
    if (allCancelled !== cancelledBefore) return undefined;
    if (!fault) return sendAlone(task);
    if (isTold) return undefined;
    options.onProblems(task.document, task.request, [fault]);
    tellCannotSend(task, [fault]);
    return undefined;
  };

  const send = async (
    document: vscode.TextDocument, request: HttpRequest, how: How = {},
  ): Promise<void> => {
    await sendRequest({ document, request, run: [], how });
  };

  const waysOut = createWaysOut({
    find: findRequest,
    requestNamed: preparing.requestNamed,
    send: async (found, how, run) => hasResponse(history, await sendRequest({ ...found, how, run })),
  });

  return {
    send,
    specOf: async (document, request) => {
      const result = await preparing.prepare(document, request, {});
      if (result.ok) return result.spec;
      const error = result.problems.find(({ severity }) => severity === 'error');
      if (error) options.onCannotSend(document, error, []);
      return undefined;
    },
    sendAll: async (document) => {
      const cancelledBefore = allCancelled;
      const run: string[] = [];
      for (const request of fileOf(document).requests) {
        await sendRequest({ document, request, run, how: {} });
        if (allCancelled !== cancelledBefore) return;
      }
    },
    resend: async (exchangeId) => {
      const previous = history.sendOf(exchangeId);
      const found = previous?.origin && (await findRequest(previous.origin));
      if (found) return send(found.document, found.request);
      if (previous?.spec)
        return sendSpec({ ...previous.spec, id: crypto.randomUUID() }, previous);
      await vscode.window.showErrorMessage(
        vscode.l10n.t(
          'This request cannot be sent again: it is no longer in its file, and its credentials were not kept. Open the file and send it from there.',
        ),
      );
    },
    cancel: (specId) => {
      allCancelled += 1;
      signingIn.cancel();
      const running = history
        .sends()
        .filter((one) => one.running && (specId === undefined || one.specId === specId));
      for (const one of running) engine.cancel(one.specId);
    },
  };
}

function hasResponse(history: History, specId: string | undefined): boolean {
  const outcome = specId === undefined ? undefined : history.exchangesOf(specId).at(-1);
  return (outcome?.response?.statusCode ?? 0) > 0;
}

/** The user knows why. */
function tellNotSent(): void {
  vscode.window.setStatusBarMessage(vscode.l10n.t('Nothing was sent'), 5_000);
}

/** Where a send of a request comes from; the request must be one of the document as it is now. */
export function originOf(document: vscode.TextDocument, request: HttpRequest): Origin {
  return { uri: document.uri.toString(), key: keyOf(fileOf(document), request) };
}

/** The same request as it is written now. */
async function findRequest(
  origin: Origin,
): Promise<{ document: vscode.TextDocument; request: HttpRequest } | undefined> {
  try {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(origin.uri));
    const request = requestOfKey(fileOf(document), origin.key);
    return request && { document, request };
  } catch {
    return undefined;
  }
}
