import { explainAuthorization, explainChallenge } from '../explain/authentication.ts';
import { failureStatus } from '../explain/failure.ts';
import {
  formatDuration, formatEndpoint, formatHttpVersion, formatSize, formatTlsVersion,
} from '../explain/format.ts';
import { formatProxies } from '../explain/proxies.ts';
import { explainExtras } from '../explain/extras.ts';
import { statusParts } from '../explain/statusCodes.ts';
import { explainExchange } from '../explain/summary.ts';
import type { Language } from '../explain/text/language.ts';
import { cliTexts } from '../explain/text/cli.ts';
import { say } from '../explain/text/text.ts';
import { waterfallOf } from '../explain/waterfall.ts';
import { messageNote } from '../explain/webSocket.ts';
import { explainWhoAnswered } from '../explain/whoAnswered.ts';
import type { Row } from '../explain/waterfall.ts';
import type { Exchange, Response } from '../trace/exchange.ts';
import type { StreamEvent } from '../trace/eventStream.ts';
import type { WebSocketMessage } from '../trace/webSocket.ts';
import { durationOf } from '../trace/phases.ts';
import { wasUnverified } from '../trace/verification.ts';
import { hang, padded } from './columns.ts';
import { proxyChoiceLines } from './proxyLines.ts';
import { dim, paint, printable, widthOf } from './terminal.ts';
import type { Terminal } from './terminal.ts';

const barWidth = 32;
const separator = ' · ';

/**
 * An exchange as lines for a terminal: what was asked, its facts, one sentence, and the phases of both ends. Notes that
 * do not fit beside the phases are cut, but `whole` below them.
 */
export function exchangeLines(
  exchange: Exchange, language: Language, terminal: Terminal, whole = false,
): string[] {
  const summary = explainExchange(exchange, language);
  const shade = (line: string): string => dim(line, terminal);
  return [
    titleLine(exchange, language, terminal),
    ...hang('', factsOf(exchange, language).join(separator), terminal, { shade, gap: separator }),
    // The sentence sets names between backticks, which are for the inspector.
    ...[...sentencesOf(exchange, language), `${summary.strong} ${summary.text}`]
      .flatMap((sentence) => hang('', printable(sentence.replaceAll('`', '').trim()), terminal)),
    ...proxyChoiceLines(exchange, language, terminal),
    '',
    ...chartLines(exchange, language, terminal, whole),
    ...refusalLines(exchange, terminal),
  ].map((line) => line.trimEnd());
}

/** Whether a proxy answered; why credentials were sent and from what they were made; for a 401, what it asks for. */
function sentencesOf(exchange: Exchange, language: Language): readonly string[] {
  return [
    explainWhoAnswered(exchange, language) ?? [],
    explainChallenge(exchange, language), explainExtras(exchange, language),
    explainAuthorization(exchange, language)?.sentences ?? [],
  ].flat();
}

function titleLine(exchange: Exchange, language: Language, terminal: Terminal): string {
  const { response, failure, spec } = exchange;
  const outcome = failure
    ? paint(31, failureStatus(failure, language), terminal)
    : statusOf(response, terminal);
  const method = exchange.request?.method ?? spec.method;
  return `${paint(1, method, terminal)} ${exchange.request?.url ?? spec.url} → ${outcome}`;
}

/** The status as it was sent; the name of its code is faint, as it is ours. */
function statusOf(response: Response | undefined, terminal: Terminal): string {
  if (!response?.statusCode) return '';
  const { sent, name } = statusParts(response.statusCode, response.reasonPhrase);
  const shown = paint(response.statusCode < 400 ? 32 : 31, printable(sent), terminal);
  return name === undefined ? shown : `${shown} ${dim(`(${name})`, terminal)}`;
}

function factsOf(exchange: Exchange, language: Language): string[] {
  const { connection, response } = exchange;
  const facts = connection?.tls?.facts;
  const duration = durationOf(exchange);
  return [
    duration === undefined ? '' : formatDuration(duration, language),
    response ? sizeOf(response.bodySize, response.contentSize, language) : '',
    exchange.stream?.ended ? say(cliTexts, language, 'stream-ended') : '',
    response && !response.complete && !exchange.stream?.ended ? say(cliTexts, language, 'incomplete') : '',
    exchange.request ? formatHttpVersion(exchange.request.httpVersion) : '',
    facts ? formatTlsVersion(facts.version) : '',
    wasUnverified(exchange) ? say(cliTexts, language, 'unverified') : '',
    connection?.peerAddress ? formatEndpoint(connection.peerAddress, connection.peerPort) : '',
    proxyOf(exchange, language),
    exchange.request
      ? say(cliTexts, language, exchange.reused ? 'reused-connection' : 'new-connection') : '',
  ].filter((fact) => fact !== '');
}

function proxyOf(exchange: Exchange, language: Language): string {
  const { proxy } = exchange.spec.options;
  return proxy === undefined ? '' : say(cliTexts, language, 'through-proxy', { proxy: formatProxies(proxy) });
}

/** What a proxy said that refused. */
function refusalLines({ failure, connection }: Exchange, terminal: Terminal): string[] {
  const { headers = [], body } = connection?.proxy ?? {};
  if (failure?.code !== 'proxy-refused' || headers.length === 0) return [];
  const fields = headers.map(([name, value]) => `${dim(printable(name), terminal)}: ${printable(value)}`);
  return ['', ...fields, ...(body?.text ? ['', ...printable(body.text.trimEnd()).split('\n')] : [])];
}

function sizeOf(bodySize: number, contentSize: number, language: Language): string {
  const body = formatSize(bodySize, language);
  return contentSize === bodySize ? body : `${body} → ${formatSize(contentSize, language)}`;
}

function chartLines(exchange: Exchange, language: Language, terminal: Terminal, whole: boolean): string[] {
  const { rows, total } = waterfallOf(exchange, language);
  const labelWidth = Math.max(0, ...rows.map((row) => widthOf(labelOf(row))));
  return rows.flatMap((row, index) => {
    const isFirst = row.server !== undefined && row.server !== rows[index - 1]?.server;
    const lines = rowLines(row, total, labelWidth, language, terminal, whole);
    return isFirst ? [dim(printable(row.server!), terminal), ...lines] : lines;
  });
}

function labelOf(row: Row): string {
  return row.detail === undefined ? row.label : `${row.label} ${row.detail}`;
}

function rowLines(
  row: Row, total: number, labelWidth: number, language: Language, terminal: Terminal, whole: boolean,
): string[] {
  const time = row.duration === undefined || row.instant ? '' : formatDuration(row.duration, language);
  const head = `  ${padded(labelOf(row), labelWidth)}  ${bar(row, total)}  ${time.padStart(9)}  `;
  const note = printable(row.note);
  const room = terminal.columns - widthOf(head);
  const isBelow = whole && widthOf(note) > room;
  const line = `${head}${isBelow ? '' : cut(note, room)}`.trimEnd();
  const shade = (text: string): string => dim(text, terminal);
  return [
    row.state === 'failed' ? paint(31, line, terminal) : line,
    ...(isBelow ? hang('      ', note, terminal, { shade }) : []),
  ];
}

/** Eighths of a character, so that short phases are seen and long ones stay in proportion. */
function bar(row: Row, total: number): string {
  if (total <= 0 || row.start === undefined) return ' '.repeat(barWidth);
  const from = Math.min(barWidth - 1, Math.max(0, Math.floor((row.start / total) * barWidth)));
  const end = row.duration === undefined ? total : row.start + row.duration;
  const cells = Math.min(barWidth - from, Math.max(0, (end / total) * barWidth - from));
  const eighths = Math.max(1, Math.round(cells * 8));
  const full = row.state === 'failed' ? '▒' : row.duration === undefined ? '╌' : '█';
  const drawn = full.repeat(Math.floor(eighths / 8)) + (eighths % 8 === 0 ? '' : ' ▏▎▍▌▋▊▉'.charAt(eighths % 8));
  return `${' '.repeat(from)}${drawn}`.padEnd(barWidth).slice(0, barWidth);
}

function cut(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  let shown = '';
  for (const character of text) {
    if (widthOf(shown + character) > room - 1) break;
    shown += character;
  }
  return room > 1 ? `${shown}…` : '';
}

/** One event of a stream: when it came, `ms` after *Send*, its name when it has one, and its data. */
export function streamLine({ name, data, id, cut }: StreamEvent, ms: number, terminal: Terminal): string {
  const what = [name === 'message' ? '' : name, id === undefined ? '' : `#${id}`].filter((one) => one !== '').join(' ');
  const text = `${data}${cut ? '…' : ''}`.replaceAll('\n', '\n            ');
  const time = dim(`${ms.toFixed(1)} ms`.padStart(11), terminal);
  const title = what === '' ? '' : `${paint(1, printable(what), terminal)} `;
  return `${time} ${title}${printable(text)}`;
}

/** One message of a WebSocket: when it passed, `ms` after *Send*, which way, and what it is. */
export function messageLine(message: WebSocketMessage, ms: number, language: Language, terminal: Terminal): string {
  const way = message.direction === 'sent' ? '→' : '←';
  const isData = message.kind === 'text';
  const text = `${messageNote(message, language)}${message.cut ? '…' : ''}`.replaceAll('\n', '\n              ');
  const shown = isData ? printable(text) : dim(printable(text), terminal);
  return `${dim(`${ms.toFixed(1)} ms`.padStart(11), terminal)} ${paint(1, way, terminal)} ${shown}`;
}
