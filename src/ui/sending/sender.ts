import * as vscode from 'vscode';
import { isDisabled } from '../../httpFile/disabled.ts';
import type { HttpRequest } from '../../httpFile/syntax.ts';
import { unreadProblems } from '../../httpFile/unread.ts';
import type { RequestSpec } from '../../trace/request.ts';
import { createExactReader } from '../contents.ts';
import { fileOf } from '../documents.ts';
import type { EnvironmentChoice } from '../environments/environments.ts';
import type { Lab } from '../lab.ts';
import { findRequest } from './origin.ts';
import { createPreparing } from './preparing.ts';
import type { Prompts } from './prompts.ts';
import { createSigningIn } from './signIn.ts';
import { overNewConnection, Sending } from './sending.ts';
import type { How, SendingOptions } from './sending.ts';

/** Sends requests of documents. Nothing here rejects for what happens on the network. */
export interface Sender {
  /**
   * Resolves when the send is over; at once when it cannot be sent, which is then said with its
   * place. What its `# @ref` lines name is sent before.
   */
  send(document: vscode.TextDocument, request: HttpRequest, how?: How): Promise<void>;
  /** One after another, in the order written, until cancelled. */
  sendAll(document: vscode.TextDocument): Promise<void>;
  resend(exchangeId: string, how?: Pick<How, 'newConnection'>): Promise<void>;
  /** Without an id: everything under way. */
  cancel(specId?: string): void;
  /**
   * What a request asks for now; undefined when it cannot be sent, which is then said with its
   * place.
   */
  specOf(document: vscode.TextDocument, request: HttpRequest): Promise<RequestSpec | undefined>;
}

export interface SenderOptions extends SendingOptions {
  readonly lab: Lab;
  readonly environments: EnvironmentChoice;
  readonly prompts: Prompts;
}

/** A sender that knows no send yet; all its sends go to the one engine. */
export function createSender(options: SenderOptions): Sender {
  const { engine, history } = options;
  const signingIn = createSigningIn();
  const readContent = createExactReader(engine, history);
  const preparing = createPreparing({ ...options, signingIn, readContent });
  const sending = new Sending({ ...options, readContent }, preparing);

  const send = async (
    document: vscode.TextDocument, request: HttpRequest, how: How = {},
  ): Promise<void> => {
    await sending.send({ document, request, run: [], how });
  };

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
      const before = sending.cancellations;
      const run: string[] = [];
      const file = fileOf(document);
      const [unread] = unreadProblems(file);
      if (unread) options.onCannotSend(document, unread, []);
      const chosen = file.requests.filter((request) => !isDisabled(request));
      if (chosen.length < file.requests.length) tellLeftOut(file.requests.length - chosen.length);
      for (const request of chosen) {
        await sending.send({ document, request, run, how: {} });
        if (sending.cancellations !== before) return;
      }
    },
    resend: async (exchangeId, how = {}) => {
      const previous = history.sendOf(exchangeId);
      const found = previous?.origin && (await findRequest(previous.origin));
      if (found) return send(found.document, found.request, how);
      if (previous?.spec) {
        const spec = { ...previous.spec, id: crypto.randomUUID() };
        return sending.sendSpec(how.newConnection ? overNewConnection(spec) : spec, previous);
      }
      await tellCannotResend();
    },
    cancel: (specId) => {
      sending.cancellations += 1;
      signingIn.cancel();
      const running = history.sends()
        .filter((one) => one.running && (specId === undefined || one.specId === specId));
      for (const one of running) engine.cancel(one.specId);
    },
  };
}

function tellLeftOut(count: number): void {
  const text = vscode.l10n.t('Left out: disabled ({0})', count);
  vscode.window.setStatusBarMessage(`$(circle-slash) ${text}`, 5000);
}

async function tellCannotResend(): Promise<void> {
  await vscode.window.showErrorMessage(
    vscode.l10n.t(
      'This request cannot be sent again: it is no longer in its file, and its credentials were not kept. Open the file and send it from there.',
    ),
  );
}
