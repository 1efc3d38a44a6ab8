import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, resolve as resolvePath } from 'node:path';
import { problem } from '../../httpFile/problem.ts';
import type { HttpRequest, Range } from '../../httpFile/syntax.ts';
import type { ClientCertificate, SendOptions } from '../../trace/request.ts';
import { pemKeyIn } from '../../wire/tls/clientCertificate.ts';
import { passphraseOf } from '../prompts.ts';
import { certificateFor } from './hostCertificates.ts';
import type { CertificateFiles } from './hostCertificates.ts';
import type { Preparation } from './preparation.ts';

/** No certificate with its chain is nearly as large. */
const largestFile = 1024 * 1024;

type Certificate = Pick<SendOptions, 'clientCertificate' | 'noClientCertificate'>;

/**
 * The certificate of our own for a request: the one it names itself, else the command line's, else the environment's,
 * else the one for its host in the settings. Its files are read here, where somebody says which; what is in them is
 * checked by the sender. None in a workspace that is not trusted.
 */
export async function prepareCertificate(preparation: Preparation, url: string | undefined): Promise<Certificate> {
  const target = url === undefined ? null : URL.parse(url);
  if (target?.protocol !== 'https:' && target?.protocol !== 'wss:') return {};
  const { request, context, problems } = preparation;
  const named = namedBy(preparation);
  if (named === 'none') return { noClientCertificate: 'request' };
  if (!context.trusted) {
    if (named) problems.push(problem('client-cert-ignored', named.range));
    return {};
  }
  const meant = certificateFor(target, context.certificates ?? []);
  const files = named?.files ?? (meant?.from === 'command-line' ? meant : context.environment?.certificate ?? meant);
  if (!files) return {};
  const clientCertificate = await read(preparation, files, named?.range ?? request.urlRange);
  return clientCertificate ? { clientCertificate } : {};
}

interface Named {
  readonly files: CertificateFiles;
  readonly range: Range;
}

/** What the request says, the last of it. */
function namedBy(preparation: Preparation): Named | 'none' | undefined {
  const { request, context: { directory } } = preparation;
  let found: Named | 'none' | undefined;
  const field = request.headers.findLast(isForSender);
  if (field) found = { files: { ...pairsIn(field.value), directory, from: 'request' }, range: field.valueRange };
  for (const { key, value, range } of request.metadata) {
    if (key === 'no-client-cert') found = 'none';
    if (key === 'client-cert') found = { files: { ...wordsIn(value), directory, from: 'request' }, range };
  }
  return found;
}

const longestValue = 4096;

/** `cert.pem key.pem passphrase`, `cert.pem` with its key inside, `file.p12 passphrase`; quotes hold spaces. */
function wordsIn(value: string): Pick<CertificateFiles, 'cert' | 'key'> & { readonly rest?: string } {
  const found = value.slice(0, longestValue).matchAll(/"([^"]*)"|((?:\{\{[^{}]*\}\}|[^\s"])+)/g);
  const [cert, key, rest] = Array.from(found, ([, quoted, plain]) => quoted ?? plain ?? '');
  return {
    ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }),
    ...(rest === undefined ? {} : { rest }),
  };
}

/** `pfx: ./client.pfx, passphrase: secret` */
function pairsIn(value: string): Pick<CertificateFiles, 'cert' | 'key' | 'pfx' | 'passphrase'> {
  const pairs = value.slice(0, longestValue).split(',').flatMap((pair) => {
    const colon = pair.indexOf(':');
    const name = pair.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const text = pair.slice(colon + 1).trim();
    return text !== '' && ['cert', 'key', 'pfx', 'passphrase'].includes(name) ? [[name, text] as const] : [];
  });
  return Object.fromEntries(pairs);
}

type Words = CertificateFiles & { readonly rest?: string };

async function read(preparation: Preparation, files: Words, range: Range): Promise<ClientCertificate | undefined> {
  const { from, directory } = files;
  const path = put(preparation, files.pfx ?? files.cert, range);
  if (path === undefined || path === '') {
    const isMissing = path === '' || (files.pfx ?? files.cert) === undefined;
    if (isMissing) preparation.problems.push(problem('client-cert-missing', range));
    return undefined;
  }
  const label = path;
  const bytes = await readAt(preparation, directory, path, range);
  if (!bytes) return undefined;
  const cert = bytes.toString('latin1');
  if (files.pfx !== undefined || !cert.includes('-----BEGIN ')) {
    // Of two words behind a directive, the second one is the passphrase.
    const passphrase = passphraseFor(preparation, files, { written: files.key, label, range, isEncrypted: false });
    return passphrase === null ? undefined : { label, from, pfx: bytes.toString('base64'), ...passphrase };
  }
  const keyPath = put(preparation, files.key, range);
  const key = keyPath === undefined ? undefined : await readAt(preparation, directory, keyPath, range);
  if (keyPath !== undefined && !key) return undefined;
  const keyText = key?.toString('latin1');
  const isEncrypted = pemKeyIn(keyText ?? cert) === 'encrypted';
  const passphrase = passphraseFor(preparation, files, { written: files.rest, label, range, isEncrypted });
  if (passphrase === null) return undefined;
  return { label, from, cert, ...(keyText === undefined ? {} : { key: keyText, keyLabel: keyPath! }), ...passphrase };
}

/** A text with its variables; undefined when it is not there, or a variable has no value, which is told. */
function put({ resolve, problems }: Preparation, written: string | undefined, range: Range): string | undefined {
  if (written === undefined) return undefined;
  const { text, faults } = resolve(written);
  for (const { code, places } of faults) problems.push(problem(code, range, places));
  return faults.length > 0 ? undefined : text;
}

async function readAt(
  { problems }: Preparation, directory: string, path: string, range: Range,
): Promise<Buffer | undefined> {
  const absolute = path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolvePath(directory, path);
  try {
    const found = await stat(absolute);
    if (found.isFile() && found.size <= largestFile) return await readFile(absolute);
    problems.push(problem('client-cert-not-a-file', range, { absolute }));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    problems.push(problem('client-cert-unreadable', range, { absolute, reason }));
  }
  return undefined;
}

/** Null when there is none although there must be, which is told or asked. */
function passphraseFor(
  preparation: Preparation, { passphrase, asksPassphrase }: CertificateFiles,
  { written, label, range, isEncrypted }: {
    written?: string | undefined; label: string; range: Range; isEncrypted: boolean;
  },
): { readonly passphrase?: string } | null {
  const said = passphrase ?? written ?? (isEncrypted || asksPassphrase ? `{{${question(label)}}}` : undefined);
  if (said === undefined) return {};
  const text = put(preparation, said, range);
  return text === undefined ? null : { passphrase: text };
}

/** Asked once a session, typed unseen, and masked wherever it would be shown. */
function question(label: string): string {
  return `$input ${passphraseOf}${basename(label).replace(/[{}$\r\n]/g, '')}`;
}

/** Whether a header line is for the sender alone: httpYac's names files. */
export function isForSender({ name, value }: HttpRequest['headers'][number]): boolean {
  return name.toLowerCase() === 'x-clientcert' && /\b(?:cert|pfx)\s*:/i.test(value.slice(0, longestValue));
}
