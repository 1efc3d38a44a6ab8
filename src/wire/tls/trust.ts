import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import {
  createSecureContext, getCACertificates, rootCertificates, type SecureContext, type SecureContextOptions,
} from 'node:tls';
import type { TrustAnchor } from '../../trace/request.ts';
import { InvalidCiphers, type ContextWish } from './wishes.ts';

/** Whom a connection trusts, and which store a certificate it trusts came from. */
export interface Trust {
  readonly context: SecureContext;
  /** The same for the same roots, and for the same wishes besides them. */
  readonly key: string;
  /** The label of the store that holds this certificate (DER), if one does. */
  sourceOf(certificate: Buffer): string | undefined;
  /** The certificate (DER) of a store that this one names as its issuer, if there is one. Looks through all of them. */
  issuerOf(certificate: X509Certificate): Buffer | undefined;
}

interface Root {
  readonly pem: string;
  /** `system`, Mozilla's list in Node, the variable that named the file, or the anchor's label. */
  readonly source: string;
}

/** An anchor that holds no readable certificate. */
export class InvalidTrustAnchor extends Error {
  readonly label: string;

  constructor(label: string, cause: unknown) {
    super(`The trust anchor ${JSON.stringify(label)} holds no readable certificate.`, { cause });
    this.label = label;
  }
}

const trusts = new Map<string, Trust>();
/** Sets of anchors change with settings and with each lab, so old ones are let go of. */
const maxTrusts = 16;
let roots: ReadonlyMap<string, Root> | undefined;
let rootsWithoutSystem: ReadonlyMap<string, Root> | undefined;

/**
 * The public roots, the operating system's unless `wish` is to go without, the environment's (`SSL_CERT_FILE`,
 * `SSL_CERT_DIR`, `NODE_EXTRA_CA_CERTS`), and those of `anchors` that may speak for `host`. A context with all of them
 * takes tens of milliseconds to make: it is made once for each set of anchors and each wish besides them.
 * Throws {@link InvalidTrustAnchor} and {@link InvalidCiphers}.
 */
export function trustFor(host: string, anchors: readonly TrustAnchor[] = [], wish?: ContextWish): Trust {
  const chosen = anchors.filter((anchor) => speaksFor(anchor, host));
  const key = JSON.stringify(chosen.map(({ pem, label }) => [pem, label])) + (wish?.key ?? '');
  let trust = trusts.get(key);
  if (trust) return trust;
  const [oldest] = trusts.keys();
  if (trusts.size >= maxTrusts && oldest !== undefined) trusts.delete(oldest);
  trust = createTrust(chosen, key, wish);
  trusts.set(key, trust);
  return trust;
}

/** Whether an anchor's zones, if it has any, hold `host`: the zone itself or a name below it. */
export function speaksFor(anchor: TrustAnchor, host: string): boolean {
  if (!anchor.zones) return true;
  const name = normalized(host);
  return anchor.zones.map(normalized).some((zone) => name === zone || name.endsWith(`.${zone}`));
}

function normalized(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** As Node has it beneath a context; absent where the runtime is another. */
interface Extensible {
  readonly context: { addCACert?(pem: string): void };
}

/** With all public roots, to which the first set of anchors need only be added. */
let spare: SecureContext | undefined;

/**
 * Makes what takes tens of milliseconds the first time: reads the roots, and makes a context of them for anchors.
 * Throws where a root cannot be read.
 */
export function prepareTrust(): void {
  roots ??= readRoots(true);
  const ca = [...roots.values()].map(({ pem }) => pem);
  const context = createSecureContext({ ca, allowPartialTrustChain: true });
  if (typeof (context as unknown as Extensible).context.addCACert === 'function') spare = context;
}

/** The spare one with these added; nothing else has it. */
function extendedSpare(anchors: readonly string[]): SecureContext | undefined {
  const context = spare;
  spare = undefined;
  for (const pem of anchors) (context as unknown as Extensible | undefined)?.context.addCACert!(pem);
  return context;
}

function createTrust(anchors: readonly TrustAnchor[], key: string, wish: ContextWish | undefined): Trust {
  const isWithSystem = wish?.systemRoots !== false;
  const all = new Map<string, Root>(
    isWithSystem ? roots ??= readRoots(true) : rootsWithoutSystem ??= readRoots(false));
  const added = anchors.flatMap((anchor) => certificatesOf(anchor).map((pem) => ({ pem, source: anchor.label })));
  for (const root of added) all.set(encoded(root.pem), root);
  const extended = wish || added.length === 0 ? undefined : extendedSpare(added.map(({ pem }) => pem));
  const context = extended ?? contextOf({
    ...wish?.options,
    // One by one: in a joined text one unreadable certificate would hide those behind it.
    ca: [...all.values()].map((root) => root.pem),
    // What the user names as an anchor is one, also when it is not self-signed.
    allowPartialTrustChain: anchors.length > 0,
  });
  return {
    context, key, sourceOf: (certificate) => all.get(certificate.toString('base64'))?.source,
    issuerOf: (certificate) => issuerAmong(all.values(), certificate),
  };
}

function issuerAmong(roots: Iterable<Root>, certificate: X509Certificate): Buffer | undefined {
  for (const { pem } of roots) {
    try {
      const root = new X509Certificate(pem);
      if (certificate.checkIssued(root)) return root.raw;
    } catch {
      // A store may hold what cannot be read.
    }
  }
  return undefined;
}

/** The list of ciphers is the only part that nobody has looked at before. */
function contextOf(options: SecureContextOptions): SecureContext {
  try {
    return createSecureContext(options);
  } catch (error) {
    if (options.ciphers === undefined || !/cipher/i.test((error as Error).message)) throw error;
    throw new InvalidCiphers((error as Error).message, { cause: error });
  }
}

function certificatesOf(anchor: TrustAnchor): string[] {
  const blocks = blocksOf(anchor.pem);
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch (error) {
    throw new InvalidTrustAnchor(anchor.label, error);
  }
  if (blocks.length === 0) throw new InvalidTrustAnchor(anchor.label, undefined);
  return blocks;
}

function readRoots(isWithSystem: boolean): Map<string, Root> {
  const found = new Map<string, Root>();
  const add = (source: string, pems: readonly string[]): void => {
    for (const pem of pems) {
      const key = encoded(pem);
      if (!found.has(key)) found.set(key, { pem, source });
    }
  };
  if (isWithSystem) add('system', systemRoots());
  add('Mozilla (Node.js)', rootCertificates);
  add('SSL_CERT_FILE', fileRoots(process.env['SSL_CERT_FILE']));
  add('SSL_CERT_DIR', directoryRoots(process.env['SSL_CERT_DIR']));
  add('NODE_EXTRA_CA_CERTS', fileRoots(process.env['NODE_EXTRA_CA_CERTS']));
  return found;
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

function directoryRoots(list: string | undefined): string[] {
  return (list ?? '').split(delimiter).filter(Boolean).flatMap((directory) => {
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

function blocksOf(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

function encoded(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, '');
}
