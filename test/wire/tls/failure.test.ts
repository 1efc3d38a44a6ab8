import assert from 'node:assert/strict';
import { handshakeFailure, tlsFailure } from '../../../src/wire/tls/failure.ts';
import { alertOf } from '../../../src/wire/tls/alert.ts';

function error(code: string | undefined, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code }, more);
}

describe('TLS failures', () => {
  // As OpenSSL 3 and BoringSSL say them.
  const alerts: [string, string, string, number][] = [
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', '0:error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:../ssl/record/rec_layer_s3.c:916:SSL alert number 40\n', 'handshake_failure', 40],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', '0:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../rec_layer_s3.c:916:SSL alert number 116\n', 'certificate_required', 116],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'error:10000418:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA', 'unknown_ca', 48],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'error:1000042e:SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION', 'protocol_version', 70],
  ];
  for (const [code, message, name, number] of alerts) {
    it(`reads the alert ${name}`, () => {
      assert.deepEqual(alertOf({ code, message }), { name, number });
      const failure = handshakeFailure(error(code, message));
      assert.deepEqual(
        [failure.code, failure.confidence, failure.detail], ['tls-alert', 'certain', { alert: name, alertNumber: number }],
      );
    });
  }

  const others: [string, Error, string, string][] = [
    ['no common version of HTTP', error('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'x:SSL routines:y:SSL alert number 120'), 'alpn-refused', 'certain'],
    ['OpenSSL on plain HTTP', error('ERR_SSL_WRONG_VERSION_NUMBER', '0:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:'), 'tls-not-spoken', 'likely'],
    ['OpenSSL on other bytes', error('ERR_SSL_PACKET_LENGTH_TOO_LONG', '0:error:0A0000C6:SSL routines:tls_get_more_records:packet length too long:'), 'tls-not-spoken', 'likely'],
    ['BoringSSL on plain HTTP', error('EPROTO', 'write EPROTO 5:error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:'), 'tls-not-spoken', 'likely'],
    ['another reason of OpenSSL', error('ERR_SSL_BAD_SIGNATURE', 'error:0A00007B:SSL routines::bad signature'), 'tls-handshake', 'certain'],
    ['a reset', error('ECONNRESET', 'read ECONNRESET', { syscall: 'read', errno: -104 }), 'connection-reset', 'certain'],
    ['an end', error('ECONNRESET', 'Client network socket disconnected before secure TLS connection was established'), 'connection-closed', 'certain'],
    ['anything else', error(undefined, 'what?'), 'tls-handshake', 'guess'],
  ];
  for (const [what, thrown, code, confidence] of others) {
    it(`classifies ${what}`, () => {
      const failure = handshakeFailure(thrown);
      assert.deepEqual([failure.phase, failure.code, failure.confidence], ['tls', code, confidence]);
      assert.equal(failure.cause?.message, thrown.message);
    });
  }

  it('leaves errors that are not of TLS to others', () => {
    assert.equal(tlsFailure(error('ECONNRESET', 'read ECONNRESET'), 'wait'), undefined);
    assert.equal(tlsFailure(error('ERR_SSL_X', 'SSL routines'), 'wait')?.phase, 'wait');
  });
});
