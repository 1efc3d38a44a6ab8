import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { TrustAnchor } from '../../trace/request.ts';
import { blocksOf, createStore, readRoots, rootsStamp, type Store } from './roots.ts';
import { InvalidCiphers, type ContextWish } from './wishes.ts';

/** Whom a connection trusts, and which store a certificate it trusts came from. */
export interface Trust {
  readonly context: SecureContext;
  /** The same for the same roots, and for the same wishes besides them. */
  readonly key: string;
  /** The label of the store that holds this certificate (DER), if one does. */
  sourceOf(certificate: Buffer): string | undefined;
  /** The certificates in the stores that fit what this one says of its issuer. */
  issuersOf(certificate: X509Certificate): readonly X509Certificate[];
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
let roots: Store | undefined;
let rootsWithoutSystem: Store | undefined;
/** Of the files that the roots were read from. */
let stamp = '';

/**
 * The public roots, the operating system's unless `wish` is to go without, the environment's (`SSL_CERT_FILE`,
 * `SSL_CERT_DIR`, `NODE_EXTRA_CA_CERTS`), and those of `anchors` that may speak for `host`. A context with all of them
 * takes tens of milliseconds to make: it is made once for each set of anchors and each wish besides them, and again
 * when a file of roots has changed. For new connections: each call looks at those files.
 * Throws {@link InvalidTrustAnchor} and {@link InvalidCiphers}.
 */
export function trustFor(host: string, anchors: readonly TrustAnchor[] = [], wish?: ContextWish): Trust {
  forgetChangedRoots();
  const chosen = anchors.filter((anchor) => speaksFor(anchor, host));
  const key = JSON.stringify(chosen.map(({ pem, label }) => [pem, label])) + (wish?.key ?? '');
  let trust = trusts.get(key);
  if (trust) return trust;
  const [oldest] = trusts.keys();
  if (trusts.size >= maxTrusts && oldest !== undefined) trusts.delete(oldest);
  // A session that was verified with other roots is not to be resumed.
  trust = createTrust(chosen, `${key} ${stamp}`, wish);
  trusts.set(key, trust);
  return trust;
}

function forgetChangedRoots(): void {
  const current = rootsStamp();
  if (current === stamp) return;
  stamp = current;
  trusts.clear();
  roots = undefined;
  rootsWithoutSystem = undefined;
  spare = undefined;
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
  forgetChangedRoots();
  roots ??= readRoots(true);
  roots.prepareIssuers();
  const context = createSecureContext({ ca: [...roots.pems], allowPartialTrustChain: true });
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
  const all = isWithSystem ? roots ??= readRoots(true) : rootsWithoutSystem ??= readRoots(false);
  // Here, and not when the first handshake has ended, lest it stand in the times of an exchange.
  all.prepareIssuers();
  const added = createStore(
    anchors.flatMap((anchor) => certificatesOf(anchor).map((pem) => ({ pem, source: anchor.label }))));
  const extended = wish || added.pems.length === 0 ? undefined : extendedSpare(added.pems);
  const context = extended ?? contextOf({
    ...wish?.options,
    // One by one: in a joined text one unreadable certificate would hide those behind it.
    ca: [...all.pems, ...added.pems],
    // What the user names as an anchor is one, also when it is not self-signed.
    allowPartialTrustChain: anchors.length > 0,
  });
  return {
    context, key,
    sourceOf: (certificate) => added.sourceOf(certificate) ?? all.sourceOf(certificate),
    issuersOf: (certificate) => [...added.issuersOf(certificate), ...all.issuersOf(certificate)],
  };
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
