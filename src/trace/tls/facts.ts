import type { OcspStaple, SignedCertificateTimestamp } from './message.ts';

/** A certificate as shown: dates in epoch ms, fingerprint SHA-256 in hex with colons. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** Each with its kind: `DNS:a.test`, `IP Address:192.0.2.7`. */
  readonly subjectAltNames: readonly string[];
  readonly validFrom: number;
  readonly validTo: number;
  readonly serialNumber: string;
  readonly fingerprint256: string;
  /** `EC P-256`, `RSA 2048`, `Ed25519`. */
  readonly publicKey: string;
  readonly signatureAlgorithm?: string;
  readonly isAuthority: boolean;
  readonly selfSigned: boolean;
  readonly sentByServer: boolean;
  /** For the root of a verified chain: which store it came from. */
  readonly trustedFrom?: string;
  readonly pem: string;
  /** Where its issuer's certificate can be had, and its status asked (RFC 5280 §4.2.2.1). */
  readonly issuerUrls?: readonly string[];
  readonly ocspUrls?: readonly string[];
  readonly timestamps?: readonly SignedCertificateTimestamp[];
  /** It asks that its status be stapled to each handshake (RFC 7633). */
  readonly mustStaple?: boolean;
}

export interface TlsFacts {
  /** `TLSv1.3`. */
  readonly version: string;
  readonly cipher: string;
  /** Key agreement group, such as `X25519MLKEM768`. */
  readonly group?: string;
  readonly serverName?: string;
  readonly alpnOffered: readonly string[];
  readonly alpn?: string;
  readonly resumed: boolean;
  readonly verified: boolean;
  /** Verification was switched off for this connection. */
  readonly verificationOff: boolean;
  /** OpenSSL's reason the chain was not trusted, e.g. `CERT_HAS_EXPIRED`. */
  readonly chainError?: string;
  /** Why the certificate does not fit the name (RFC 9525 §6). */
  readonly nameError?: string;
  /**
   * Leaf first, up to the root when the chain was verified. Of a resumed session: those of the handshake it is from.
   */
  readonly certificateChain: readonly CertificateFacts[];
  /** Of a resumed session: the full handshake it is from. */
  readonly resumedFrom?: ResumedSession;
  readonly clientCertificate?: ClientCertificateFacts;
  /** Of the server's certificate, stapled to the handshake. */
  readonly ocsp?: OcspStaple;
}

/** The first and the last version that are offered, `TLSv1.2` and `TLSv1.3`; `chosen` by the request or a setting. */
export interface VersionsOffered {
  readonly min: string;
  readonly max: string;
  readonly chosen: boolean;
}

/** What a resumed session (RFC 8446 §2.2) saved, as the full handshake it is from had it. */
export interface ResumedSession {
  /** How long ago that was, and how long it took, ms: as its own phase has it, if its messages were read by then. */
  readonly age: number;
  readonly handshakeTime: number;
  /** Bytes of the certificates that the server sent then. */
  readonly certificatesSize: number;
}

/** Our own certificate, as far as the server wanted one. */
export interface ClientCertificateFacts {
  /** The server asked for one (RFC 8446 §4.3.2). A resumed session asks again for nothing. */
  readonly asked: boolean;
  /** What was there to present; `presented` only if it was asked for. */
  readonly presented: boolean;
  readonly subject?: string;
  readonly issuer?: string;
  readonly validTo?: number;
  readonly fingerprint256?: string;
  /** The file it is from, and who named the file. */
  readonly label?: string;
  readonly from?: 'request' | 'environment' | 'settings' | 'command-line';
  /** Why there was none: nobody names one, the request wants none, or it belongs to the origin that redirected here. */
  readonly absent?: 'none' | 'request' | 'other-origin';
}
