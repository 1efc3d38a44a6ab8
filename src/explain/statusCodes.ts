import type { Response } from '../trace/exchange.ts';
import type { Language } from './text/language.ts';
import { statusCodeTexts } from './text/statusCode.ts';
import { say } from './text/text.ts';

/** The reason phrases of RFC 9110 §15 and the IANA registry. */
export const reasonPhrases: Readonly<Record<number, string>> = {
  100: 'Continue',
  101: 'Switching Protocols',
  102: 'Processing',
  103: 'Early Hints',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  203: 'Non-Authoritative Information',
  204: 'No Content',
  205: 'Reset Content',
  206: 'Partial Content',
  207: 'Multi-Status',
  208: 'Already Reported',
  226: 'IM Used',
  300: 'Multiple Choices',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  305: 'Use Proxy',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  417: 'Expectation Failed',
  418: "I'm a Teapot",
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  423: 'Locked',
  424: 'Failed Dependency',
  425: 'Too Early',
  426: 'Upgrade Required',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
  506: 'Variant Also Negotiates',
  507: 'Insufficient Storage',
  508: 'Loop Detected',
  510: 'Not Extended',
  511: 'Network Authentication Required',
};

/**
 * What a status code means, in one sentence. A code that is not registered is explained by its
 * class.
 */
export function explainStatusCode(statusCode: number, language: Language): string {
  const id = String(statusCode);
  if (Object.hasOwn(statusCodeTexts, id))
    return say(statusCodeTexts, language, id as keyof typeof statusCodeTexts);
  const group = Math.floor(statusCode / 100);
  return say(
    statusCodeTexts,
    language,
    group >= 1 && group <= 5 ? `class-${group as 1}` : 'class-other',
  );
}

/** A status as it came, and the usual name of its code where no phrase came with it. */
export interface StatusParts {
  readonly sent: string;
  readonly name?: string;
}

/** HTTP/2 has no reason phrase (RFC 9113 §8.3.2), and HTTP/1.1 may leave it out (RFC 9112 §4). */
export function statusParts(statusCode: number, reasonPhrase = ''): StatusParts {
  if (reasonPhrase !== '') return { sent: `${statusCode} ${reasonPhrase}` };
  const name = reasonPhrases[statusCode];
  return { sent: String(statusCode), ...(name !== undefined && { name }) };
}

/** `404 Not Found` as it was sent; `404 (Not Found)` where the name is ours, as none came. */
export function formatStatus(statusCode: number, reasonPhrase?: string): string {
  const { sent, name } = statusParts(statusCode, reasonPhrase);
  return name === undefined ? sent : `${sent} (${name})`;
}

/** The same for a sentence: what came is between backticks, as whatever was on the wire. */
export function quoteStatus(statusCode: number, reasonPhrase?: string): string {
  const { sent, name } = statusParts(statusCode, reasonPhrase);
  return name === undefined ? `\`${sent}\`` : `\`${sent}\` (${name})`;
}

/** Whose words stand beside a status code; undefined where the server sent the usual ones. */
export function explainPhrase(
  { httpVersion, statusCode, reasonPhrase }: Pick<Response, 'httpVersion' | 'statusCode' | 'reasonPhrase'>,
  language: Language,
): string | undefined {
  const name = reasonPhrases[statusCode];
  if (name === undefined || reasonPhrase === name) return undefined;
  const id = reasonPhrase !== '' ? 'phrase-own' : httpVersion === '2' ? 'phrase-http2' : 'phrase-none';
  return say(statusCodeTexts, language, id, { name, code: statusCode });
}

/** How a status code is to be seen. */
export function statusTone(statusCode: number): 'good' | 'redirect' | 'bad' | 'interim' {
  if (statusCode >= 400) return 'bad';
  if (statusCode >= 300) return 'redirect';
  return statusCode >= 200 ? 'good' : 'interim';
}
