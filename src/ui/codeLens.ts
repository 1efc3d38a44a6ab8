import * as vscode from 'vscode';
import { formatDuration } from '../explain/format.ts';
import { languageFor } from '../explain/text/language.ts';
import type { HttpRequest, Problem } from '../httpFile/syntax.ts';
import type { History, Origin } from '../run/history.ts';
import type { Exchange } from '../trace/exchange.ts';
import { commands, languageId } from './contributions.ts';
import { problemText } from './diagnostics.ts';
import { fileOf, holdsRequests, isMarkdown, toRange } from './documents.ts';
import { failureLabel, notSentLabel } from './failureLabels.ts';
import { requestKeys } from './requestKeys.ts';
import { setting } from './settings.ts';
import type { Unsent } from './unsent.ts';

interface Place {
  readonly kind: 'send' | 'result';
  readonly origin: Origin;
  readonly line: number;
}

/** What a lens is for; its text is made when it comes into view. */
const places = new WeakMap<vscode.CodeLens, Place>();

/**
 * *Send Request* above each request, and beside it what became of the last send: also that nothing
 * was sent.
 */
export function registerCodeLens(history: History, unsent: Unsent): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const stopListening = history.onChange(({ outcome }) => {
    if (outcome) changed.fire();
  });
  const stopWatching = unsent.onChange(() => changed.fire());
  const documents = clearWhenEdited(unsent);
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
      resolveCodeLens: (lens) => resolve(lens, history, unsent),
    },
  );
  return vscode.Disposable.from(provider, changed, configuration, documents,
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

function lensesOf(
  document: vscode.TextDocument,
  history: History,
  unsent: Unsent,
): vscode.CodeLens[] {
  const file = fileOf(document);
  const keys = requestKeys(file);
  const uri = document.uri.toString();
  return file.requests.flatMap((request, index) => {
    const origin = { uri, key: keys[index]! };
    const hasResult = unsent.of(origin) ?? history.latest(origin);
    const kinds = hasResult ? (['send', 'result'] as const) : (['send'] as const);
    return kinds.map((kind) => {
      const lens = new vscode.CodeLens(rangeAbove(request));
      places.set(lens, { kind, origin, line: request.line });
      return lens;
    });
  });
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

async function resolve(
  lens: vscode.CodeLens,
  history: History,
  unsent: Unsent,
): Promise<vscode.CodeLens> {
  const place = places.get(lens);
  if (!place) return lens;
  const problem = unsent.of(place.origin);
  if (place.kind === 'send') lens.command = sendCommand(place);
  else if (problem) lens.command = await problemCommand(place, problem);
  else lens.command = resultCommand(place, history);
  return lens;
}

/** Goes to what kept the request back. */
async function problemCommand({ origin }: Place, problem: Problem): Promise<vscode.Command> {
  const options: vscode.TextDocumentShowOptions = { selection: toRange(problem.range) };
  return {
    title: `✗ ${notSentLabel()}`,
    tooltip: await problemText(problem),
    command: 'vscode.open',
    arguments: [vscode.Uri.parse(origin.uri), options],
  };
}

function sendCommand({ origin, line }: Place): vscode.Command {
  return {
    title: vscode.l10n.t('Send Request'),
    tooltip: vscode.l10n.t('Send this request and show everything that happens'),
    command: commands.sendRequest,
    arguments: [{ uri: origin.uri, line }],
  };
}

function resultCommand({ origin }: Place, history: History): vscode.Command {
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
  return [...(last.response ? [String(last.response.statusCode)] : []), ...duration].join(' · ');
}
