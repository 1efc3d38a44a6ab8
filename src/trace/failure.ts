/** The steps of an exchange, in HAR 1.2 order; `proxy` is the CONNECT exchange with a proxy. */
export type PhaseName = 'blocked' | 'dns' | 'tcp' | 'proxy' | 'tls' | 'send' | 'wait' | 'receive';

export const phaseNames: readonly PhaseName[] =
  ['blocked', 'dns', 'tcp', 'proxy', 'tls', 'send', 'wait', 'receive'];

/** Why an exchange stopped. The text for each is made in `explain/failure`. */
export type FailureCode =
  // before anything is sent
  | 'invalid-request' | 'body-file-unreadable' | 'body-file-changed' | 'unsupported'
  // name lookup
  | 'name-not-found' | 'name-without-address' | 'name-server-failed' | 'name-timeout'
  // TCP
  | 'connection-refused' | 'host-unreachable' | 'network-unreachable' | 'connect-timeout'
  | 'address-unavailable' | 'permission-denied'
  // proxy
  | 'proxy-refused' | 'proxy-malformed'
  // TLS
  | 'certificate-expired' | 'certificate-not-yet-valid' | 'certificate-self-signed'
  | 'certificate-untrusted' | 'certificate-name-mismatch' | 'certificate-invalid'
  | 'client-certificate' | 'tls-not-spoken' | 'tls-alert' | 'tls-handshake' | 'tls-timeout' | 'alpn-refused'
  // HTTP
  | 'connection-reset' | 'connection-closed' | 'malformed-response' | 'response-head-too-large'
  | 'response-truncated' | 'trailers-too-large' | 'head-timeout' | 'idle-timeout' | 'stream-reset' | 'goaway'
  | 'web-socket-refused' | 'web-socket-handshake' | 'web-socket-protocol' | 'web-socket-broken'
  | 'decoding-failed' | 'content-too-large' | 'content-not-stored'
  // redirects
  | 'too-many-redirects' | 'redirect-invalid'
  // the whole exchange
  | 'total-timeout' | 'cancelled' | 'engine-ended' | 'internal';

/** How sure the classification is: seen on the wire, concluded from an error code, or guessed. */
export type Confidence = 'certain' | 'likely' | 'guess';

/** Why an exchange stopped, as data. `detail` holds the figures and names the text needs. */
export interface Failure {
  readonly phase: PhaseName;
  readonly code: FailureCode;
  readonly confidence: Confidence;
  /** The error underneath, as the platform said it. */
  readonly cause?: { readonly code?: string; readonly message: string };
  readonly host?: string;
  readonly address?: string;
  readonly port?: number;
  readonly detail?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}
