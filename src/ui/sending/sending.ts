import * as vscode from 'vscode';
import type { HttpRequest, Problem } from '../../httpFile/syntax.ts';
import type { ServerResponse } from '../../run/authentication/oauth/tokenResponse.ts';
import type { EngineClient } from '../../run/engineClient.ts';
import type { History, Origin } from '../../run/history/history.ts';
import type { RequestSpec } from '../../trace/request.ts';
import { keepContents } from '../contents.ts';
import type { ReadContent } from '../contents.ts';
import { findRequest, originOf } from './origin.ts';
import type { DocumentRequest, Preparing } from './preparing.ts';
import type { Unsent } from './unsent.ts';
import { createWaysOut } from './waysOut.ts';
import type { WayOut } from './waysOut.ts';

/** How to send once. */
export interface How {
  /** Names without a value stay as they are written. */
  readonly anyway?: boolean;
  /** Also where a connection is kept. */
  readonly newConnection?: boolean;
}

/** Where sends are told of. */
export interface SendingOptions {
  readonly engine: EngineClient;
  readonly history: History;
  readonly unsent: Unsent;
  /** A send has begun: show it. `before` are the sends of the same run that are over. */
  readonly onBegin: (specId: string, before: readonly string[]) => void;
  readonly onProblems: (
    document: vscode.TextDocument, request: HttpRequest, problems: readonly Problem[],
  ) => void;
  readonly onCannotSend: (
    document: vscode.TextDocument, problem: Problem, waysOut: readonly WayOut[], others?: readonly Problem[],
  ) => unknown;
}

/** A request in its document, and the ids of the sends of the same run so far. */
export interface Task extends DocumentRequest {
  readonly run: string[];
  readonly how: How;
}

/** Sends requests one at a time: each is prepared, what it needs is sent before it, and what keeps it back is told. */
export class Sending {
  /** How often everything was cancelled: whoever sends several compares it with what it was before. */
  cancellations = 0;
  private readonly options: SendingOptions & { readonly readContent: ReadContent };
  private readonly preparing: Preparing;
  private readonly waysOut: ReturnType<typeof createWaysOut>;

  constructor(options: SendingOptions & { readonly readContent: ReadContent }, preparing: Preparing) {
    this.options = options;
    this.preparing = preparing;
    this.waysOut = createWaysOut({
      find: findRequest,
      requestNamed: preparing.requestNamed,
      send: async (found, how, run) => this.hasResponse(await this.send({ ...found, how, run })),
    });
  }

  /** A request, and first what its `# @ref` lines name (C24). Gives the id of the send, if there was one. */
  async send(task: Task): Promise<string | undefined> {
    const before = this.cancellations;
    let isTold = false;
    const fault = await this.preparing.sendNeeded(task.document, task.request, async (needed) => {
      const specId = await this.sendAlone({ ...needed, run: task.run, how: {} });
      isTold ||= specId === undefined;
      return this.hasResponse(specId);
    });
    if (this.cancellations !== before) return undefined;
    if (!fault) return this.sendAlone(task);
    if (isTold) return undefined;
    this.options.onProblems(task.document, task.request, [fault]);
    this.tellCannotSend(task, [fault]);
    return undefined;
  }

  /** What is ready to be sent. */
  async sendSpec(
    spec: RequestSpec, how: { origin?: Origin; unlogged?: boolean }, before: readonly string[] = [],
  ): Promise<void> {
    const { engine, history, onBegin } = this.options;
    history.begin(spec, how.origin, how);
    onBegin(spec.id, before);
    const exchangeIds = await engine.send(spec);
    history.finish(spec.id);
    keepContents(exchangeIds, engine, history);
  }

  private async sendAlone(task: Task): Promise<string | undefined> {
    const { document, request, run, how } = task;
    const origin = originOf(document, request);
    this.options.unsent.clear(origin);
    const result = await this.preparing.prepare(document, request, {
      ...how, toSend: true, sendForToken: (spec) => this.sendForToken(spec, run),
    });
    if (!result.ok) {
      if (result.cancelled) tellNotSent();
      // Whoever leaves a question unanswered ends what is being sent, as with Cancel.
      if (result.cancelled === 'question') this.cancellations += 1;
      this.tellCannotSend(task, result.problems);
      return undefined;
    }
    const before = [...run];
    run.push(result.spec.id);
    const unlogged = request.metadata.some(({ key }) => key === 'no-log');
    await this.sendSpec(how.newConnection ? overNewConnection(result.spec) : result.spec, { origin, unlogged }, before);
    return result.spec.id;
  }

  /** A request for a token is a send of its own, before the request that needs it; nothing of it goes to the disk. */
  private async sendForToken(spec: RequestSpec, run: string[]): Promise<ServerResponse | undefined> {
    const { serverResponse } = await import('../../run/prepare/prepare.ts');
    const before = [...run];
    run.push(spec.id);
    await this.sendSpec(spec, { unlogged: true }, before);
    return serverResponse(this.options.history.exchangesOf(spec.id).at(-1), this.options.readContent);
  }

  private tellCannotSend({ document, request }: Task, problems: readonly Problem[]): void {
    const problem = problems.find(({ severity }) => severity === 'error') ?? problems[0];
    if (!problem) return;
    const origin = originOf(document, request);
    this.options.unsent.set(origin, problem);
    this.options.onCannotSend(document, problem, this.waysOut.of(origin, problems), otherErrors(problem, problems));
  }

  private hasResponse(specId: string | undefined): boolean {
    const outcome = specId === undefined ? undefined : this.options.history.exchangesOf(specId).at(-1);
    return (outcome?.response?.statusCode ?? 0) > 0;
  }
}

/** What else keeps a request back: once for all that one response, or one definition, would put right. */
function otherErrors(first: Problem, problems: readonly Problem[]): Problem[] {
  const keyOf = ({ code, places }: Problem): string => `${code} ${places.request ?? places.name ?? ''}`;
  const others = new Map(problems.filter(({ severity }) => severity === 'error').map((one) => [keyOf(one), one]));
  others.delete(keyOf(first));
  return [...others.values()];
}

/** The user knows why. */
function tellNotSent(): void {
  vscode.window.setStatusBarMessage(vscode.l10n.t('Nothing was sent'), 5_000);
}

/** The same request, for which a connection is opened whatever there is. */
export function overNewConnection(spec: RequestSpec): RequestSpec {
  return { ...spec, options: { ...spec.options, forceNewConnection: true } };
}
