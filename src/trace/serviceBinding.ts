// What was made of HTTPS records (RFC 9460): types only.

/**
 * Why a record was not used. `alias-loop`: AliasMode without end; `mandatory`: a key that must be understood is not;
 * `inconsistent`: a key that another one needs is not there; `protocols`: nothing it offers is spoken here over TCP;
 * `priority`: a better one was used; `drawn`: one of the same priority was drawn by lot; `no-address`: its target
 * has none; `unreachable`: nobody answered there, so the origin itself was connected to (§3.1); `port`: the port may
 * not be connected to; `only-shown`: the settings say not to use any; `late`: it came when the connection was under
 * way; `malformed`; `plain`: the request goes over `http`, as it was typed.
 */
export type ServiceReason =
  | 'alias-loop' | 'mandatory' | 'inconsistent' | 'protocols' | 'priority' | 'drawn' | 'no-address' | 'unreachable' | 'port' | 'only-shown'
  | 'late'
  | 'malformed' | 'plain';

/** One record, as it stands in the zone, and what became of it. */
export interface ConsideredService {
  readonly owner: string;
  /** `1 . alpn=h2,h3 port=8443`. */
  readonly value: string;
  readonly used: boolean;
  /** Also of a used one: `unreachable`. */
  readonly reason?: ServiceReason;
  /** The key, the protocols or the port that the reason is about. */
  readonly about?: string;
}

/** Where the connection goes because of a record. */
export interface ServiceEndpoint {
  readonly target: string;
  readonly port: number;
  /** The SVCB ALPN set (§7.1): chooses the transport, TLS over TCP here, and not what is offered in the handshake. */
  readonly protocols: readonly string[];
  /** Address families whose addresses were taken from the hints (§7.3), as no answer had them. */
  readonly hinted: readonly (4 | 6)[];
}

/** What was made of the HTTPS records of a name. */
export interface ServiceDecision {
  readonly considered: readonly ConsideredService[];
  readonly endpoint?: ServiceEndpoint;
  /** The chain of AliasMode targets that was followed (§2.4.2), the origin's name not among them. */
  readonly aliases: readonly string[];
}
