import * as vscode from 'vscode';
import { formatDuration } from '../explain/format.ts';
import { languageFor } from '../explain/text/language.ts';
import { mapped } from '../httpFile/editing/mapped.ts';
import type { HttpFile, HttpRequest, Problem } from '../httpFile/syntax.ts';
import type { History, Origin } from '../run/history/history.ts';
import type { Exchange } from '../trace/exchange.ts';
import { wasUnverified } from '../trace/verification.ts';
import { commands, languageId } from './contributions.ts';
import { problemText } from './diagnostics.ts';
import { fileOf, holdsRequests, isMarkdown, toRange } from './documents.ts';
import { services } from './editing/loadServices.ts';
import type { Names } from './editing/names.ts';
import { failureLabel, notSentLabel } from './failureLabels.ts';
import { keyOf, requestOfKey } from './requestKeys.ts';
import { setting } from './settings.ts';
import type { Unsent } from './sending/unsent.ts';

interface Place {
  readonly kind: 'send' | 'result';
  readonly document: vscode.TextDocument;
  readonly request: HttpRequest;
}

/** What a lens is for; its text is made when it comes into view. */
const places = new WeakMap<vscode.CodeLens, Place>();

/**
 * *Send Request* above each request, and beside it what became of the last send: also that nothing
 * was sent. Where the workspace is not trusted it says to which host.
 */
export function registerCodeLens(history: History, unsent: Unsent, names: Names): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const stopListening = history.onChange(({ outcome }) => {
    if (outcome) changed.fire();
  });
  const stopWatching = unsent.onChange(() => changed.fire());
  const documents = clearWhenEdited(unsent);
  const trust = vscode.Disposable.from(
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    names.onDidChange(() => { if (!vscode.workspace.isTrusted) changed.fire(); }),
  );
  const configuration = vscode.workspace.onDidChangeConfiguration((event) => {
    if (settings.some((name) => event.affectsConfiguration(name))) changed.fire();
  });
  const provider = vscode.languages.registerCodeLensProvider(
    [{ language: languageId }, { language: 'markdown' }],
    {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: (document) => {
        if (!wantsLenses(document)) return [];
        void history.load();
        return lensesOf(document, history, unsent);
      },
      resolveCodeLens: (lens) => resolve(lens, history, unsent, names),
    },
  );
  return vscode.Disposable.from(provider, changed, configuration, documents, trust,
    { dispose: stopListening }, { dispose: stopWatching });
}

/** Those that decide whether there are lenses. */
const settings = ['roundtrip.codeLens', 'roundtrip.markdown'];

function wantsLenses(document: vscode.TextDocument): boolean {
  return setting('codeLens.enabled', document.uri)
    && (!isMarkdown(document) || setting('markdown.enabled', document.uri))
    && holdsRequests(document);
}

function clearWhenEdited(unsent: Unsent): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) unsent.clearFile(document.uri.toString());
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => unsent.clearFile(uri.toString())),
  );
}

/** Those of requests that stay the same from one edit to the next are made once. */
const sendLenses = new WeakMap<vscode.TextDocument, (requests: readonly HttpRequest[]) => readonly vscode.CodeLens[]>();

function lensesOf(
  document: vscode.TextDocument,
  history: History,
  unsent: Unsent,
): vscode.CodeLens[] {
  const file = fileOf(document);
  const lensesFor = sendLenses.get(document)
    ?? mapped((request: HttpRequest) => lensFor({ kind: 'send', document, request }));
  sendLenses.set(document, lensesFor);
  const lenses = lensesFor(file.requests);
  for (const [index, request] of file.requests.entries()) {
    const lens = lenses[index]!;
    if (lens.range.start.line !== request.line - 1) lens.range = rangeAbove(request);
  }
  const results = requestsWithResult(document, file, history, unsent)
    .map((request) => lensFor({ kind: 'result', document, request }));
  return [...lenses, ...results];
}

/** Few requests of a file have been sent: they are looked up from what is known of sends. */
function requestsWithResult(
  document: vscode.TextDocument, file: HttpFile, history: History, unsent: Unsent,
): HttpRequest[] {
  const uri = document.uri.toString();
  const sent = history.sends().flatMap(({ origin }) => (origin?.uri === uri ? [origin.key] : []));
  const keys = new Set([...unsent.keys(uri), ...sent]);
  return [...keys].flatMap((key) => requestOfKey(file, key) ?? []);
}

function lensFor(place: Place): vscode.CodeLens {
  const lens = new vscode.CodeLens(rangeAbove(place.request));
  places.set(lens, place);
  return lens;
}

function originFor({ document, request }: Place): Origin {
  return { uri: document.uri.toString(), key: keyOf(fileOf(document), request) };
}

function rangeAbove(request: HttpRequest): vscode.Range {
  const { start, end } = request.requestLine;
  return new vscode.Range(
    start.line,
    start.character,
    start.line,
    end.line === start.line ? end.character : start.character,
  );
}

/** Gives a lens of its own: the one that is kept stays without a text, as that changes. */
async function resolve(
  lens: vscode.CodeLens,
  history: History,
  unsent: Unsent,
  names: Names,
): Promise<vscode.CodeLens> {
  const place = places.get(lens);
  return place ? new vscode.CodeLens(lens.range, await commandFor(place, history, unsent, names)) : lens;
}

async function commandFor(
  place: Place, history: History, unsent: Unsent, names: Names,
): Promise<vscode.Command> {
  const origin = originFor(place);
  if (place.kind === 'send') {
    // Names may hide where it goes.
    const host = vscode.workspace.isTrusted ? undefined : await hostOf(place, names);
    return sendCommand(origin, place.request.line, host);
  }
  const problem = unsent.of(origin);
  return problem ? problemCommand(origin, problem) : resultCommand(origin, history);
}

/** Goes to what kept the request back. */
async function problemCommand(origin: Origin, problem: Problem): Promise<vscode.Command> {
  const options: vscode.TextDocumentShowOptions = { selection: toRange(problem.range) };
  return {
    title: `✗ ${notSentLabel()}`,
    tooltip: await problemText(problem),
    command: 'vscode.open',
    arguments: [vscode.Uri.parse(origin.uri), options],
  };
}

/** The host that a request goes to as it stands; undefined where none is known. */
async function hostOf({ document, request }: Place, names: Names): Promise<string | undefined> {
  const { origin } = services().addressFor(fileOf(document), request, await names.of(document));
  return origin === undefined ? undefined : new URL(origin).host;
}

function sendCommand(origin: Origin, line: number, host: string | undefined): vscode.Command {
  return {
    title: host === undefined ? vscode.l10n.t('Send Request') : vscode.l10n.t('Send Request to {0}', host),
    tooltip: vscode.l10n.t('Send this request and show everything that happens'),
    command: commands.sendRequest,
    arguments: [{ uri: origin.uri, line }],
  };
}

function resultCommand(origin: Origin, history: History): vscode.Command {
  const send = history.latest(origin);
  if (!send) return { title: '', command: '' };
  if (send.running) {
    return {
      title: `$(loading~spin) ${vscode.l10n.t('Cancel')}`,
      command: commands.cancel,
      arguments: [send.specId],
    };
  }
  const exchanges = history.exchangesOf(send.specId);
  return {
    title: resultTitle(exchanges),
    tooltip: vscode.l10n.t('Show this exchange in the inspector'),
    command: commands.openInspector,
    arguments: [exchanges.at(-1)?.id],
  };
}

/** `200 · 134 ms`: the last exchange's status, and the time from *Send* through all redirects. */
function resultTitle(exchanges: readonly Exchange[]): string {
  const first = exchanges[0];
  const last = exchanges.at(-1);
  if (!first || !last) return '';
  if (last.failure) return `✗ ${failureLabel(last.failure.code)}`;
  const language = languageFor(vscode.env.language);
  const duration =
    last.endAt === undefined ? [] : [formatDuration(last.endAt - first.startAt, language)];
  // Also when it was a redirect on the way.
  const mark = exchanges.some(wasUnverified) ? [`$(warning) ${vscode.l10n.t('not verified')}`] : [];
  return [...(last.response ? [String(last.response.statusCode)] : []), ...duration, ...mark].join(' · ');
}
