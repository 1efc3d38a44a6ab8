import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { FieldLine } from '../messages.ts';

/** What is used of Node's response besides its public interface. */
interface Inside {
  /** The head as it will be written; null until there is one. */
  _header?: string | null;
  /** In ms. */
  _keepAliveTimeout: number;
}

/** Fields that say something of the connection or the framing: with them Node does more than to write them. */
const special = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'trailer', 'te', 'expect', 'date',
  'content-length',
]);

/** Whether a name is a token (RFC 9110 §5.6.2) of no such field; names are few. */
const plainNames = new Map<string, boolean>();
const maxNames = 500;

/** RFC 9110 §5.5: what Node refuses in a value. */
const badValue = /[^\t\x20-\x7e\x80-\xff]/;

/** Says how long the connection will be kept, where Node writes the head. */
export function keepFor(response: ServerResponse, timeout: number): void {
  (response as unknown as Inside)._keepAliveTimeout = timeout;
}

/** The fields that all answers of a server have. */
export interface CommonFields {
  /** Names and values in turn, as `writeHead` takes them. */
  readonly lines: readonly string[];
  /** As they are written. */
  readonly text: string;
}

export function commonFields(lines: readonly string[]): CommonFields {
  const texts = lines.map((one, index) => index % 2 === 0 ? `${one}: ` : `${one}\r\n`);
  return { lines, text: texts.join('') };
}

/**
 * The usual head of a response of HTTP/1.1 with content of `length` bytes, as Node would write it, at half the cost.
 * False, and nothing is done, where anything about the response is unusual.
 */
export function writePlainHead(
  response: ServerResponse, statusCode: number, common: CommonFields, headers: readonly FieldLine[], length: number,
): boolean {
  const inside = response as unknown as Inside;
  const { httpVersionMinor, headers: { expect } } = response.req;
  const isUsual = inside._header === null && response.shouldKeepAlive && httpVersionMinor === 1
    && expect === undefined && statusCode >= 200 && statusCode !== 204 && statusCode !== 304;
  if (!isUsual) return false;
  let fields = common.text;
  for (let index = 0; index < headers.length; index += 1) {
    const [name, value] = headers[index]!;
    if (!isPlainName(name) || badValue.test(value)) return false;
    fields += `${name}: ${value}\r\n`;
  }
  const status = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? 'unknown'}\r\n`;
  const framing = `Content-Length: ${length}\r\nDate: ${dateNow()}\r\nConnection: keep-alive\r\n`;
  const timeout = Math.floor(inside._keepAliveTimeout / 1000);
  inside._header = `${status}${fields}${framing}Keep-Alive: timeout=${timeout}\r\n\r\n`;
  response.statusCode = statusCode;
  return true;
}

function isPlainName(name: string): boolean {
  const known = plainNames.get(name);
  if (known !== undefined) return known;
  const isPlain = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) && !special.has(name.toLowerCase());
  if (plainNames.size >= maxNames) plainNames.clear();
  plainNames.set(name, isPlain);
  return isPlain;
}

let date = '';
let dateEnd = 0;

/** RFC 9110 §6.6.1; it changes with each second. */
function dateNow(): string {
  const now = Date.now();
  if (now >= dateEnd || now < dateEnd - 1000) {
    date = new Date(now).toUTCString();
    dateEnd = now - now % 1000 + 1000;
  }
  return date;
}
