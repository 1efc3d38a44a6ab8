import { randomBytes } from 'node:crypto';
import type { AuthorizationFacts, ChallengeVerdict } from '../../../trace/authorization.ts';
import type { Authentication, FieldLine, RequestSpec } from '../../../trace/request.ts';
import type { RequestBody, ResponseHead } from '../transmission.ts';
import { signedFields } from './awsFields.ts';
import { createDigestSessions } from './digestSessions.ts';

/** What is known of a request when its credentials are computed. */
export interface Outgoing {
  readonly spec: RequestSpec;
  readonly url: URL;
  /** The typed `Host`, else that of the URL. */
  readonly authority: string;
  readonly body: RequestBody | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Fields to add to a request, and how they were made. */
export interface Authorized {
  readonly fields: readonly FieldLine[];
  readonly facts: AuthorizationFacts;
}

/** What a response to a request with credentials means for the next one. */
export type Answer = ChallengeVerdict | { readonly outcome: 'answerable' };

/** Clock (epoch ms) and randomness, so that tests know what is computed. */
export interface Sources {
  readonly now: () => number;
  readonly cnonce: () => string;
}

const machine: Sources = { now: () => Date.now(), cnonce: () => randomBytes(18).toString('base64url') };

/** Computes credentials for requests, and remembers what servers said of them. */
export interface Authenticator {
  /**
   * The fields for a request; undefined when there is nothing to send yet. `resend` says that the request answers a
   * challenge. Rejects when a file of the body cannot be read, or when `signal` is aborted.
   */
  authorize(outgoing: Outgoing, resend: boolean): Promise<Authorized | undefined>;
  /**
   * Takes what a response says: a challenge, or the next nonce. Undefined when it asks for nothing. `resend` says that
   * the request answered a challenge: at most one retry is made.
   */
  receive(spec: RequestSpec, head: ResponseHead, wasSent: boolean, resend: boolean): Answer | undefined;
  /**
   * Whether the server proved in `Authentication-Info` that it knows the password, too; undefined when it did not try,
   * or when the proof is over a body (`auth-int`).
   */
  proof(spec: RequestSpec, head: ResponseHead, facts: AuthorizationFacts): 'proved' | 'wrong' | undefined;
}

/**
 * An authenticator that remembers the challenges it has met; clock and randomness are those of the machine unless
 * given.
 */
export function createAuthenticator(sources: Sources = machine): Authenticator {
  const digest = createDigestSessions(sources.cnonce);
  return {
    authorize: async (outgoing, resend) => {
      const { authentication } = outgoing.spec.options;
      // What is typed beside it is the author's own.
      if (!authentication || hasTyped(outgoing.spec)) return undefined;
      switch (authentication.scheme) {
        case 'digest': return digest.authorize(outgoing, authentication, resend);
        case 'aws': return signedFields(outgoing, authentication, sources.now());
        default: return authentication satisfies never;
      }
    },
    receive: (spec, head, wasSent, resend) => {
      const { authentication } = spec.options;
      if (authentication?.scheme !== 'digest' || hasTyped(spec)) return undefined;
      return digest.receive(spec, authentication, head, wasSent, resend);
    },
    proof: (spec, head, facts) => {
      const { authentication } = spec.options;
      if (authentication?.scheme !== 'digest' || facts.scheme !== 'digest') return undefined;
      return digest.proof(spec, authentication, head, facts);
    },
  };
}

function hasTyped({ headers }: RequestSpec): boolean {
  return headers.some(([name]) => name.toLowerCase() === 'authorization');
}

/**
 * The same request for another origin: credentials stop there, and do not come back on the way home (RFC 9110
 * §15.4).
 */
export function withoutAuthentication(spec: RequestSpec): RequestSpec {
  const { authentication, ...options } = spec.options;
  return authentication ? { ...spec, options } : spec;
}

export type DigestCredentials = Extract<Authentication, { scheme: 'digest' }>;
export type AwsCredentials = Extract<Authentication, { scheme: 'aws' }>;
