/** RFC 8446 §6 and the IANA registry of TLS alerts; some are of TLS 1.2 and earlier only. */
const names: Readonly<Record<number, string>> = {
  0: 'close_notify', 10: 'unexpected_message', 20: 'bad_record_mac', 21: 'decryption_failed',
  22: 'record_overflow', 30: 'decompression_failure', 40: 'handshake_failure', 41: 'no_certificate',
  42: 'bad_certificate', 43: 'unsupported_certificate', 44: 'certificate_revoked',
  45: 'certificate_expired', 46: 'certificate_unknown', 47: 'illegal_parameter', 48: 'unknown_ca',
  49: 'access_denied', 50: 'decode_error', 51: 'decrypt_error', 52: 'too_many_cids_requested',
  60: 'export_restriction', 70: 'protocol_version', 71: 'insufficient_security', 80: 'internal_error',
  86: 'inappropriate_fallback', 90: 'user_canceled', 100: 'no_renegotiation', 109: 'missing_extension',
  110: 'unsupported_extension', 111: 'certificate_unobtainable', 112: 'unrecognized_name',
  113: 'bad_certificate_status_response', 114: 'bad_certificate_hash_value', 115: 'unknown_psk_identity',
  116: 'certificate_required', 120: 'no_application_protocol', 121: 'ech_required',
};

const numbers = new Map(Object.entries(names).map(([number, name]) => [name, Number(number)]));

/** An alert that the peer sent. */
export interface Alert {
  readonly name: string;
  readonly number?: number;
}

/**
 * The alert that a TLS error reports, if it reports one: by its number (OpenSSL writes "SSL alert number
 * 40"), else by its name, which is all that BoringSSL gives (`TLSV1_ALERT_UNKNOWN_CA`).
 */
export function alertOf(error: { code?: string; message: string }): Alert | undefined {
  const number = /alert number (\d+)/i.exec(error.message)?.[1];
  if (number !== undefined) {
    return { name: names[Number(number)] ?? `alert_${number}`, number: Number(number) };
  }
  const text = `${error.code ?? ''} ${error.message}`;
  const name = /(?:SSLV3|TLSV1|TLSV13)_ALERT_([A-Z_]+)/.exec(text)?.[1]?.toLowerCase();
  if (name === undefined) return undefined;
  return numbers.has(name) ? { name, number: numbers.get(name) as number } : { name };
}
