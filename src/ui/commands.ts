import * as vscode from 'vscode';
import { requestAt } from '../httpFile/position.ts';
import type { HttpRequest } from '../httpFile/syntax.ts';
import type { InspectorAction } from '../protocol.ts';
import type { EngineClient } from '../run/engineClient.ts';
import type { History } from '../run/history/history.ts';
import { assertNever } from '../trace/assertNever.ts';
import { openCertificates, openContent, openWire } from './contentFileSystem.ts';
import type { ReadContent } from './contents.ts';
import { commands } from './contributions.ts';
import { showCookies } from './cookies.ts';
import { copyAsCurl } from './copyCurl.ts';
import { fileOf, holdsRequests } from './documents.ts';
import { exportHar } from './exportHar.ts';
import { exportPcapng } from './exportPcapng.ts';
import type { Inspector } from './inspector.ts';
import type { Lab } from './lab.ts';
import { saveBody } from './saveBody.ts';
import { originOf } from './sending/origin.ts';
import type { Sender } from './sending/sender.ts';

export interface CommandOptions {
  readonly sender: Sender;
  readonly engine: EngineClient;
  readonly history: History;
  readonly lab: Lab;
  readonly inspector: Inspector;
  readonly readContent: ReadContent;
  /** A folder for what is written down for other programs. */
  readonly storage: vscode.Uri;
}

/** Commands on requests; what they need is made when the first of them runs. */
export function registerCommands(options: CommandOptions): vscode.Disposable {
  const { sender, engine, history, inspector, readContent } = options;
  const table: Record<string, (...values: unknown[]) => unknown> = {
    [commands.sendRequest]: (target) =>
      withRequest(target, ({ document, request }) => sender.send(document, request)),
    [commands.sendNewConnection]: (target) =>
      withRequest(target, ({ document, request }) => sender.send(document, request, { newConnection: true })),
    [commands.sendAll]: () => {
      const document = activeDocument();
      return document ? sender.sendAll(document) : reportNoRequest();
    },
    [commands.cancel]: (specId) => sender.cancel(typeof specId === 'string' ? specId : undefined),
    [commands.openInspector]: (exchangeId) =>
      inspector.showExchange(typeof exchangeId === 'string' ? exchangeId : undefined),
    [commands.copyAsCurl]: (target) =>
      withRequest(target, async ({ document, request }) => {
        const spec = await sender.specOf(document, request);
        const send = history.latest(originOf(document, request));
        const exchanges = send ? history.exchangesOf(send.specId) : [];
        const { addresses } = options.lab;
        if (spec) await copyAsCurl(spec, { exchanges, lab: addresses }, options.storage);
      }),
    [commands.saveBody]: () => {
      const exchange = history.exchange(inspector.shown ?? '');
      const hasContent = exchange?.endAt !== undefined && (exchange.response?.contentSize ?? 0) > 0;
      return hasContent ? saveBody(exchange, options) : void vscode.window.showInformationMessage(
        vscode.l10n.t('The inspector shows no response with a body. Send a request first.'));
    },
    [commands.exportHar]: () => exportHar(history, readContent, inspector.shown),
    [commands.exportPcapng]: () => exportPcapng(history, engine, inspector.shown),
    [commands.clearHistory]: () => clearHistory(history),
    [commands.showCookies]: () => showCookies(engine),
    [commands.clearCookies]: () => {
      engine.clearCookies();
      vscode.window.setStatusBarMessage(vscode.l10n.t('Cookies cleared'), 5_000);
    },
  };
  return vscode.Disposable.from(
    ...Object.entries(table).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}

/** What a button of the inspector does. */
export async function runAction(
  action: InspectorAction,
  exchangeId: string,
  options: CommandOptions,
): Promise<void> {
  const exchange = options.history.exchange(exchangeId);
  if (!exchange) return;
  switch (action) {
    case 'resend':
      return options.sender.resend(exchangeId);
    case 'resend-new':
      return options.sender.resend(exchangeId, { newConnection: true });
    case 'cancel':
      return options.sender.cancel(options.history.sendOf(exchangeId)?.specId);
    case 'save-body':
      return saveBody(exchange, options);
    case 'receive-all':
      return options.engine.release(exchangeId, true);
    case 'receive-no-more':
      return options.engine.release(exchangeId, false);
    case 'copy-curl':
      return copyAsCurl(
        exchange.spec, { exchanges: [exchange], lab: options.lab.addresses }, options.storage);
    case 'export-har':
      return exportHar(options.history, options.readContent, exchangeId);
    case 'export-pcapng':
      return exportPcapng(options.history, options.engine, exchangeId);
    case 'open-content':
      return openContent(exchange, options.readContent);
    case 'show-certificate':
      return openCertificates(exchange);
    case 'open-raw':
      return openWire(exchange);
    case 'look-up-peer':
      return options.engine.lookUpPeer(exchange);
    case 'show-source':
      return showSource(exchange.spec.source);
    case 'start-lab':
      return void (await options.lab.start());
    default:
      assertNever(action);
  }
}

/** A request as named by a CodeLens, or the one at the cursor. */
async function withRequest(
  target: unknown,
  run: (found: { document: vscode.TextDocument; request: HttpRequest }) => Promise<void>,
): Promise<void> {
  const place = placeOf(target);
  const document = place ? await vscode.workspace.openTextDocument(place.uri) : activeDocument();
  const line = place
    ? place.line - 1
    : (vscode.window.activeTextEditor?.selection.active.line ?? 0);
  const request = document && requestAt(fileOf(document), line);
  if (!document || !request) return reportNoRequest();
  await run({ document, request });
}

/**
 * `{ uri, line }` from a CodeLens, `line` counting from 1. A menu gives a URI, which is the active
 * editor's.
 */
function placeOf(target: unknown): { uri: vscode.Uri; line: number } | undefined {
  if (typeof target !== 'object' || target === null || !('uri' in target) || !('line' in target))
    return undefined;
  const { uri, line } = target;
  return typeof uri === 'string' && typeof line === 'number'
    ? { uri: vscode.Uri.parse(uri), line }
    : undefined;
}

function activeDocument(): vscode.TextDocument | undefined {
  const document =
    vscode.window.activeTextEditor?.document ??
    vscode.window.visibleTextEditors.find((editor) => holdsRequests(editor.document))?.document;
  return document && holdsRequests(document) ? document : undefined;
}

function reportNoRequest(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'There is no request here. Open a .http file and write one, such as GET https://example.com.',
    ),
  );
}

async function showSource(source: { uri: string; line: number } | undefined): Promise<void> {
  if (!source) return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(source.uri));
  const start = new vscode.Position(Math.min(source.line, document.lineCount) - 1, 0);
  const open = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  await vscode.window.showTextDocument(document, {
    viewColumn: open?.viewColumn ?? vscode.ViewColumn.One,
    selection: new vscode.Range(start, start),
  });
}

async function clearHistory(history: History): Promise<void> {
  const clear = vscode.l10n.t('Clear History');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Delete every recorded exchange and its content?'),
    { modal: true },
    clear,
  );
  if (chosen === clear) await history.clear();
}
