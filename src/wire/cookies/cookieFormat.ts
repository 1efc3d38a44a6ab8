import type { StoredCookie } from '../../trace/storedCookie.ts';
import { keyOf } from './cookie.ts';

/** How cookies stand in a file: our own, which keeps everything, or Netscape's, which curl reads and writes. */
export type CookieFormat = 'json' | 'netscape';

/** The format of a file that is there; of one that is not, by its name: `cookies.txt` is Netscape's. */
export function formatOf(text: string | undefined, path: string): CookieFormat {
  const start = text?.trimStart() ?? '';
  if (start === '') return path.toLowerCase().endsWith('.txt') ? 'netscape' : 'json';
  return start.startsWith('{') ? 'json' : 'netscape';
}

/** Cookies as a file's text. */
export function writeCookies(cookies: readonly StoredCookie[], format: CookieFormat): string {
  if (format === 'netscape') return netscapeHead + cookies.map(netscapeLine).join('');
  return `${JSON.stringify({ format: 'roundtrip-cookies', version: 1, cookies }, undefined, 1)}\n`;
}

/** The cookies of a file's text; undefined when it is damaged, or was never one. `now` in epoch ms. */
export function readCookies(text: string, format: CookieFormat, now: number): StoredCookie[] | undefined {
  const cookies = format === 'netscape' ? readNetscape(text, now) : readJson(text);
  return cookies && [...new Map(cookies.map((cookie) => [keyOf(cookie), cookie])).values()];
}

function readJson(text: string): StoredCookie[] | undefined {
  if (text.trim() === '') return [];
  try {
    const { format, version, cookies } = JSON.parse(text) as Record<string, unknown>;
    const isOurs = format === 'roundtrip-cookies' && version === 1 && Array.isArray(cookies);
    return isOurs && cookies.every(isCookie) ? cookies : undefined;
  } catch {
    return undefined;
  }
}

const kinds: Readonly<Record<string, 'string' | 'boolean' | 'number'>> = {
  name: 'string', value: 'string', domain: 'string', hostOnly: 'boolean', path: 'string', secure: 'boolean',
  httpOnly: 'boolean', created: 'number', accessed: 'number',
};

/** A file is written by others, too: nothing in it goes unchecked into a field. */
function isCookie(value: unknown): value is StoredCookie {
  if (typeof value !== 'object' || value === null) return false;
  const cookie = value as Record<string, unknown>;
  const { expires, sameSite, name, value: content } = cookie;
  return Object.entries(kinds).every(([key, kind]) => typeof cookie[key] === kind)
    && (expires === undefined || typeof expires === 'number')
    && (sameSite === undefined || ['strict', 'lax', 'none'].includes(sameSite as string))
    && !hasControls(`${name}${content}`);
}

function hasControls(text: string): boolean {
  return /[\x00-\x08\x0a-\x1f\x7f]/.test(text);
}

// --- Netscape's cookies.txt -------------------------------------------------------------------------

const netscapeHead = '# Netscape HTTP Cookie File\n# Written by Roundtrip. It can be read with curl --cookie.\n\n';

/** domain, whether names below it count, path, secure, expiry in s (0 for the session), name, value: between tabs. */
function netscapeLine({ name, value, domain, hostOnly, path, secure, httpOnly, expires }: StoredCookie): string {
  // Tabs part the columns, and a line of another number of them is none.
  if (`${name}${value}${path}`.includes('\t')) return `# left out, for a tab in it: a cookie of ${domain}\n`;
  const columns = [
    `${httpOnly ? '#HttpOnly_' : ''}${hostOnly ? '' : '.'}${domain}`, flag(!hostOnly), path, flag(secure),
    expires === undefined ? '0' : String(Math.ceil(expires / 1000)), name, value,
  ];
  return `${columns.join('\t')}\n`;
}

function flag(value: boolean): string {
  return value ? 'TRUE' : 'FALSE';
}

function readNetscape(text: string, now: number): StoredCookie[] | undefined {
  const lines = text.split(/\r?\n/)
    .filter((line) => line !== '' && (!line.startsWith('#') || line.startsWith('#HttpOnly_')));
  const cookies = lines.flatMap((line) => netscapeCookie(line, now));
  // curl passes over what it cannot read; a file without any readable line is something else.
  return lines.length > 0 && cookies.length === 0 ? undefined : cookies;
}

function netscapeCookie(line: string, now: number): StoredCookie[] {
  const httpOnly = line.startsWith('#HttpOnly_');
  const columns = (httpOnly ? line.slice('#HttpOnly_'.length) : line).split('\t');
  const [host = '', below = '', path = '', secure = '', seconds = '', name = '', value = ''] = columns;
  const isWhole = (columns.length === 6 || columns.length === 7) && host !== '' && path.startsWith('/')
    && /^(?:TRUE|FALSE)$/i.test(below) && /^(?:TRUE|FALSE)$/i.test(secure) && /^\d{1,15}$/.test(seconds);
  if (!isWhole || hasControls(line)) return [];
  return [{
    name, value, domain: host.replace(/^\./, '').toLowerCase(), hostOnly: below.toUpperCase() === 'FALSE', path,
    secure: secure.toUpperCase() === 'TRUE', httpOnly, created: now, accessed: now,
    ...(Number(seconds) === 0 ? {} : { expires: Number(seconds) * 1000 }),
  }];
}
