/**
 * Why a server gave no response, after its name, in the lab's own words: Node's give advice about itself.
 *
 * @param error of a request that was sent on.
 */
export function explainSilence({ code = '' }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'refuses connections';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'broke the connection off';
  if (code.startsWith('HPE_')) return `answered with what is no HTTP (${code})`;
  const certificate = certificates[code];
  if (certificate) return `showed a certificate that ${certificate} (${code})`;
  if (/^(?:ERR_SSL|EPROTO)/.test(code)) return `refused TLS, or speaks none (${code})`;
  return `could not be reached${code === '' ? '' : ` (${code})`}`;
}

/** What is wrong with a certificate, by the names that Node has for it. */
const certificates: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'leads to a self-signed one that nobody here trusts',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'came without the one of its issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'came without the one of its issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'came without the one of its issuer',
  CERT_SIGNATURE_FAILURE: 'has a signature that is wrong',
};
