import { formatHttpVersion, formatSize } from '../explain/format.ts';
import { explainStatusCode, formatStatus } from '../explain/statusCodes.ts';
import { inspectorTexts } from '../explain/text/inspector.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import { webSocketTexts } from '../explain/text/webSocket.ts';
import type { Exchange, Response, SentRequest } from '../trace/exchange.ts';
import type { FieldLine } from '../trace/request.ts';
import { dim, printable } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { heading, hang } from './columns.ts';

/** `--verbose`: the head that was sent and the trailers behind the body, in the order of the wire (RFC 9110 §6). */
export function requestLines({ request }: Exchange, language: Language, terminal: Terminal): string[] {
  if (!request) return [];
  const { trailers = [], client } = request;
  const sender = `${say(inspectorTexts, language, 'sender')}: ${client}`;
  const note = [headSize(request, language), sender].filter((part) => part !== '').join(' · ');
  return [
    '', heading(say(inspectorTexts, language, 'tab-request'), note, terminal),
    ...startOf(request).map(printable), ...fieldLines(request.headers, terminal),
    ...trailerLines(trailers, say(webSocketTexts, language, 'trailers-sent'), language, terminal),
  ];
}

/** `--verbose`: each interim response (RFC 9110 §15.2), with what its status means and its fields. */
export function interimLines({ response }: Exchange, language: Language, terminal: Terminal): string[] {
  return (response?.interimResponses ?? []).flatMap(({ statusCode, reasonPhrase, headers }) => [
    '',
    ...hang(
      `${heading(printable(formatStatus(statusCode, reasonPhrase)), '', terminal)}  `,
      explainStatusCode(statusCode, language).replaceAll('`', ''), terminal, { shade: (text) => dim(text, terminal) },
    ),
    ...fieldLines(headers, terminal),
  ]);
}

/** The fields of a response; `verbose` with the start line before them. None while it has not come. */
export function responseLines(
  { response }: Exchange, verbose: boolean, language: Language, terminal: Terminal,
): string[] {
  if (!response || response.statusCode === 0) return [];
  const start = verbose
    ? [heading(say(inspectorTexts, language, 'tab-response'), headSize(response, language), terminal),
      printable(statusLine(response))] : [];
  return ['', ...start, ...fieldLines(response.headers, terminal)];
}

/** The fields behind the content of a response. */
export function responseTrailerLines({ response }: Exchange, language: Language, terminal: Terminal): string[] {
  return trailerLines(response?.trailers ?? [], '', language, terminal);
}

function trailerLines(trailers: readonly FieldLine[], note: string, language: Language, terminal: Terminal): string[] {
  if (trailers.length === 0) return [];
  return ['', heading(say(inspectorTexts, language, 'trailers'), note, terminal), ...fieldLines(trailers, terminal)];
}

/** Each on a line of its own, however long: it may be copied. */
export function fieldLines(fields: readonly FieldLine[], terminal: Terminal): string[] {
  return fields.map(([name, value]) => `${dim(printable(name), terminal)}: ${printable(value)}`);
}

/** RFC 9112 §3, RFC 9113 §8.3.1. */
function startOf({ httpVersion, method, requestTarget, scheme, authority }: SentRequest): string[] {
  if (httpVersion !== '2') return [`${method} ${requestTarget} ${formatHttpVersion(httpVersion)}`];
  return [`:method: ${method}`, `:scheme: ${scheme}`, `:authority: ${authority}`, `:path: ${requestTarget}`];
}

/** RFC 9112 §4, RFC 9113 §8.3.2. */
function statusLine({ httpVersion, statusCode, reasonPhrase }: Response): string {
  return httpVersion === '2'
    ? `:status: ${statusCode}` : `${formatHttpVersion(httpVersion)} ${statusCode} ${reasonPhrase}`.trimEnd();
}

function headSize({ headSize: size }: { readonly headSize?: number }, language: Language): string {
  return size === undefined ? '' : say(inspectorTexts, language, 'head-size', { size: formatSize(size, language) });
}
