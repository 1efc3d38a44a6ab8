import assert from 'node:assert/strict';
import { explainSilence } from '../../src/lab/forwarding/silence.ts';

describe('why a server behind another gave no response', () => {
  const words = (code?: string): string => explainSilence(Object.assign(new Error('try running Node.js with …'), { code }));

  it('is said without the words of Node', () => {
    assert.equal(words('ECONNREFUSED'), 'refuses connections');
    assert.equal(words('ECONNRESET'), 'broke the connection off');
    assert.equal(words('HPE_UNEXPECTED_CONTENT_LENGTH'), 'answered with what is no HTTP (HPE_UNEXPECTED_CONTENT_LENGTH)');
    assert.equal(words('DEPTH_ZERO_SELF_SIGNED_CERT'),
      'showed a certificate that is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)');
    assert.match(words('ERR_SSL_WRONG_VERSION_NUMBER'), /^refused TLS/);
    assert.equal(words(), 'could not be reached');
  });
});
