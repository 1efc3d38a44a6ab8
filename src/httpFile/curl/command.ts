import { harmless, readArguments } from './flags.ts';
import type { Argument } from './flags.ts';
import { requestOf } from './request.ts';
import type { CurlRequest, Draft } from './request.ts';
import { tlsOptions, tlsOptionsOf } from './tls.ts';
import type { Command, Word } from './word.ts';
import { meantWord, partOf } from './word.ts';

/**
 * The requests of a command: one for each URL, each `--next` starting over. What curl does by itself is done: `-d`
 * means POST and a form, `-G` moves the data to the query, redirects are followed with `-L` only.
 */
export function requestsOf({ words, shellOnly }: Command): CurlRequest[] {
  const [program, ...rest] = words;
  if (!program) return [];
  const found: CurlRequest[] = [];
  let group: Argument[] = [];
  const finish = () => {
    found.push(...requestsIn(program, group, found.length === 0 ? shellOnly : []));
    group = [];
  };
  for (const argument of readArguments(rest)) {
    if (argument.name === 'next') finish();
    else group.push(argument);
  }
  if (group.length > 0 || found.length === 0) finish();
  return found;
}

function requestsIn(program: Word, group: readonly Argument[], shellOnly: readonly Word[]): CurlRequest[] {
  const urls = group.filter(({ name, value }) => (name === '' || name === 'url') && value).map(({ value }) => value!);
  const draft = draftOf(program, group);
  // What comes from a file or from the lines below is part of the request.
  const isInput = ({ text }: Word) => text.startsWith('<');
  draft.unsupported.push(...shellOnly.filter(isInput));
  draft.ignored.unshift(...shellOnly.filter((part) => !isInput(part)));
  return (urls.length > 0 ? urls : [meantWord('', program)]).map((url) => requestOf(draft, url));
}

function draftOf(program: Word, group: readonly Argument[]): Draft {
  const draft: Draft = {
    program, headers: [], options: [], unsupported: [], ignored: [], outputs: [],
    typed: new Set(), data: [], form: [], query: [],
    cookies: [], tls: [], scheme: 'Basic', isHead: false, isGet: false, follows: false,
  };
  for (const argument of group) {
    if (argument.name === 'header' && argument.value) readHeader(draft, argument, argument.value);
  }
  for (const argument of group) apply(draft, argument);
  draft.options.push(...tlsOptionsOf(draft.tls, draft));
  return draft;
}

/** `Name: value`; `Name;` has no value, `Name:` takes away what curl would send. */
function readHeader(draft: Draft, argument: Argument, value: Word): void {
  const colon = value.text.indexOf(':');
  const { from, to } = argument;
  if (colon > 0) {
    const name = partOf(value, 0, colon);
    draft.typed.add(name.text.trim().toLowerCase());
    const first = colon + 1 + /^\s*/.exec(value.text.slice(colon + 1))![0].length;
    if (first < value.text.length) draft.headers.push({ name, value: partOf(value, first), from, to });
  } else if (value.text.endsWith(';') && value.text.length > 1) {
    const end = value.text.length - 1;
    draft.typed.add(value.text.slice(0, end).toLowerCase());
    draft.headers.push({ name: partOf(value, 0, end), value: partOf(value, end, end), from, to });
  } else {
    draft.ignored.push(argument.flag, value);
  }
}

function apply(draft: Draft, argument: Argument): void {
  const { name, value, flag } = argument;
  if (tlsOptions.has(name)) return void draft.tls.push(argument);
  switch (name) {
    case '': case 'url': case 'header': return;
    case 'head': draft.isHead = true; return;
    case 'get': draft.isGet = true; return;
    case 'location': draft.follows = true; return;
    case 'insecure': addOption(draft, argument, 'insecure', ''); return;
    case 'http1.0': case 'http1.1': case 'http2': case 'http2-prior-knowledge': case 'http3':
      draft.version = meantWord(versions[name], flag);
      return;
    case 'digest': draft.scheme = 'Digest'; return;
    case 'ntlm': draft.scheme = 'NTLM'; return;
    default: if (value) applyValue(draft, argument, value); else applyUnknown(draft, argument);
  }
}

const versions = {
  'http1.0': 'HTTP/1.0', 'http1.1': 'HTTP/1.1', http2: 'HTTP/2', http3: 'HTTP/3',
  'http2-prior-knowledge': 'HTTP/2 (Prior Knowledge)',
} as const;

function applyValue(draft: Draft, argument: Argument, value: Word): void {
  switch (argument.name) {
    case 'request': draft.method = value; return;
    case 'data': case 'data-raw': case 'data-binary': case 'data-urlencode': draft.data.push(argument); return;
    case 'json':
      draft.data.push(argument);
      addHeader(draft, argument, 'Content-Type', meantWord('application/json', argument.flag));
      addHeader(draft, argument, 'Accept', meantWord('application/json', argument.flag));
      return;
    case 'form': case 'form-string': draft.form.push(argument); return;
    case 'url-query': draft.query.push(argument); return;
    case 'user': draft.user = argument; return;
    case 'cookie': draft.cookies.push(argument); return;
    case 'user-agent': addHeader(draft, argument, 'User-Agent', value); return;
    case 'referer': addHeader(draft, argument, 'Referer', partOf(value, 0, refererEnd(value.text))); return;
    case 'range': addHeader(draft, argument, 'Range', meantWord(`bytes=${value.text}`, value)); return;
    case 'oauth2-bearer': addHeader(draft, argument, 'Authorization', meantWord(`Bearer ${value.text}`, value)); return;
    case 'upload-file': draft.upload = argument; return;
    case 'max-time': addSeconds(draft, argument, 'timeout', value.text); return;
    case 'connect-timeout': addSeconds(draft, argument, 'connection-timeout', value.text); return;
    case 'max-redirs': if (/^\d+$/.test(value.text)) addOption(draft, argument, 'max-redirects', value.text); return;
    case 'proxy': addOption(draft, argument, 'proxy', value.text); return;
    case 'resolve': addOption(draft, argument, 'resolve', value.text); return;
    default: applyUnknown(draft, argument);
  }
}

function refererEnd(text: string): number {
  return text.endsWith(';auto') ? text.length - 5 : text.length;
}

/** curl means no limit by 0. */
function addSeconds(draft: Draft, argument: Argument, key: string, seconds: string): void {
  if (Number(seconds) !== 0) addOption(draft, argument, key, seconds);
}

function addOption({ options }: Draft, { from, to }: Argument, key: string, value: string): void {
  options.push({ key, value, from, to });
}

/** A header of an option; one that is typed with `-H` comes before it, and an empty value means none. */
function addHeader(draft: Draft, { flag, from, to }: Argument, name: string, value: Word): void {
  if (value.text === '' || draft.typed.has(name.toLowerCase())) return;
  const { headers } = draft;
  // Of options given twice the last one counts.
  const earlier = headers.findIndex((one) => one.name.text === name);
  const header = { name: meantWord(name, flag), value, from, to };
  if (earlier < 0) headers.push(header);
  else headers[earlier] = header;
}

/** Without these another request would be sent, or to another place. */
const essential: ReadonlySet<string> = new Set([
  'connect-to', 'unix-socket', 'abstract-unix-socket', 'config', 'socks4', 'socks4a', 'socks5',
  'socks5-hostname', 'preproxy', 'proxy-user', 'aws-sigv4', 'negotiate', 'anyauth', 'netrc', 'netrc-optional',
  'netrc-file', 'request-target', 'variable',
]);

/** What becomes of the response: it is shown, and can be saved from there. */
const writing: ReadonlySet<string> = new Set([
  'output', 'write-out', 'remote-name', 'remote-name-all', 'dump-header', 'output-dir',
]);

function applyUnknown(draft: Draft, { name, flag, value }: Argument): void {
  if (writing.has(name) && !/^(?:\/dev\/null|nul|-)$/i.test(value?.text ?? '')) draft.outputs.push(flag);
  if (harmless.has(name) || name === 'compressed' || name === 'path-as-is') return;
  (essential.has(name) ? draft.unsupported : draft.ignored).push(flag);
}
