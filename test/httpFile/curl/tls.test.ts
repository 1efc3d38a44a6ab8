import assert from 'node:assert/strict';
import { toCurl } from '../../../src/formats/curl.ts';
import { curlToHttp } from '../../../src/httpFile/curl/toHttp.ts';
import { certificateWord } from '../../../src/httpFile/curl/tls.ts';
import { parse } from '../../../src/httpFile/parse.ts';

describe('TLS in curl commands', () => {
  const cases: [string, readonly (readonly [string, string])[]][] = [
    ['-E me.pem --key me.key', [['client-cert', 'me.pem me.key']]],
    ['--cert me.pem:secret --key me.key', [['client-cert', 'me.pem me.key secret']]],
    ['--cert me.pem:secret --key me.key --pass other', [['client-cert', 'me.pem me.key other']]],
    ['--cert me.pem:secret', [['client-cert', 'me.pem me.pem secret']]],
    ['--cert me.p12:secret --cert-type P12', [['client-cert', 'me.p12 secret']]],
    ["--cert 'my file.pem'", [['client-cert', '"my file.pem"']]],
    ['--cert {{file}}', [['client-cert', '{{file}}']]],
    ['--tlsv1.2', [['tls-version', '1.2..']]],
    ['--tlsv1.2 --tls-max 1.2', [['tls-version', '1.2..1.2']]],
    ['-1', [['tls-version', '1.0..']]],
    ['--tls-max 1.2', [['tls-version', '..1.2']]],
    ['--tls-max default', []],
    ['--ciphers HIGH', [['tls-ciphers', 'HIGH']]],
  ];
  for (const [options, expected] of cases) {
    it(options, () => {
      const request = parse(`curl -L https://a.test ${options}\n`).requests[0]!;
      assert.deepEqual(request.metadata.map(({ key, value }) => [key, value]), expected);
      assert.deepEqual(request.problems, []);
    });
  }

  it('says what cannot be done', () => {
    const [request] = parse('curl -L https://a.test --cert me.der --cert-type DER\n').requests;
    assert.deepEqual(request?.problems.map(({ code }) => code), ['curl-option-unsupported']);
  });

  it('becomes metadata above the request', () => {
    assert.deepEqual(curlToHttp('curl -L https://a.test -E me.pem --key me.key --tlsv1.3')?.text,
      '# @client-cert me.pem me.key\n# @tls-version 1.3..\nGET https://a.test\n');
  });

  const words: [string, string, string?][] = [
    ['a.pem', 'a.pem'], ['a.pem:pw', 'a.pem', 'pw'], ['a.pem:', 'a.pem', ''], ['a.pem:p:w', 'a.pem', 'p:w'],
    ['C:\\a.pem:pw', 'C:\\a.pem', 'pw'], ['C:/a.pem', 'C:/a.pem'], ['a\\:b.pem:pw', 'a:b.pem', 'pw'],
  ];
  for (const [word, path, passphrase] of words) {
    it(`reads --cert ${word}`, () => assert.deepEqual(certificateWord(word), passphrase === undefined ? { path } : { path, passphrase }));
  }

  it('is told to curl again, without the passphrase', () => {
    const command = toCurl({
      id: '1', method: 'GET', url: 'https://a.test/', headers: [], options: {
        clientCertificate: { label: 'C:/me:too.p12', from: 'request', pfx: 'AAAA', passphrase: 'secret' },
        tls: { minVersion: '1.2', maxVersion: '1.2', ciphers: 'HIGH' },
      },
    });
    assert.match(
      command, /--cert 'C:\/me\\:too\.p12' \\\n  --cert-type P12 \\\n  --tlsv1\.2 \\\n  --tls-max 1\.2 \\\n  --ciphers HIGH/,
    );
    assert.ok(!command.includes('secret'));
    assert.match(
      toCurl({
        id: '1', method: 'GET', url: 'https://a.test/', headers: [],
        options: { clientCertificate: { label: 'me.pem', keyLabel: 'me.key', from: 'request' } },
      }), /--cert me\.pem \\\n  --key me\.key/,
    );
  });
});
