import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { lifetime } from './authority.ts';
import type { CertificateAuthority, ServerCertificate } from './authority.ts';

type Recipe = (authority: CertificateAuthority, now: number) => Promise<ServerCertificate>;

const day = 86_400_000;

/** What the good certificate is for; RFC 9525 §6.3: the wildcard stands for one label only. */
export const goodNames = ['lab.test', '*.lab.test', 'localhost', '127.0.0.1', '::1'] as const;

const issueGood: Recipe = (authority, now) =>
  authority.issue({ names: goodNames, validFrom: now - 3_600_000, validTo: now + lifetime });

/** Server names with something wrong about their certificate, and nothing else wrong. */
const badRecipes: Readonly<Record<string, Recipe>> = {
  'expired.lab.test': (authority, now) =>
    authority.issue({ names: ['expired.lab.test'], validFrom: now - 31 * day, validTo: now - day }),
  'notyet.lab.test': (authority, now) =>
    authority.issue({ names: ['notyet.lab.test'], validFrom: now + day, validTo: now + 31 * day }),
  // Within the root's name constraints: the chain is trusted, and only the name is wrong.
  'wrong.lab.test': (authority, now) =>
    authority.issue({
      names: ['shop.lab.test', '*.shop.lab.test'],
      validFrom: now - 3_600_000, validTo: now + lifetime,
    }),
  'selfsigned.lab.test': (authority, now) =>
    authority.issueSelfSigned({
      names: ['selfsigned.lab.test'], validFrom: now - 3_600_000, validTo: now + lifetime,
    }),
};

/** The certificates of the lab by server name (SNI, RFC 6066 §3). */
export interface ServerNames {
  readonly good: ServerCertificate;
  /** The context of a deliberately bad name, made when first asked for; undefined: the good one. */
  contextFor(serverName: string): Promise<SecureContext | undefined>;
}

/** Issues the good certificate and remembers how to make the bad ones; `now` in epoch ms. */
export async function createServerNames(
  authority: CertificateAuthority, now: number,
): Promise<ServerNames> {
  const contexts = new Map<string, Promise<SecureContext>>();
  const good = await issueGood(authority, now);
  return {
    good,
    async contextFor(serverName) {
      const name = serverName.toLowerCase();
      const recipe = Object.hasOwn(badRecipes, name) ? badRecipes[name] : undefined;
      if (!recipe) return undefined;
      const context = contexts.get(name) ?? recipe(authority, now).then(contextOf);
      contexts.set(name, context);
      return context;
    },
  };
}

function contextOf({ chain, key }: ServerCertificate): SecureContext {
  return createSecureContext({ cert: chain, key, minVersion: 'TLSv1.2' });
}
