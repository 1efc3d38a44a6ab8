import type { Language } from './text/language.ts';
import { statusCodeTexts } from './text/statusCode.ts';
import { say } from './text/text.ts';

/** The reason phrases of RFC 9110 §15 and the IANA registry, for HTTP/2, which sends none. */
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

/**
 * `404 Not Found`: the phrase as sent, else the registered one (HTTP/2 sends none, RFC 9113
 * §8.3.2).
 */
export function formatStatus(statusCode: number, reasonPhrase?: string): string {
  return `${statusCode} ${reasonPhrase || reasonPhrases[statusCode] || ''}`.trim();
}

/** How a status code is to be seen. */
export function statusTone(statusCode: number): 'good' | 'redirect' | 'bad' | 'interim' {
  if (statusCode >= 400) return 'bad';
  if (statusCode >= 300) return 'redirect';
  return statusCode >= 200 ? 'good' : 'interim';
}
