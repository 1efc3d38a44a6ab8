/** How a request's `Authorization` field was made. The secret it was made with is no part of it. */
export type AuthorizationFacts =
  | {
    readonly scheme: 'digest';
    /** For the proxy (`Proxy-Authorization`), not for the server. */
    readonly to?: 'proxy';
    /** The server's proof in `Authentication-Info` that it knows the password, too (RFC 7616 §3.5). */
    readonly mutual?: 'proved' | 'wrong';
    /** Asked for by the response before, the nonce had become too old, or the nonce was known from earlier. */
    readonly because: 'challenge' | 'stale' | 'known';
    readonly user: string;
    /** The field carries a hash of the user's name (RFC 7616 §3.4.4). */
    readonly userHashed: boolean;
    readonly realm: string;
    /** As in the challenge, `MD5` when it names none. */
    readonly algorithm: string;
    /** Absent without one, as RFC 2069 had it. */
    readonly qop?: 'auth' | 'auth-int';
    readonly nonce: string;
    readonly nonceCount?: number;
    readonly cnonce?: string;
    readonly method: string;
    readonly uri: string;
    readonly response: string;
  }
  | {
    readonly scheme: 'aws';
    readonly accessKeyId: string;
    readonly region: string;
    readonly service: string;
    /** Which of both were read from the host's name or are AWS's defaults. */
    readonly guessed: readonly ('region' | 'service')[];
    /** A session token in it is masked. */
    readonly canonicalRequest: string;
    readonly stringToSign: string;
    readonly signature: string;
  };

/** What became of the challenges of a 401: answered by the exchange named, or why not. */
export type ChallengeVerdict =
  | { readonly outcome: 'answered'; readonly exchangeId: string }
  /** The credentials were sent and refused. */
  | { readonly outcome: 'refused' }
  /** It does not ask for the scheme that the credentials are for. */
  | { readonly outcome: 'other-scheme' }
  /** `part` cannot be computed, or is missing. */
  | { readonly outcome: 'unsupported'; readonly part: 'algorithm' | 'qop' | 'nonce'; readonly value: string };
