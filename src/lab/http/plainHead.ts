import { ServerResponse, STATUS_CODES } from 'node:http';

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

/**
 * The usual head of a response of HTTP/1.1, as Node would write it, at half the cost. `lines` are names and values in
 * turn, with a Content-Length. False, and nothing is done, where anything about the response is unusual.
 */
export function writePlainHead(response: ServerResponse, statusCode: number, lines: readonly string[]): boolean {
  const inside = response as unknown as Inside;
  const { httpVersionMinor, headers } = response.req;
  const isUsual = inside._header === null && response.shouldKeepAlive && httpVersionMinor === 1
    && headers.expect === undefined && statusCode >= 200 && statusCode !== 204 && statusCode !== 304;
  if (!isUsual) return false;
  let head = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? 'unknown'}\r\n`;
  for (let index = 0; index < lines.length; index += 2) {
    const name = lines[index]!;
    const value = lines[index + 1]!;
    if (!isPlainName(name) || badValue.test(value)) return false;
    head += `${name}: ${value}\r\n`;
  }
  const timeout = Math.floor(inside._keepAliveTimeout / 1000);
  inside._header = `${head}Date: ${dateNow()}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${timeout}\r\n\r\n`;
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
