import type { Argument } from './flags.ts';
import type { CurlOption } from './request.ts';
import type { Word } from './word.ts';

/** Options that are about TLS: certificates of one's own, versions and ciphers. */
export const tlsOptions: ReadonlySet<string> = new Set([
  'cert', 'key', 'pass', 'cert-type', 'key-type', 'ciphers', 'tls-max',
  'tlsv1', 'tlsv1.0', 'tlsv1.1', 'tlsv1.2', 'tlsv1.3',
]);

/** What they come to as metadata; what means nothing here goes to `ignored`, what cannot be done to `unsupported`. */
export function tlsOptionsOf(
  given: readonly Argument[], lists: { readonly unsupported: Word[]; readonly ignored: Word[] },
): CurlOption[] {
  return [...certificateOf(given, lists), ...versionsOf(given, lists), ...ciphersOf(given)];
}

type Lists = Parameters<typeof tlsOptionsOf>[1];

function last(given: readonly Argument[], name: string): Argument | undefined {
  return given.findLast((argument) => argument.name === name && argument.value);
}

/** `-E cert[:passphrase] --key key --pass passphrase`; which format the files have shows when they are read. */
function certificateOf(given: readonly Argument[], { unsupported, ignored }: Lists): CurlOption[] {
  const [cert, key, pass] = ['cert', 'key', 'pass'].map((name) => last(given, name));
  const types = given.filter(({ name, value }) => name.endsWith('-type') && !/^(?:PEM|P12)$/i.test(value?.text ?? ''));
  unsupported.push(...types.map(({ flag }) => flag));
  if (!cert) {
    ignored.push(...[key, pass].flatMap((one) => one ? [one.flag] : []));
    return [];
  }
  const { path, passphrase } = certificateWord(cert.value!.text);
  const secret = pass?.value?.text ?? passphrase;
  const words = [path, ...key ? [key.value!.text] : [], ...secret === undefined ? [] : [secret]];
  // Without a file of the key between them, a passphrase of PEM would be taken for one: both are in the certificate's.
  if (!key && secret !== undefined && !/\.(?:p12|pfx)$/i.test(path)) words.splice(1, 0, path);
  return [optionOf('client-cert', words.map(quoted).join(' '), cert)];
}

/** curl's own reading: `\:` is a colon of the name, and so is that of a drive. */
export function certificateWord(word: string): { readonly path: string; readonly passphrase?: string } {
  for (let at = /^[A-Za-z]:[\\/]/.test(word) ? 2 : 0; at < word.length; at++) {
    if (word[at] === '\\') at++;
    else if (word[at] === ':') return { path: plain(word.slice(0, at)), passphrase: word.slice(at + 1) };
  }
  return { path: plain(word) };
}

function plain(path: string): string {
  return path.replace(/\\([:\\])/g, '$1');
}

function quoted(word: string): string {
  return /^[^\s"{}]+$/.test(word) || /^\{\{[^{}]*\}\}$/.test(word) ? word : `"${word.replaceAll('"', '')}"`;
}

function versionsOf(given: readonly Argument[], { ignored }: Lists): CurlOption[] {
  const min = given.findLast(({ name }) => name.startsWith('tlsv1'));
  const max = last(given, 'tls-max');
  const from = min && (min.name === 'tlsv1' ? '1.0' : min.name.slice(4));
  const to = /^1\.[0-3]$/.exec(max?.value?.text ?? '')?.[0];
  if (max && to === undefined && max.value?.text !== 'default') ignored.push(max.flag);
  const first = min ?? max;
  return first && (from ?? to) !== undefined ? [optionOf('tls-version', `${from ?? ''}..${to ?? ''}`, first)] : [];
}

function ciphersOf(given: readonly Argument[]): CurlOption[] {
  const ciphers = last(given, 'ciphers');
  return ciphers ? [optionOf('tls-ciphers', ciphers.value!.text, ciphers)] : [];
}

function optionOf(key: string, value: string, { from, to }: Argument): CurlOption {
  return { key, value, from, to };
}
