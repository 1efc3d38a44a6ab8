import assert from 'node:assert/strict';
import {
  explainAuthorization, explainChallenge, explainProxyAuthorizations,
} from '../../src/explain/authentication.ts';
import type { AuthorizationFacts, ChallengeVerdict } from '../../src/trace/authorization.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { record } from '../../src/trace/record.ts';
import type { FieldLine } from '../../src/trace/request.ts';

const digest: Extract<AuthorizationFacts, { scheme: 'digest' }> = {
  scheme: 'digest', because: 'challenge', user: 'me', userHashed: false, realm: 'lab', algorithm: 'SHA-256',
  qop: 'auth',
  nonce: 'NONCE', nonceCount: 18, cnonce: 'CNONCE', method: 'GET', uri: '/a?b', response: 'RESPONSE',
};
const aws: AuthorizationFacts = {
  scheme: 'aws', accessKeyId: 'KEY', region: 'eu-west-1', service: 's3', guessed: ['region'],
  canonicalRequest: 'CANONICAL',
  stringToSign: 'STRING', signature: 'SIGNATURE',
};

interface Seen {
  readonly authorization?: AuthorizationFacts;
  readonly verdict?: ChallengeVerdict;
  readonly statusCode?: number;
  readonly challenges?: readonly string[];
  readonly sent?: string;
}

function exchangeOf({ authorization, verdict, statusCode = 401, challenges = [], sent }: Seen): Exchange {
  const fields: FieldLine[] = challenges.map((value) => ['WWW-Authenticate', value]);
  return record({
    id: 'x', spec: { id: 's', method: 'GET', url: 'http://a.test/', headers: [], options: {} },
    events: [
      { type: 'queued', at: 0, startedAt: 0 },
      ...(authorization ? [{ type: 'authorized', at: 1, authorization } as const] : []),
      {
        type: 'request-start', at: 2, method: 'GET', requestTarget: '/', authority: 'a.test', scheme: 'http',
        httpVersion: '1.1', headers: sent === undefined ? [] : [['authorization', sent]], client: 'undici',
      },
      { type: 'response-head', at: 3, httpVersion: '1.1', statusCode, reasonPhrase: '', headers: fields },
      ...(verdict ? [{ type: 'challenged', at: 4, verdict } as const] : []),
    ],
  });
}

describe('explaining authentication', () => {
  for (const because of ['challenge', 'stale', 'known'] as const) {
    for (const algorithm of ['MD5', 'SHA-256-sess']) {
      for (const qop of ['auth', 'auth-int', undefined] as const) {
        it(`Digest: ${because}, ${algorithm}, ${qop}`, () => {
          const { qop: _qop, nonceCount: _count, cnonce: _cnonce, ...bare } = digest;
          const facts = { ...(qop ? { ...digest, qop } : bare), because, algorithm };
          for (const language of ['en', 'ko'] as const) {
            const explained = explainAuthorization(exchangeOf({ authorization: facts }), language)!;
            const text = explained.sentences.join(' ');
            assert(!/\{\w+\}/.test(text), text);
            assert.equal(text.includes('`00000012`'), qop !== undefined);
            assert(text.includes('`GET:/a?b`'), text);
            const values = explained.facts.map(([, value]) => value);
            assert.deepEqual(
              values, ['me', 'lab', algorithm, 'NONCE', ...(qop ? ['00000012', 'CNONCE'] : []), 'RESPONSE'],
            );
          }
        });
      }
    }
  }

  it('AWS: what was signed', () => {
    for (const language of ['en', 'ko'] as const) {
      const explained = explainAuthorization(exchangeOf({ authorization: aws, statusCode: 403 }), language);
      const { sentences, texts }: NonNullable<typeof explained> = explained!;
      assert.equal(sentences.length, 3);
      assert(!/\{\w+\}/.test(sentences.join(' ')));
      assert.deepEqual(texts.map(([, text]) => text), ['CANONICAL', 'STRING']);
    }
    assert.equal(explainAuthorization(exchangeOf({}), 'en'), undefined);
  });

  it('Digest for a proxy, and what a server proved', () => {
    for (const language of ['en', 'ko'] as const) {
      for (const because of ['challenge', 'stale', 'known'] as const) {
        const exchange = exchangeOf({ authorization: { ...digest, to: 'proxy', because } });
        assert.equal(explainAuthorization(exchange, language), undefined);
        const [explained, ...more] = explainProxyAuthorizations(exchange, language);
        assert.equal(more.length, 0);
        assert.match(explained!.sentences[0]!, language === 'en' ? /never sees/ : /서버에는 전달되지 않습니다/);
      }
      for (const mutual of ['proved', 'wrong'] as const) {
        const { sentences } = explainAuthorization(exchangeOf({ authorization: { ...digest, mutual } }), language)!;
        assert.match(sentences.at(-1)!, /`rspauth`/);
      }
    }
  });

  const proxyCases: [title: string, challenges: string[], verdict: ChallengeVerdict | undefined, expected: RegExp[]][] = [
    ['answered', ['Digest realm="a"'], { outcome: 'answered', exchangeId: 'y' }, [/next request answers/]],
    ['refused', ['Digest realm="a"', 'NTLM'], { outcome: 'refused' }, [/refused the user name or the password/, /`NTLM`.*not supported/]],
    ['without credentials', ['Basic realm="a"', 'Digest realm="a"'], undefined, [/takes Basic, Digest: .*user:password@host/]],
    ['for something else', ['Negotiate'], { outcome: 'other-scheme' }, [/neither Basic nor Digest/, /`Negotiate`/]],
    ['without a challenge', [], undefined, [/no `Proxy-Authenticate`/]],
  ];
  for (const [title, challenges, verdict, expected] of proxyCases) {
    it(`407: ${title}`, () => {
      const seen = exchangeOf({ statusCode: 407, ...(verdict ? { verdict } : {}) });
      const headers = challenges.map((value): FieldLine => ['Proxy-Authenticate', value]);
      const exchange = { ...seen, response: { ...seen.response!, headers } };
      const sentences = explainChallenge(exchange, 'en');
      assert.equal(sentences.length, expected.length, sentences.join('\n'));
      expected.forEach((pattern, at) => assert.match(sentences[at]!, pattern));
      assert.equal(explainChallenge(exchange, 'ko').length, expected.length);
    });
  }

  const cases: [title: string, seen: Seen, expected: RegExp[]][] = [
    ['answered', { verdict: { outcome: 'answered', exchangeId: 'y' }, challenges: ['Basic'] }, [/next request answers/]],
    ['refused', { verdict: { outcome: 'refused' }, challenges: ['Digest realm="a"'], sent: 'Digest x' }, [/refused the answer/]],
    ['another scheme', { verdict: { outcome: 'other-scheme' }, challenges: ['NTLM', 'Basic realm="a"'] },
      [/does not ask for Digest/, /`NTLM`.*not supported/, /Authorization: Basic user password/]],
    ['an unknown algorithm', { verdict: { outcome: 'unsupported', part: 'algorithm', value: 'X' }, challenges: ['Digest algorithm=X'] },
      [/algorithm `X`/, /takes Digest/]],
    ['a refused token', { challenges: ['Bearer realm="a", error="invalid_token", error_description="It expired."'], sent: 'Bearer x' },
      [/`Bearer`.*refused/, /`invalid_token`\. It expired\./, /get a new one/]],
    ['RFC 6750 §3, no token', { challenges: ['Bearer realm="example"'] }, [/takes a token/]],
    ['RFC 6750 §3, an expired one', { challenges: ['Bearer realm="example", error="invalid_token", error_description="The access token expired"'], sent: 'Bearer x' },
      [/`Bearer`.*refused/, /The access token expired/, /expired, was revoked/]],
    ['403, too little scope', { statusCode: 403, challenges: ['Bearer realm="a", error="insufficient_scope", scope="orders:write admin"'], sent: 'Bearer x' },
      [/`insufficient_scope`/, /scope `orders:write admin`/]],
    ['403, too little scope, which is not said', { statusCode: 403, challenges: ['Bearer error=insufficient_scope'] }, [/`insufficient_scope`/, /allows less/]],
    ['400, a request that is wrong', { statusCode: 400, challenges: ['Bearer error="invalid_request"'] }, [/`invalid_request`/, /comes twice/]],
    ['an error of their own', { challenges: ['Bearer error="mtls_required"'], sent: 'Bearer x' }, [/`Bearer`.*refused/, /`mtls_required`/]],
    ['nothing sent', { challenges: ['Bearer, Digest realm="a", Negotiate, Hawk'] },
      [/Bearer token/, /takes Digest/, /`Negotiate`/, /`Hawk`/]],
    ['no challenge', {}, [/no `WWW-Authenticate`/]],
    ['another status', { statusCode: 403, challenges: ['Basic'] }, []],
  ];
  for (const [title, seen, expected] of cases) {
    it(`401: ${title}`, () => {
      const sentences = explainChallenge(exchangeOf(seen), 'en');
      assert.equal(sentences.length, expected.length, sentences.join('\n'));
      expected.forEach((pattern, at) => assert.match(sentences[at]!, pattern));
      const korean = explainChallenge(exchangeOf(seen), 'ko');
      assert.equal(korean.length, expected.length);
      for (const text of [...sentences, ...korean]) assert(!/\{\w+\}/.test(text), text);
    });
  }
});
