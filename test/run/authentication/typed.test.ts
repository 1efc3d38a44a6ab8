import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { guessedScope } from '../../../src/run/authentication/awsHost.ts';
import { authenticationOf, typedCredentials } from '../../../src/run/authentication/typed.ts';

describe('credentials that a file writes', () => {
  const aws = (words: string[]) => ({ scheme: 'aws', words });
  const cases: [value: string, expected: unknown][] = [
    ['Digest me pass word', { scheme: 'digest', user: 'me', password: 'pass word' }],
    ['digest me:pass:word', { scheme: 'digest', user: 'me', password: 'pass:word' }],
    ['Digest username="me", realm="a b", uri="/"', undefined],
    ['Digest username=me, realm=a', undefined],
    ['AWS key secret', aws(['key', 'secret'])],
    ['AWS key secret  token:t region:eu-west-1 service:s3', aws(['key', 'secret', 'token:t', 'region:eu-west-1', 'service:s3'])],
    ['AWS4-HMAC-SHA256 Credential=x, Signature=y', undefined],
    ['NTLM me pass', { unsupported: 'NTLM' }], ['Negotiate me pass', { unsupported: 'Negotiate' }],
    ['COGNITO me pass region', { unsupported: 'COGNITO' }],
    ['Bearer a b', undefined], ['Basic me pass', undefined], ['', undefined],
  ];
  for (const [value, expected] of cases) {
    it(`"${value}"`, () => assert.deepEqual(typedCredentials(value), expected));
  }

  it('for AWS: what is typed, else what the host tells', () => {
    const of = (words: string, url: string) => authenticationOf({ scheme: 'aws', words: words.split(' ') }, url);
    const base = { scheme: 'aws', accessKeyId: 'k', secretAccessKey: 's' };
    assert.deepEqual(of('k s', 'https://b.s3.eu-west-1.amazonaws.com/x'), {
      ...base, region: 'eu-west-1', service: 's3', guessed: ['region', 'service'],
    });
    assert.deepEqual(of('k s service:x', 'http://127.0.0.1:1/'), {
      ...base, region: 'us-east-1', service: 'x', guessed: ['region'],
    });
    assert.deepEqual(of('k s token:t region:r service:x', 'http://a.test/'), {
      ...base, region: 'r', service: 'x', sessionToken: 't',
    });
    assert.equal(of('k s region:r', 'http://a.test/'), 'service-unknown');
  });

  describe('region and service as the library that REST Client uses reads them', () => {
    const { RequestSigner } = createRequire(import.meta.url)('aws4') as
      { RequestSigner: new (request: object, credentials: object) => { service: string; region: string } };
    for (const host of [
      's3.amazonaws.com', 'bucket.s3.amazonaws.com', 'bucket.s3.eu-west-1.amazonaws.com', 's3-eu-west-1.amazonaws.com',
      'bucket.s3-eu-west-1.amazonaws.com', 'dynamodb.us-west-2.amazonaws.com', 'iam.amazonaws.com', 'sts.amazonaws.com',
      'email.us-east-1.amazonaws.com', 'id.execute-api.ap-northeast-2.amazonaws.com', 'sqs.cn-north-1.amazonaws.com.cn',
      'search-x.us-east-1.es.amazonaws.com', 'x.eu-west-1.aoss.amazonaws.com', 'lambda.eu-west-3.amazonaws.com',
    ]) {
      it(host, () => {
        const { service, region } = new RequestSigner({ host, headers: {} }, {});
        assert.deepEqual(guessedScope(host), { service, region });
      });
    }
  });

  it('knows the addresses of functions, and no service of others', () => {
    assert.deepEqual(guessedScope('abc.lambda-url.eu-west-1.on.aws'), { region: 'eu-west-1', service: 'lambda' });
    for (const host of ['a.test', 'amazonaws.com.evil.test', '127.0.0.1', 'amazonaws.com']) {
      assert.equal(guessedScope(host).service, undefined, host);
    }
  });
});
