import { lifetime } from './authority.ts';
import type { CertificateAuthority, CertificateRequest, ServerCertificate } from './authority.ts';

const day = 86_400_000;

/** What the good certificate is for; RFC 9525 §6.3: the wildcard stands for one label only. */
export const goodNames = ['lab.test', '*.lab.test', 'localhost', '127.0.0.1', '::1'] as const;

/** How the lab speaks TLS under one of its names. */
export interface Identity {
  readonly certificate: ServerCertificate;
  readonly maxVersion?: 'TLSv1.2';
  /** Of OpenSSL: it would not use a weak key otherwise. */
  readonly ciphers?: string;
  /** Who is trusted to vouch for clients; a client without a certificate of theirs is refused. */
  readonly clientAuthority?: string;
  /** Says at `now` (epoch ms) that the certificate has not been revoked. */
  readonly staple?: (now: number) => Buffer;
}

type Recipe = (authority: CertificateAuthority, now: number) => Promise<Identity>;

/** A certificate for `name` that is good but for what `other` says. */
function withCertificate(name: string, other: (now: number) => Partial<CertificateRequest>): Recipe {
  return async (authority, now) => ({
    certificate: await authority.issue({ ...goodRequest([name], now), ...other(now) }),
  });
}

function goodRequest(names: readonly string[], now: number): CertificateRequest {
  return { names, validFrom: now - 3_600_000, validTo: now + lifetime };
}

const good: Recipe = async (authority, now) => ({ certificate: await authority.issue(goodRequest(goodNames, now)) });

/** Server names with one thing about their TLS that is not as usual, and nothing else. */
const recipes: Readonly<Record<string, Recipe>> = {
  'expired.lab.test': withCertificate('expired.lab.test', (now) => ({ validFrom: now - 31 * day, validTo: now - day })),
  'notyet.lab.test': withCertificate('notyet.lab.test', (now) => ({ validFrom: now + day, validTo: now + 31 * day })),
  // Within the root's name constraints: the chain is trusted, and only the name is wrong.
  'wrong.lab.test': withCertificate('wrong.lab.test', () => ({ names: ['shop.lab.test', '*.shop.lab.test'] })),
  'selfsigned.lab.test': async (authority, now) =>
    ({ certificate: await authority.issueSelfSigned(goodRequest(['selfsigned.lab.test'], now)) }),
  'incomplete.lab.test': withCertificate('incomplete.lab.test', () => ({ sent: 'alone' })),
  // RFC 8446 §4.4.2: each certificate should vouch for the one before it. Most clients cope.
  'disorder.lab.test': withCertificate('disorder.lab.test', () => ({ sent: 'root-first' })),
  'weak.lab.test': async (authority, now) => ({
    certificate: await authority.issue({ ...goodRequest(['weak.lab.test'], now), key: 'RSA 1024' }),
    ciphers: 'DEFAULT@SECLEVEL=0',
  }),
  'client.lab.test': async (authority, now) => ({
    certificate: await authority.issue(goodRequest(['client.lab.test'], now)), clientAuthority: authority.rootPem,
  }),
  'tls12.lab.test': async (authority, now) =>
    ({ certificate: await authority.issue(goodRequest(['tls12.lab.test'], now)), maxVersion: 'TLSv1.2' }),
  'stapled.lab.test': async (authority, now) => {
    const certificate = await authority.issue(goodRequest(['stapled.lab.test'], now));
    return { certificate, staple: (at) => authority.vouchFor(certificate.chain, at) };
  },
};

/** Names with a certificate of their own. */
export const specialNames: readonly string[] = Object.keys(recipes);

/** The identities of the lab by server name (SNI, RFC 6066 §3). */
export interface ServerNames {
  /** Its name in lower case; every name that is not special has the good one, called `lab.test`. */
  nameFor(serverName: string | undefined): string;
  /** The identity of a name of {@link nameFor}, made when first asked for. */
  identity(name: string): Promise<Identity>;
}

/** Issues the good certificate and remembers how to make the others; `now` in epoch ms. */
export async function createServerNames(
  authority: CertificateAuthority, now: number,
): Promise<ServerNames> {
  const usual = 'lab.test';
  const identities = new Map([[usual, good(authority, now)]]);
  await identities.get(usual);
  return {
    nameFor(serverName = usual) {
      const name = serverName.toLowerCase();
      return Object.hasOwn(recipes, name) ? name : usual;
    },
    identity(name) {
      const identity = identities.get(name) ?? recipes[name]!(authority, now);
      identities.set(name, identity);
      return identity;
    },
  };
}
