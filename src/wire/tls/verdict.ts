import type { CertificateFacts, TlsFacts } from '../../trace/tls/facts.ts';
import type { Failure, FailureCode } from '../../trace/failure.ts';

const day = 86_400_000;

/**
 * OpenSSL's reasons not to trust a chain (`X509_verify_cert_error_string`); any other makes the
 * certificate invalid. A self-signed root that the server sent does not make the server's own
 * certificate self-signed: its authority is unknown to us.
 */
const chainErrors: Readonly<Record<string, FailureCode>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
  CERT_UNTRUSTED: 'certificate-untrusted',
  HOSTNAME_MISMATCH: 'certificate-name-mismatch',
};

/**
 * Why the server's certificate is refused, or undefined when both checks passed. The chain's error comes
 * first; `problems` in the detail names everything found. `today` is epoch ms.
 */
export function certificateFailure(tls: TlsFacts, today: number): Failure | undefined {
  const { chainError, nameError } = tls;
  if (chainError === undefined && nameError === undefined) return undefined;
  const code = codeOf(tls, today);
  const certificate = culprit(tls.certificateChain, code, today);
  return {
    phase: 'tls',
    code,
    confidence: 'certain',
    cause: {
      code: chainError ?? 'ERR_TLS_CERT_ALTNAME_INVALID', message: chainError ?? nameError ?? '',
    },
    detail: {
      problems: problemsOf(tls, code, today),
      ...(chainError === undefined ? {} : { chainError }),
      ...(nameError === undefined ? {} : { nameError }),
      ...(tls.serverName === undefined ? {} : { serverName: tls.serverName }),
      ...(certificate ? detailOf(certificate, tls.certificateChain, today) : {}),
    },
  };
}

function codeOf({ chainError, certificateChain }: TlsFacts, today: number): FailureCode {
  if (chainError === undefined) return 'certificate-name-mismatch';
  // OpenSSL reports the last of several errors; of a self-signed one that has expired, either.
  const code = chainErrors[chainError] ?? 'certificate-invalid';
  const [leaf] = certificateChain;
  if (code !== 'certificate-untrusted' || !leaf?.selfSigned || leaf.trustedFrom) return code;
  return leaf.validTo < today ? 'certificate-expired' : 'certificate-self-signed';
}

function problemsOf(tls: TlsFacts, code: FailureCode, today: number): string[] {
  const [leaf] = tls.certificateChain;
  const problems = new Set<FailureCode>([code]);
  if (leaf && leaf.validTo < today) problems.add('certificate-expired');
  if (leaf && leaf.validFrom > today) problems.add('certificate-not-yet-valid');
  if (leaf?.selfSigned && !leaf.trustedFrom) problems.add('certificate-self-signed');
  if (tls.nameError !== undefined) problems.add('certificate-name-mismatch');
  return [...problems];
}

/** The certificate of the chain that a reader should look at: for dates the one out of date. */
function culprit(
  chain: readonly CertificateFacts[], code: FailureCode, today: number,
): CertificateFacts | undefined {
  const found = code === 'certificate-expired' ? chain.find((each) => each.validTo < today)
    : code === 'certificate-not-yet-valid' ? chain.find((each) => each.validFrom > today)
    : undefined;
  return found ?? chain[0];
}

function detailOf(
  certificate: CertificateFacts, chain: readonly CertificateFacts[], today: number,
): Record<string, string | number | boolean | readonly string[]> {
  const { subject, issuer, validFrom, validTo, subjectAltNames, fingerprint256 } = certificate;
  return {
    subject, issuer, validFrom, validTo, fingerprint256, names: subjectAltNames,
    depth: chain.indexOf(certificate),
    lastIssuer: chain.at(-1)?.issuer ?? issuer,
    ...(validTo < today ? { daysAgo: Math.floor((today - validTo) / day) } : {}),
    ...(validFrom > today ? { daysAhead: Math.ceil((validFrom - today) / day) } : {}),
  };
}
