// The path of a connection's packets as far as this machine knows it, and what its kernel counts of them: types only.

/**
 * What the kernel knows of a TCP connection: times in ms, sizes in bytes, rates in bits a second, windows and counts in
 * segments. What it did not tell is absent; it tells no counter that is zero.
 */
export interface TcpFigures {
  /** `ESTAB`, `CLOSE-WAIT` … as RFC 9293 §3.3.2 has them, in the system's spelling. */
  readonly state?: string;
  /** RFC 6298: the smoothed round-trip time and its variation; `minRtt` is the least of late. */
  readonly rtt?: number;
  readonly rttVariation?: number;
  readonly minRtt?: number;
  readonly retransmissionTimeout?: number;
  /** RFC 9293 §3.7.1; `pathMtu` RFC 1191. */
  readonly mss?: number;
  readonly pathMtu?: number;
  /** RFC 5681. */
  readonly congestionControl?: string;
  readonly congestionWindow?: number;
  readonly slowStartThreshold?: number;
  readonly bytesSent?: number;
  readonly bytesAcknowledged?: number;
  readonly bytesReceived?: number;
  readonly segmentsSent?: number;
  readonly segmentsReceived?: number;
  /** Segments sent again in all; absent: none. */
  readonly retransmissions?: number;
  readonly bytesRetransmitted?: number;
  readonly unacknowledged?: number;
  readonly lost?: number;
  readonly deliveryRate?: number;
  readonly pacingRate?: number;
  /** Bytes the peer lets us send (RFC 9293 §3.8.6), after scaling. */
  readonly sendWindow?: number;
  /** RFC 7323 §2: powers of two. */
  readonly windowScale?: { readonly send: number; readonly receive: number };
}

/** When the kernel was asked: after the handshake, or when an exchange on the connection had ended. */
export type TcpMoment = 'connected' | 'ended';

/** Why there are no figures: this system tells none, the connection was gone already, or asking went wrong. */
export type TcpSilence = 'unsupported' | 'gone' | 'failed';

/**
 * The first step of a connection's packets. `loopback`: they never leave the machine. `direct`: the peer is on the same
 * link. `gateway`: a router takes them on. `point-to-point`: a link without MAC addresses leads on, such as a VPN, a
 * tunnel or PPP. `unknown`: nothing fits; `unsupported`: this system has no way to ask.
 */
type LinkKind = 'loopback' | 'direct' | 'gateway' | 'point-to-point' | 'unknown' | 'unsupported';

/** IPv4 finds MAC addresses by ARP (RFC 826), IPv6 by Neighbor Discovery (RFC 4861). */
export interface Neighbour {
  readonly address: string;
  /** `02:fc:00:00:00:05`; absent while it is not known. */
  readonly mac?: string;
  /** As the system says it, such as `REACHABLE` or `STALE`. */
  readonly state?: string;
}

export interface Link {
  readonly kind: LinkKind;
  /** The network interface that has the connection's own address, and its MAC address. */
  readonly interface?: string;
  readonly mac?: string;
  readonly sourceAddress?: string;
  /** `192.0.2.0/24`: the network of that address. */
  readonly network?: string;
  /** The route that the peer's address takes: `0.0.0.0/0` is the default. */
  readonly route?: string;
  /** The routing table that has it, where that is not the main one: a rule led there. */
  readonly table?: string;
  readonly gateway?: string;
  /** Of the gateway, or of the peer itself where it is on the link. */
  readonly neighbour?: Neighbour;
  /** Where it was read: files or commands. */
  readonly sources: readonly string[];
}
