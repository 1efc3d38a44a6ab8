import type { ClientCertificate } from '../../trace/request.ts';

/** The files of a client certificate as somebody names them: PEM with its key, or PKCS #12. */
export interface CertificateFiles {
  readonly cert?: string;
  readonly key?: string;
  readonly pfx?: string;
  /** May be a variable. */
  readonly passphrase?: string;
  /** It is encrypted, and the user is to be asked. */
  readonly asksPassphrase?: boolean;
  /** Base of the paths. */
  readonly directory: string;
  readonly from: ClientCertificate['from'];
}

/** For the hosts that `host` means: `example.com`, `*.example.com`, each with or without a port, or `*`. */
export interface HostCertificate extends CertificateFiles {
  readonly host: string;
}

/** At most so many of a setting are looked at. */
const most = 1000;

/** Our own setting: a list of objects. What is no such thing is left out. */
export function certificatesIn(
  setting: unknown, directory: string, from: ClientCertificate['from'],
): HostCertificate[] {
  if (!Array.isArray(setting)) return [];
  return setting.slice(0, most).flatMap((one: unknown) =>
    isRecord(one) ? fromRecord(one['host'], one, directory, from) : []);
}

/** REST Client's `rest-client.certificates` and httpYac's `clientCertificates`: objects by host. */
export function certificatesByHost(
  setting: unknown, directory: string, from: ClientCertificate['from'],
): HostCertificate[] {
  if (!isRecord(setting)) return [];
  return Object.entries(setting).slice(0, most).flatMap(([host, one]) =>
    isRecord(one) ? fromRecord(host, one, directory, from) : []);
}

function fromRecord(
  host: unknown, one: Record<string, unknown>, directory: string, from: ClientCertificate['from'],
): HostCertificate[] {
  const text = (name: string): string | undefined =>
    typeof one[name] === 'string' && one[name] !== '' ? one[name] : undefined;
  const [cert, key, pfx, passphrase] = ['cert', 'key', 'pfx', 'passphrase'].map(text);
  if (typeof host !== 'string' || host.trim() === '' || (cert === undefined && pfx === undefined)) return [];
  return [{
    host: host.trim(), directory, from,
    ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }),
    ...(pfx === undefined ? {} : { pfx }), ...(passphrase === undefined ? {} : { passphrase }),
  }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The first that is meant for a URL: the command line's before all others, exact hosts before patterns, those with a
 * port before those without.
 */
export function certificateFor(url: URL, certificates: readonly HostCertificate[]): HostCertificate | undefined {
  const meant = certificates.filter(({ host }) => isMeant(host, url));
  return meant.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
}

function rankOf({ host, from }: HostCertificate): number {
  if (from === 'command-line') return -1;
  const name = nameIn(host);
  return (name === '*' ? 4 : name.includes('*') ? 2 : 0) + (portIn(host) === undefined ? 1 : 0);
}

function isMeant(pattern: string, { hostname, port, protocol }: URL): boolean {
  if (protocol !== 'https:' && protocol !== 'wss:') return false;
  const wanted = portIn(pattern);
  if (wanted !== undefined && wanted !== (port === '' ? '443' : port)) return false;
  const name = nameIn(pattern);
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (name === '*') return true;
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name || host === `[${name}]`;
}

function portIn(pattern: string): string | undefined {
  return /^(?:\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(pattern)?.[1];
}

function nameIn(pattern: string): string {
  const port = portIn(pattern);
  const name = port === undefined ? pattern : pattern.slice(0, -port.length - 1);
  return name.toLowerCase().replace(/\.$/, '');
}
