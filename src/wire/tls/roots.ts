import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { getCACertificates, rootCertificates } from 'node:tls';

/** Certificates that are trusted, and where each is from. */
export interface Store {
  readonly pems: readonly string[];
  /** `system`, Mozilla's list in Node, the variable that named the file, or an anchor's label. */
  sourceOf(certificate: Buffer): string | undefined;
  /** Those that fit the name and the key identifier of a certificate's issuer. */
  issuersOf(certificate: X509Certificate): readonly X509Certificate[];
  /** Does what takes milliseconds the first time that one is asked for. */
  prepareIssuers(): void;
}

export interface Root {
  readonly pem: string;
  readonly source: string;
}

/** The first one of several that are the same counts. */
export function createStore(roots: Iterable<Root>): Store {
  const byContent = new Map<string, Root>();
  for (const root of roots) {
    const key = base64Of(root.pem);
    if (!byContent.has(key)) byContent.set(key, root);
  }
  const pems = [...byContent.values()].map(({ pem }) => pem);
  let bySubject: ReadonlyMap<string, readonly X509Certificate[]> | undefined;
  const index = (): ReadonlyMap<string, readonly X509Certificate[]> => bySubject ??= indexed(pems);
  return {
    pems, prepareIssuers: index,
    sourceOf: (certificate) => byContent.get(certificate.toString('base64'))?.source,
    issuersOf: (certificate) =>
      (index().get(nameKey(certificate.issuer)) ?? []).filter((root) => certificate.checkIssued(root)),
  };
}

function indexed(pems: readonly string[]): Map<string, X509Certificate[]> {
  const bySubject = new Map<string, X509Certificate[]>();
  for (const pem of pems) {
    try {
      const root = new X509Certificate(pem);
      const key = nameKey(root.subject);
      bySubject.set(key, [...bySubject.get(key) ?? [], root]);
    } catch {
      // A store may hold what cannot be read.
    }
  }
  return bySubject;
}

/** RFC 5280 §7.1: names are compared without case, and without regard to how many blanks stand together. */
function nameKey(name: string | undefined = ''): string {
  return name.toLowerCase().replace(/ +/g, ' ');
}

/** The certificates in a PEM text, each by itself. */
export function blocksOf(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** RFC 7468: what stands between the two lines. */
export function base64Of(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, '');
}

/**
 * The public roots, the operating system's unless `isWithSystem` is false, and the environment's (`SSL_CERT_FILE`,
 * `SSL_CERT_DIR`, `NODE_EXTRA_CA_CERTS`), read from their files.
 */
export function readRoots(isWithSystem: boolean): Store {
  const { env } = process;
  const from = (source: string, pems: readonly string[]): Root[] => pems.map((pem) => ({ pem, source }));
  return createStore([
    ...(isWithSystem ? from('system', systemRoots()) : []),
    ...from('Mozilla (Node.js)', rootCertificates),
    ...from('SSL_CERT_FILE', fileRoots(env['SSL_CERT_FILE'])),
    ...from('SSL_CERT_DIR', directoryRoots(env['SSL_CERT_DIR'])),
    ...from('NODE_EXTRA_CA_CERTS', fileRoots(env['NODE_EXTRA_CA_CERTS'])),
  ]);
}

/**
 * Changes when a file or folder changes that the roots are read from: takes some microseconds for each. What a system keeps
 * elsewhere than in files, Node reads once; a file of `SSL_CERT_DIR` that is rewritten in its place is not noticed.
 */
export function rootsStamp(): string {
  const { env } = process;
  const own = [env['SSL_CERT_FILE'], ...directoriesIn(env['SSL_CERT_DIR']), env['NODE_EXTRA_CA_CERTS']];
  return [systemStamp(), ...own.map((path) => path ? stampOf(path) : '')].join();
}

function systemStamp(): string {
  return process.platform === 'linux' ? linuxBundles.map(stampOf).join() : '';
}

function stampOf(path: string): string {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats ? `${stats.ino} ${stats.size} ${stats.mtimeMs}` : '';
  } catch {
    return '';
  }
}

/** Where distributions of Linux keep the list as one file: Debian and Arch, Fedora, openSUSE, Alpine. */
const linuxBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** On Linux the files hold what Node would gather from them in ten times the time. */
function systemRoots(): readonly string[] {
  if (process.platform === 'linux') {
    for (const path of linuxBundles) {
      const pems = fileRoots(path);
      if (pems.length > 0) return pems;
    }
  }
  // Absent in Node before 22.15.
  return typeof getCACertificates === 'function' ? getCACertificates('system') : [];
}

function directoriesIn(list: string | undefined): string[] {
  return (list ?? '').split(delimiter).filter(Boolean);
}

function directoryRoots(list: string | undefined): string[] {
  return directoriesIn(list).flatMap((directory) => {
    try {
      return readdirSync(directory).flatMap((name) => fileRoots(join(directory, name)));
    } catch {
      return [];
    }
  });
}

function fileRoots(path: string | undefined): string[] {
  if (!path) return [];
  try {
    return blocksOf(readFileSync(path, 'latin1'));
  } catch {
    return [];
  }
}
