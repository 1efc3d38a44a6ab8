import type { Word } from './word.ts';
import { partOf } from './word.ts';

/** An option of a command with its value, or an argument that is none: a URL. */
export interface Argument {
  /** The long name without hyphens in front; '' for an argument that is no option. */
  readonly name: string;
  /** Of an option that takes one; of an argument, the argument. */
  readonly value?: Word;
  /** The option as written; with its value in the same word, only the option's part. */
  readonly flag: Word;
  /** What the command has from the option to its value. */
  readonly from: number;
  readonly to: number;
}

/** Options that take a value, by their long names, with their letter. */
const withValue: Readonly<Record<string, string>> = {
  'request': 'X', 'header': 'H', 'data': 'd', 'data-raw': '', 'data-binary': '', 'data-ascii': '',
  'data-urlencode': '', 'json': '', 'form': 'F', 'form-string': '', 'user': 'u', 'cookie': 'b', 'user-agent': 'A',
  'referer': 'e', 'proxy': 'x', 'url': '', 'max-time': 'm', 'connect-timeout': '', 'cert': 'E', 'key': '',
  'cacert': '', 'resolve': '', 'connect-to': '', 'output': 'o', 'write-out': 'w', 'cookie-jar': 'c', 'dump-header': 'D',
  'max-redirs': '', 'upload-file': 'T', 'range': 'r', 'oauth2-bearer': '', 'proxy-user': 'U', 'stderr': '',
  'trace': '', 'trace-ascii': '', 'trace-config': '', 'retry': '', 'retry-delay': '', 'retry-max-time': '',
  'limit-rate': '', 'keepalive-time': '', 'output-dir': '', 'speed-limit': 'Y', 'speed-time': 'y',
  'continue-at': 'C', 'config': 'K', 'interface': '', 'noproxy': '', 'proto': '', 'proto-default': '',
  'proto-redir': '', 'socks4': '', 'socks4a': '', 'socks5': '', 'socks5-hostname': '', 'preproxy': '',
  'time-cond': 'z', 'ciphers': '', 'tls13-ciphers': '', 'tls-max': '', 'cert-type': '', 'key-type': '', 'pass': '',
  'capath': '', 'crlfile': '', 'pinnedpubkey': '', 'dns-servers': '', 'doh-url': '', 'unix-socket': '',
  'abstract-unix-socket': '', 'aws-sigv4': '', 'url-query': '', 'request-target': '', 'expect100-timeout': '',
  'happy-eyeballs-timeout-ms': '', 'local-port': '', 'max-filesize': '', 'proxy-header': '', 'variable': '',
  'rate': '', 'parallel-max': '', 'netrc-file': '', 'etag-save': '', 'etag-compare': '', 'hsts': '', 'alt-svc': '',
  'haproxy-clientip': '', 'curves': '', 'service-name': '', 'login-options': '', 'sasl-authzid': '', 'engine': '',
};

/** Options that take none. */
const withoutValue: Readonly<Record<string, string>> = {
  'insecure': 'k', 'head': 'I', 'location': 'L', 'location-trusted': '', 'get': 'G', 'compressed': '',
  'http1.0': '0', 'http1.1': '', 'http2': '', 'http2-prior-knowledge': '', 'http3': '', 'http3-only': '',
  'silent': 's', 'show-error': 'S', 'verbose': 'v', 'include': 'i', 'show-headers': '', 'fail': 'f',
  'fail-with-body': '', 'fail-early': '', 'no-buffer': 'N', 'progress-bar': '#', 'progress-meter': '',
  'remote-name': 'O', 'remote-name-all': '', 'remote-header-name': 'J', 'remote-time': 'R', 'globoff': 'g',
  'path-as-is': '', 'keepalive': '', 'tcp-nodelay': '', 'tcp-fastopen': '', 'create-dirs': '', 'disable': 'q',
  'junk-session-cookies': 'j', 'styled-output': '', 'ssl-no-revoke': '', 'ssl-revoke-best-effort': '',
  'no-clobber': '', 'clobber': '', 'remove-on-error': '', 'retry-connrefused': '', 'retry-all-errors': '',
  'trace-time': '', 'trace-ids': '', 'parallel': 'Z', 'parallel-immediate': '', 'sessionid': '', 'alpn': '',
  'npn': '', 'basic': '', 'digest': '', 'ntlm': '', 'negotiate': '', 'anyauth': '', 'ipv4': '4', 'ipv6': '6',
  'tlsv1': '1', 'tlsv1.0': '', 'tlsv1.1': '', 'tlsv1.2': '', 'tlsv1.3': '', 'sslv2': '2', 'sslv3': '3',
  'ssl': '', 'ssl-reqd': '', 'ssl-allow-beast': '', 'ca-native': '', 'cert-status': '', 'doh-insecure': '',
  'proxy-insecure': '', 'proxytunnel': 'p', 'proxy-basic': '', 'proxy-digest': '', 'proxy-ntlm': '',
  'proxy-negotiate': '', 'proxy-anyauth': '', 'post301': '', 'post302': '', 'post303': '', 'netrc': 'n',
  'netrc-optional': '', 'tr-encoding': '', 'raw': '', 'list-only': 'l', 'append': 'a', 'use-ascii': 'B',
  'ignore-content-length': '', 'suppress-connect-headers': '', 'disallow-username-in-url': '', 'http0.9': '',
  'form-escape': '', 'metalink': '', 'xattr': '', 'crlf': '', 'next': ':', 'help': 'h', 'manual': 'M', 'version': 'V',
  'haproxy-protocol': '', 'test-event': '', 'false-start': '', 'next-url': '',
};

const letters = new Map<string, string>();
for (const [name, letter] of [...Object.entries(withValue), ...Object.entries(withoutValue)]) {
  if (letter !== '') letters.set(letter, name);
}

/** Names that curl still takes for others. */
const aliases: Readonly<Record<string, string>> = {
  'data-ascii': 'data', 'location-trusted': 'location', 'show-headers': 'include', 'http3-only': 'http3',
};

/**
 * The arguments of a command behind the program's name: long and short options, several letters in a word
 * (`-sSLk`), values in the same word (`-XPOST`, `--request=POST`) or in the next.
 */
export function readArguments(words: readonly Word[]): Argument[] {
  const found: Argument[] = [];
  let onlyUrls = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    const { text } = word;
    if (onlyUrls || !text.startsWith('-') || text === '-') found.push(withWord('', word, word));
    else if (text === '--') onlyUrls = true;
    else if (text.startsWith('--')) index += readLong(found, word, words[index + 1]);
    else index += readShort(found, word, words[index + 1]);
  }
  return found;
}

function withWord(name: string, flag: Word, value?: Word): Argument {
  const { from } = flag;
  return value ? { name, value, flag, from, to: value.to } : { name, flag, from, to: flag.to };
}

/** Reads a long option; gives how many more words it took. */
function readLong(found: Argument[], word: Word, next: Word | undefined): number {
  const equals = word.text.indexOf('=');
  const written = equals < 0 ? word.text.slice(2) : word.text.slice(2, equals);
  const name = longName(written);
  const given = equals < 0 ? undefined : partOf(word, equals + 1);
  const flag = given ? partOf(word, 0, equals) : word;
  if (!(name in withValue)) {
    found.push(withWord(name, flag, given));
    return 0;
  }
  found.push(withWord(aliases[name] ?? name, flag, given ?? next));
  return given || !next ? 0 : 1;
}

/** A name as it is or, as curl has it, any beginning of it that no other has. */
function longName(written: string): string {
  if (written in withValue) return written;
  if (written in withoutValue) return aliases[written] ?? written;
  const positive = written.startsWith('no-') ? written.slice(3) : '';
  if (positive in withoutValue) return written;
  const fits = allNames.filter((name) => name.startsWith(written));
  return fits.length === 1 ? aliases[fits[0]!] ?? fits[0]! : written;
}

const allNames = [...Object.keys(withValue), ...Object.keys(withoutValue)];

/** Reads short options, several in a word; gives how many more words they took. */
function readShort(found: Argument[], word: Word, next: Word | undefined): number {
  for (let at = 1; at < word.text.length; at++) {
    const name = letters.get(word.text[at]!) ?? word.text[at]!;
    const flag = at === 1 && word.text.length === 2 ? word : partOf(word, at === 1 ? 0 : at, at + 1);
    if (!(name in withValue)) {
      found.push(withWord(aliases[name] ?? name, flag));
      continue;
    }
    const rest = at + 1 < word.text.length;
    const value = rest ? partOf(word, at + 1) : next;
    found.push(withWord(aliases[name] ?? name, flag, value));
    return rest || !next ? 0 : 1;
  }
  return 0;
}

/** Options that say what curl shows, stores or how often it tries: what is sent does not depend on them. */
export const harmless: ReadonlySet<string> = new Set([
  'silent', 'show-error', 'verbose', 'include', 'fail', 'fail-with-body', 'fail-early', 'no-buffer', 'no-no-buffer',
  'buffer', 'progress-bar', 'progress-meter', 'no-progress-meter', 'remote-name', 'remote-name-all',
  'remote-header-name', 'remote-time', 'globoff', 'keepalive', 'no-keepalive', 'tcp-nodelay', 'no-tcp-nodelay',
  'tcp-fastopen', 'create-dirs', 'disable', 'junk-session-cookies', 'styled-output', 'no-styled-output',
  'ssl-no-revoke', 'ssl-revoke-best-effort', 'clobber', 'no-clobber', 'remove-on-error', 'trace-time', 'trace-ids',
  'parallel', 'parallel-immediate', 'sessionid', 'no-sessionid', 'alpn', 'no-alpn', 'no-npn', 'npn', 'basic', 'output',
  'write-out', 'dump-header', 'cookie-jar', 'stderr', 'trace', 'trace-ascii', 'trace-config', 'output-dir',
  'keepalive-time', 'retry', 'retry-delay', 'retry-max-time', 'retry-connrefused', 'retry-all-errors', 'limit-rate',
  'rate', 'parallel-max', 'expect100-timeout', 'suppress-connect-headers', 'no-location', 'no-insecure',
  'no-compressed', 'max-filesize', 'false-start', 'ssl', 'next', 'no-include', 'no-verbose', 'no-silent', 'no-fail',
  'no-show-error', 'use-ascii', 'raw', 'xattr',
]);
