// The IANA registries of TLS parameters, as far as a client meets them.

/** `0x1301 0x1302…`: names of consecutive numbers, from the first one. */
function row(first: number, names: string): [number, string][] {
  return names.trim().split(/\s+/).map((name, index) => [first + index, name]);
}

const versions = new Map<number, string>([
  [0x0300, 'SSL 3.0'], [0x0301, 'TLS 1.0'], [0x0302, 'TLS 1.1'], [0x0303, 'TLS 1.2'], [0x0304, 'TLS 1.3'],
]);

const extensions = new Map<number, string>([
  ...row(0, `server_name max_fragment_length client_certificate_url trusted_ca_keys truncated_hmac status_request
    user_mapping client_authz server_authz cert_type supported_groups ec_point_formats srp signature_algorithms use_srtp
    heartbeat application_layer_protocol_negotiation status_request_v2 signed_certificate_timestamp
    client_certificate_type server_certificate_type padding encrypt_then_mac extended_master_secret token_binding
    cached_info tls_lts compress_certificate record_size_limit pwd_protect pwd_clear password_salt ticket_pinning
    tls_cert_with_extern_psk delegated_credential session_ticket`),
  ...row(41, `pre_shared_key early_data supported_versions cookie psk_key_exchange_modes reserved_46
    certificate_authorities oid_filters post_handshake_auth signature_algorithms_cert key_share transparency_info
    connection_id_deprecated connection_id external_id_hash external_session_id quic_transport_parameters
    ticket_request dnssec_chain`),
  [13172, 'next_protocol_negotiation'], [17513, 'application_settings'], [17613, 'application_settings'],
  [64768, 'ech_outer_extensions'], [65037, 'encrypted_client_hello'], [65281, 'renegotiation_info'],
]);

const groups = new Map<number, string>([
  [19, 'secp192r1'], [21, 'secp224r1'], [22, 'secp256k1'], [23, 'secp256r1'], [24, 'secp384r1'], [25, 'secp521r1'],
  [26, 'brainpoolP256r1'], [27, 'brainpoolP384r1'], [28, 'brainpoolP512r1'], [29, 'x25519'], [30, 'x448'],
  [31, 'brainpoolP256r1tls13'], [32, 'brainpoolP384r1tls13'], [33, 'brainpoolP512r1tls13'],
  [41, 'curveSM2'], ...row(256, 'ffdhe2048 ffdhe3072 ffdhe4096 ffdhe6144 ffdhe8192'),
  ...row(512, 'MLKEM512 MLKEM768 MLKEM1024'),
  [4587, 'SecP256r1MLKEM768'], [4588, 'X25519MLKEM768'], [4589, 'SecP384r1MLKEM1024'], [25497, 'X25519Kyber768Draft00'],
]);

const schemes = new Map<number, string>([
  [0x0201, 'rsa_pkcs1_sha1'], [0x0202, 'dsa_sha1'], [0x0203, 'ecdsa_sha1'],
  [0x0301, 'rsa_pkcs1_sha224'], [0x0302, 'dsa_sha224'], [0x0303, 'ecdsa_sha224'],
  [0x0401, 'rsa_pkcs1_sha256'], [0x0402, 'dsa_sha256'], [0x0403, 'ecdsa_secp256r1_sha256'],
  [0x0501, 'rsa_pkcs1_sha384'], [0x0502, 'dsa_sha384'], [0x0503, 'ecdsa_secp384r1_sha384'],
  [0x0601, 'rsa_pkcs1_sha512'], [0x0602, 'dsa_sha512'], [0x0603, 'ecdsa_secp521r1_sha512'],
  [0x0708, 'sm2sig_sm3'],
  ...row(0x0804, `rsa_pss_rsae_sha256 rsa_pss_rsae_sha384 rsa_pss_rsae_sha512 ed25519 ed448 rsa_pss_pss_sha256
    rsa_pss_pss_sha384 rsa_pss_pss_sha512`),
  ...row(
    0x081a, 'ecdsa_brainpoolP256r1tls13_sha256 ecdsa_brainpoolP384r1tls13_sha384 ecdsa_brainpoolP512r1tls13_sha512',
  ),
  ...row(0x0904, 'mldsa44 mldsa65 mldsa87'),
]);

const suites = new Map<number, string>([
  [0x0000, 'TLS_NULL_WITH_NULL_NULL'], [0x0004, 'TLS_RSA_WITH_RC4_128_MD5'], [0x0005, 'TLS_RSA_WITH_RC4_128_SHA'],
  [0x000a, 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'], [0x0016, 'TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA'],
  [0x002f, 'TLS_RSA_WITH_AES_128_CBC_SHA'], [0x0032, 'TLS_DHE_DSS_WITH_AES_128_CBC_SHA'],
  [0x0033, 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA'], [0x0034, 'TLS_DH_anon_WITH_AES_128_CBC_SHA'],
  [0x0035, 'TLS_RSA_WITH_AES_256_CBC_SHA'], [0x0038, 'TLS_DHE_DSS_WITH_AES_256_CBC_SHA'],
  [0x0039, 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA'], [0x003a, 'TLS_DH_anon_WITH_AES_256_CBC_SHA'],
  [0x003c, 'TLS_RSA_WITH_AES_128_CBC_SHA256'], [0x003d, 'TLS_RSA_WITH_AES_256_CBC_SHA256'],
  [0x0040, 'TLS_DHE_DSS_WITH_AES_128_CBC_SHA256'], [0x0041, 'TLS_RSA_WITH_CAMELLIA_128_CBC_SHA'],
  [0x0067, 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA256'], [0x006a, 'TLS_DHE_DSS_WITH_AES_256_CBC_SHA256'],
  [0x006b, 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA256'], [0x0084, 'TLS_RSA_WITH_CAMELLIA_256_CBC_SHA'],
  ...row(0x008c, 'TLS_PSK_WITH_AES_128_CBC_SHA TLS_PSK_WITH_AES_256_CBC_SHA'),
  ...row(0x009c, `TLS_RSA_WITH_AES_128_GCM_SHA256 TLS_RSA_WITH_AES_256_GCM_SHA384 TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
    TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 TLS_DH_RSA_WITH_AES_128_GCM_SHA256 TLS_DH_RSA_WITH_AES_256_GCM_SHA384
    TLS_DHE_DSS_WITH_AES_128_GCM_SHA256 TLS_DHE_DSS_WITH_AES_256_GCM_SHA384`),
  ...row(0x00a8, `TLS_PSK_WITH_AES_128_GCM_SHA256 TLS_PSK_WITH_AES_256_GCM_SHA384 TLS_DHE_PSK_WITH_AES_128_GCM_SHA256
    TLS_DHE_PSK_WITH_AES_256_GCM_SHA384 TLS_RSA_PSK_WITH_AES_128_GCM_SHA256 TLS_RSA_PSK_WITH_AES_256_GCM_SHA384
    TLS_PSK_WITH_AES_128_CBC_SHA256 TLS_PSK_WITH_AES_256_CBC_SHA384`),
  [0x00ff, 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV'],
  ...row(0x1301, `TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 TLS_AES_128_CCM_SHA256
    TLS_AES_128_CCM_8_SHA256`),
  [0x5600, 'TLS_FALLBACK_SCSV'],
  [0xc007, 'TLS_ECDHE_ECDSA_WITH_RC4_128_SHA'],
  ...row(0xc008, `TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
    TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA`),
  ...row(0xc011, `TLS_ECDHE_RSA_WITH_RC4_128_SHA TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA
    TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA`),
  ...row(0xc023, `TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384
    TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA256 TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA384
    TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256 TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384
    TLS_ECDH_RSA_WITH_AES_128_CBC_SHA256 TLS_ECDH_RSA_WITH_AES_256_CBC_SHA384
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
    TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256 TLS_ECDH_ECDSA_WITH_AES_256_GCM_SHA384
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
    TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256 TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384`),
  ...row(0xc035, 'TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA'),
  // RFC 6209: each key exchange with both lengths of key.
  ...row(0xc050, 'RSA DHE_RSA DH_RSA DHE_DSS DH_DSS DH_anon ECDHE_ECDSA ECDH_ECDSA ECDHE_RSA ECDH_RSA'.split(' ')
    .map((exchange) => `TLS_${exchange}_WITH_ARIA_128_GCM_SHA256 TLS_${exchange}_WITH_ARIA_256_GCM_SHA384`).join(' ')),
  ...row(0xc09c, `TLS_RSA_WITH_AES_128_CCM TLS_RSA_WITH_AES_256_CCM TLS_DHE_RSA_WITH_AES_128_CCM
    TLS_DHE_RSA_WITH_AES_256_CCM TLS_RSA_WITH_AES_128_CCM_8 TLS_RSA_WITH_AES_256_CCM_8 TLS_DHE_RSA_WITH_AES_128_CCM_8
    TLS_DHE_RSA_WITH_AES_256_CCM_8 TLS_PSK_WITH_AES_128_CCM TLS_PSK_WITH_AES_256_CCM TLS_DHE_PSK_WITH_AES_128_CCM
    TLS_DHE_PSK_WITH_AES_256_CCM TLS_PSK_WITH_AES_128_CCM_8 TLS_PSK_WITH_AES_256_CCM_8 TLS_PSK_DHE_WITH_AES_128_CCM_8
    TLS_PSK_DHE_WITH_AES_256_CCM_8 TLS_ECDHE_ECDSA_WITH_AES_128_CCM TLS_ECDHE_ECDSA_WITH_AES_256_CCM
    TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8`),
  ...row(0xcca8, `TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
    TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256 TLS_PSK_WITH_CHACHA20_POLY1305_SHA256
    TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256
    TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256`),
]);

/** RFC 8446 §6 and the registry of alerts; some are of TLS 1.2 and earlier only. */
const alerts = new Map<number, string>([
  [0, 'close_notify'], [10, 'unexpected_message'], [20, 'bad_record_mac'], [21, 'decryption_failed'],
  [22, 'record_overflow'], [30, 'decompression_failure'], [40, 'handshake_failure'], [41, 'no_certificate'],
  ...row(42, `bad_certificate unsupported_certificate certificate_revoked certificate_expired certificate_unknown
    illegal_parameter unknown_ca access_denied decode_error decrypt_error too_many_cids_requested`),
  [60, 'export_restriction'], [70, 'protocol_version'], [71, 'insufficient_security'], [80, 'internal_error'],
  [86, 'inappropriate_fallback'], [90, 'user_canceled'], [100, 'no_renegotiation'],
  ...row(109, `missing_extension unsupported_extension certificate_unobtainable unrecognized_name
    bad_certificate_status_response bad_certificate_hash_value unknown_psk_identity certificate_required general_error
    reserved_118 reserved_119 no_application_protocol ech_required`),
]);

function nameIn(names: ReadonlyMap<number, string>, number: number): string {
  const name = names.get(number);
  if (name !== undefined) return name;
  const hex = `0x${number.toString(16).padStart(4, '0')}`;
  return isGrease(number) ? `GREASE (${hex})` : hex;
}

/** RFC 8701: values that mean nothing, so that servers learn to pass over what they do not know. */
export function isGrease(number: number): boolean {
  return (number & 0x0f0f) === 0x0a0a && number >> 8 === (number & 0xff);
}

export const versionName = (number: number): string => nameIn(versions, number);
export const extensionName = (number: number): string => nameIn(extensions, number);
export const groupName = (number: number): string => nameIn(groups, number);
export const schemeName = (number: number): string => nameIn(schemes, number);
export const suiteName = (number: number): string => nameIn(suites, number);
export const alertName = (number: number): string => alerts.get(number) ?? `alert_${number}`;
