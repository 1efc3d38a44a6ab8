import type { SecureContextOptions, SecureVersion } from 'node:tls';
import { DEFAULT_MAX_VERSION, DEFAULT_MIN_VERSION } from 'node:tls';
import type { VersionsOffered } from '../../trace/tls/facts.ts';
import type { ClientCertificate, TlsVersion, TlsWishes } from '../../trace/request.ts';
import { identityId, identityOf } from './clientCertificate.ts';

/** What a context is made with besides the roots it trusts. Those with the same `key` are the same. */
export interface ContextWish {
  readonly key: string;
  readonly options: SecureContextOptions;
  /** The operating system's roots are not trusted. */
  readonly systemRoots?: false;
}

/** Ciphers that OpenSSL does not allow. */
export class InvalidCiphers extends Error {}

/** Versions from which to which nothing is left. */
export class InvalidVersions extends Error {}

const numbers: Readonly<Record<TlsVersion, SecureVersion>> = {
  '1.0': 'TLSv1', '1.1': 'TLSv1.1', '1.2': 'TLSv1.2', '1.3': 'TLSv1.3',
};

/** The versions that are offered, in OpenSSL's words. */
function versionsOffered({ minVersion, maxVersion }: TlsWishes = {}): { min: SecureVersion; max: SecureVersion } {
  const max = maxVersion === undefined ? DEFAULT_MAX_VERSION : numbers[maxVersion];
  const min = minVersion !== undefined ? numbers[minVersion]
    // Who asks for at most TLS 1.1 does not mean none.
    : max < DEFAULT_MIN_VERSION ? max : DEFAULT_MIN_VERSION;
  return { min, max };
}

const noWishes: VersionsOffered = Object.freeze({ min: DEFAULT_MIN_VERSION, max: DEFAULT_MAX_VERSION, chosen: false });

/** The same, as it is told. */
export function offeredVersions(tls: TlsWishes | undefined): VersionsOffered {
  const chosen = tls?.minVersion !== undefined || tls?.maxVersion !== undefined;
  return chosen ? { ...versionsOffered(tls), chosen } : noWishes;
}

/**
 * Undefined when nothing is asked besides the defaults.
 * Throws `UnusableClientCertificate` and {@link InvalidVersions}.
 */
export function contextWish(
  certificate: ClientCertificate | undefined, tls: TlsWishes | undefined,
): ContextWish | undefined {
  const hasVersions = tls?.minVersion !== undefined || tls?.maxVersion !== undefined;
  const trusts = tls?.systemRoots === false ? { systemRoots: false } as const : {};
  if (!certificate && !hasVersions && tls?.ciphers === undefined) {
    return tls?.systemRoots === false ? { key: wishKey(undefined, tls), options: {}, ...trusts } : undefined;
  }
  const { min, max } = versionsOffered(tls);
  if (min > max) throw new InvalidVersions(`${min} > ${max}`);
  const ciphers = tls?.ciphers ?? (min < 'TLSv1.2' ? oldCiphers : undefined);
  return {
    key: wishKey(certificate, tls), ...trusts,
    options: {
      ...(certificate ? identityOf(certificate).options : {}),
      ...(hasVersions ? { minVersion: min, maxVersion: max } : {}),
      ...(ciphers === undefined ? {} : { ciphers }),
    },
  };
}

/** What is asked for connections to others than the server: only whom to trust. */
export function rootsWish(systemRoots: boolean | undefined): ContextWish | undefined {
  return contextWish(undefined, systemRoots === false ? { systemRoots } : undefined);
}

/** OpenSSL 3 counts the signatures of TLS 1.0 and 1.1 as too weak, unless it is told not to. */
const oldCiphers = 'DEFAULT:@SECLEVEL=0';

/** Tells apart what connections must not share; empty for the defaults. */
export function wishKey(certificate: ClientCertificate | undefined, tls: TlsWishes | undefined): string {
  const { minVersion = '', maxVersion = '', ciphers = '' } = tls ?? {};
  const versions = minVersion + maxVersion + ciphers === '' ? '' : ` tls ${minVersion}..${maxVersion} ${ciphers}`;
  const wishes = tls?.systemRoots === false ? `${versions} without system roots` : versions;
  return certificate ? `${wishes} identity ${identityId(certificate)}` : wishes;
}
