import assert from 'node:assert/strict';
import { explainCertificates, explainChain, explainValidity } from '../../src/explain/certificates.ts';
import { explainReceivedCookie, explainSentCookie } from '../../src/explain/cookies.ts';
import { explainField } from '../../src/explain/fields.ts';
import { plainName } from '../../src/explain/names.ts';
import { explainRouteReason } from '../../src/explain/serverPhases.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { explainRedirect, explainRedirectChange, isWorrying } from '../../src/explain/redirects.ts';
import { explainPhrase, explainStatusCode, formatStatus, reasonPhrases, statusTone } from '../../src/explain/statusCodes.ts';
import { certificateTexts } from '../../src/explain/text/certificate.ts';
import { cookieTexts } from '../../src/explain/text/cookie.ts';
import { failureTexts } from '../../src/explain/text/failure.ts';
import { fieldTexts } from '../../src/explain/text/field.ts';
import { inspectorTexts } from '../../src/explain/text/inspector.ts';
import { languages } from '../../src/explain/text/language.ts';
import { phaseTexts } from '../../src/explain/text/phase.ts';
import { redirectTexts } from '../../src/explain/text/redirect.ts';
import { statusCodeTexts } from '../../src/explain/text/statusCode.ts';
import { summaryTexts } from '../../src/explain/text/summary.ts';
import type { Texts } from '../../src/explain/text/text.ts';
import type { CookieVerdict } from '../../src/trace/event.ts';
import { certificate, startedAt, tlsFacts } from '../browser/fixtures/trace.ts';

const tables: Readonly<Record<string, Texts>> = {
  certificateTexts, cookieTexts, failureTexts, fieldTexts, inspectorTexts, phaseTexts, redirectTexts, statusCodeTexts,
  summaryTexts,
};

/** Words that stay as they are in Korean: names of things on the wire. */
const untranslated = /^(?:[A-Z0-9-]{2,}|\{\w+\}|[\s:·,→()[\]/&~]|TTL|IPv\d)*$/;

describe('text tables', () => {
  for (const [name, texts] of Object.entries(tables)) {
    it(`${name} says everything in both languages, with the same places`, () => {
      for (const [id, { en, ko }] of Object.entries(texts)) {
        const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
        assert.deepEqual(places(ko), places(en), id);
        assert.ok(en.trim() !== '' || id === 'and', id);
        assert.ok(/[가-힣]/.test(ko) || untranslated.test(ko), `${id}: ${ko}`);
        assert.doesNotMatch(en, /[가-힣]/, id);
        assert.equal((en.match(/`/g) ?? []).length % 2, 0, id);
        assert.equal((ko.match(/`/g) ?? []).length % 2, 0, id);
      }
    });

    it(`${name} attaches no particle to a place whose sound is not known`, () => {
      for (const [id, { ko }] of Object.entries(texts)) {
        // Times and sizes end in 초, 바이트 and the like, whose particles are known.
        const attached = /\{(?!part|elapsed|received|size|slowest)\w+\}`?(?:은|는|이|가|을|를|와|과|으로|로)(?=[\s,.])/.exec(ko);
        assert.equal(attached, null, `${id}: ${ko}`);
      }
    });
  }
});

describe('Korean words', () => {
  it('are the same for the same thing everywhere', () => {
    for (const [name, texts] of Object.entries(tables)) {
      for (const [id, { ko }] of Object.entries(texts)) assert.doesNotMatch(ko, /이름 서버|처리기/, `${name} ${id}`);
    }
  });
});

describe('plainName', () => {
  it('gives an IPv6 address its short form and leaves everything else', () => {
    assert.equal(plainName('IP Address:0:0:0:0:0:0:0:1'), '::1');
    assert.equal(plainName('IP Address:2001:DB8:0:0:0:0:0:53'), '2001:db8::53');
    for (const name of ['shop.test', '*.shop.test', '127.0.0.1', 'not:an:address:at:all']) assert.equal(
      plainName(`DNS:${name}`), name,
    );
  });
});

describe('explainStatusCode', () => {
  for (const language of languages) {
    it(`knows every registered code in ${language}`, () => {
      for (const code of Object.keys(reasonPhrases)) {
        assert.ok(Object.hasOwn(statusCodeTexts, code), code);
        assert.match(explainStatusCode(Number(code), language), /\.$|\)$/);
      }
    });
  }

  it('explains a code that is not registered by its class', () => {
    assert.equal(explainStatusCode(299, 'en'), 'It worked; the exact code is not registered.');
    assert.match(explainStatusCode(599, 'en'), /blames itself/);
    assert.match(explainStatusCode(700, 'en'), /Outside/);
  });

  it('says the phrase that was sent, and the usual name as its own where there was none', () => {
    const all = [formatStatus(200), formatStatus(404, ''), formatStatus(404, 'Nope'), formatStatus(299)];
    assert.deepEqual(all, ['200 (OK)', '404 (Not Found)', '404 Nope', '299']);
    assert.deepEqual([101, 204, 304, 404, 500].map(statusTone), ['interim', 'good', 'redirect', 'bad', 'bad']);
  });

  it('tells whose words stand beside a code', () => {
    const told = (httpVersion: '1.1' | '2', reasonPhrase: string, statusCode = 200): string | undefined =>
      explainPhrase({ httpVersion, statusCode, reasonPhrase }, 'en');
    assert.match(told('2', '') ?? '', /“OK” is the usual name of 200.*HTTP\/2 sends the code alone/);
    assert.match(told('1.1', '') ?? '', /the server sent the code alone/);
    assert.match(told('1.1', 'Fine') ?? '', /server’s own; 200 is usually called “OK”/);
    assert.deepEqual([told('1.1', 'OK'), told('2', '', 299)], [undefined, undefined]);
  });
});

describe('explainField', () => {
  it('finds a field whatever its case, and says nothing of others', () => {
    assert.match(explainField('Content-TYPE', 'en') ?? '', /media type/);
    assert.equal(explainField('x-lab-worker', 'en'), undefined);
    assert.equal(explainField('constructor', 'en'), undefined);
  });
});

describe('explainRedirectChange and explainRouteReason', () => {
  it('put the record\'s words into sentences', () => {
    assert.equal(explainRedirectChange('method POST GET', 'en'), 'The method: `POST` became `GET`.');
    assert.equal(
      explainRedirectChange('field Authorization', 'ko'), '인증 정보는 다른 출처로 보내지 않으므로 `Authorization` 필드를 뺐습니다.',
    );
    assert.equal(explainRedirectChange('something else', 'en'), 'something else');
    assert.equal(explainRouteReason('less-specific', 'en'), 'fits too, but is less specific');
    assert.equal(explainRouteReason('phase of the moon', 'ko'), 'phase of the moon');
  });
});

describe('explainRedirect', () => {
  const told = (
    statusCode: number, more: Partial<Exchange> = {}, location = true,
  ): readonly string[] => explainRedirect({
    spec: { id: 's', method: 'GET', url: 'http://a.test/', headers: [], options: {} },
    response: { statusCode, headers: location ? [['Location', '/x']] : [] }, ...more,
  } as unknown as Exchange, 'en');
  const redirect = { location: '/x', exchangeId: 'y', changes: [] };

  for (const statusCode of [301, 302, 303, 307, 308]) {
    it(`${statusCode}, by its section`, () => {
      assert.match(told(statusCode, { redirect })[0]!, new RegExp(`^${statusCode} says .*RFC 9110 §15\\.4\\.\\d`));
      assert.match(told(statusCode, {}, false)[1]!, /nowhere to go/);
      const off = {
        spec: { id: 's', method: 'GET', url: 'http://a.test/', headers: [], options: { followRedirects: false } },
      };
      assert.match(told(statusCode, off)[1]!, /not followed, as this request asks/);
    });
  }

  it('300, 305 and 306 are told and not followed; of the rest there is nothing to say', () => {
    for (const statusCode of [300, 305, 306]) assert.equal(told(statusCode).length, 1);
    for (const statusCode of [200, 304, 399, 404]) assert.deepEqual(told(statusCode), []);
  });

  it('warns of what is less safe', () => {
    assert.deepEqual(
      ['scheme https http', 'secret-body', 'secret-messages', 'body', 'trailers', 'field Authorization'].map(isWorrying),
      [true, true, true, false, false, false],
    );
  });
});

describe('explainReceivedCookie', () => {
  const context = { startedAt, spec: { url: 'http://shop.lab.test/cart' } };
  const cookie = (
    change: Partial<CookieVerdict>,
  ): CookieVerdict => ({ name: 'sid', value: '1', accepted: false, ...change });
  const table: [Partial<CookieVerdict>, string][] = [
    [{ accepted: true, httpOnly: true, secure: true, sameSite: 'lax' }, 'stored: until the session ends; HttpOnly, Secure, SameSite=Lax'],
    [{ accepted: true, expires: startedAt + 86_400_000 }, 'stored: until 15 Mar 2026, 09:26 UTC'],
    [{ accepted: true, expires: 0 }, 'deleted: its expiry lies in the past, which deletes it'],
    [{ accepted: true, replaced: 'other', evicted: 2, met: { perDomain: 60 } }, 'stored: until the session ends; in place of one with another value; made room for by deleting, from among those used longest ago: 2 (the limit of a domain is 60)'],
    [{ accepted: true, evicted: 1, met: { total: 3000 } }, 'stored: until the session ends; made room for by deleting, from among those used longest ago: 1 (the limit of all is 3,000)'],
    [{ accepted: true, ignored: ['path', 'domain'], met: { attribute: 1024 } }, 'stored: until the session ends; ignored for a value longer than 1,024 bytes: `path`, `domain` (§5.6)'],
    [{ reason: 'size', met: { size: 5000 } }, 'rejected: Name and value together are longer than 5,000 bytes.'],
    [{ reason: 'same-site', ignored: ['secure'], met: { attribute: 1024 } }, 'rejected: `SameSite=None` needs `Secure`. Ignored for a value longer than 1,024 bytes: `secure` (§5.6).'],
    [{ accepted: true, expires: startedAt + 86_400_000, shortened: true }, 'stored: until 15 Mar 2026, 09:26 UTC; reduced to 400 days, the most that is allowed'],
    [{ reason: 'domain', domain: 'other.test' }, 'rejected: `Domain=other.test` is neither this host, `shop.lab.test`, nor above it.'],
    [{ reason: 'secure', domain: 'shop.lab.test' }, 'rejected: It is `Secure`, and this response came over `http`.'],
    [{ reason: 'same-site' }, 'rejected: `SameSite=None` needs `Secure`.'],
    [{ reason: 'prefix', name: '__host-a' }, 'rejected: A name that begins with `__Host-` promises `Secure`, `Path=/` and no `Domain`; its attributes do not keep that.'],
    [{ reason: 'prefix', name: '__Secure-a' }, 'rejected: A name that begins with `__Secure-` promises `Secure`, and that attribute is missing.'],
    [{ reason: 'prefix', name: '', value: '__Host-a' }, 'rejected: It has no name, and its value begins as a name does that promises something: `__Secure-` or `__Host-`.'],
    [{ reason: 'public-suffix', domain: 'co.uk' }, 'rejected: `Domain=co.uk` is a public suffix that many owners share.'],
    [{ reason: 'later' }, 'rejected: The cookie jar did not take it (later).'],
    [{ reason: 'toString' }, 'rejected: The cookie jar did not take it (toString).'],
  ];
  for (const [change, text] of table) {
    it(text, () => {
      const { word, text: said } = explainReceivedCookie(cookie(change), context, 'en');
      assert.equal(`${word}: ${said}`, text);
    });
  }

  it('says why what is Secure passed without TLS on this machine, and only there', () => {
    const told = (url: string): string => explainReceivedCookie(cookie({ accepted: true, secure: true }), { startedAt, spec: { url } }, 'en').text;
    assert.match(told('http://127.0.0.1:8080/'), /; Secure\. `Secure` without TLS: what stays on this machine counts as safe/);
    assert.equal(told('https://127.0.0.1:8080/'), 'until the session ends; Secure');
    assert.equal(told('http://shop.test/'), 'until the session ends; Secure');
  });

  it('names the section for every reason the jar can give', () => {
    for (const reason of [
      'domain', 'secure', 'overlay', 'expired', 'public-suffix', 'syntax', 'size', 'nameless', 'prefix', 'same-site',
    ]) {
      const { section, tone, text } = explainReceivedCookie(cookie({ reason, domain: 'a.test' }), context, 'en');
      assert.match(section ?? '', /^RFC 6265bis §\d/);
      assert.equal(tone, 'bad');
      assert.doesNotMatch(text, /did not take it/);
    }
  });

  const kept: [Partial<CookieVerdict>, string][] = [
    [{ reason: 'path', path: '/checkout' }, 'It is for paths below `/checkout`, and the request is for `/cart`.'],
    [{ reason: 'domain', domain: 'lab.test', hostOnly: true }, 'It is for `lab.test` only, and the request goes to `shop.lab.test`.'],
    [{ reason: 'domain', domain: 'pay.lab.test' }, 'It is for `pay.lab.test` and names below it, and the request goes to `shop.lab.test`.'],
    [{ reason: 'secure' }, 'It is `Secure`, and the request goes over `http`.'],
    [{ reason: 'expired', expires: startedAt - 60_000 }, 'It expired on 14 Mar 2026, 09:25 UTC.'],
    [{ reason: 'public-suffix', domain: 'co.uk' }, '`co.uk` is a public suffix that many owners share.'],
    [{ reason: 'typed' }, 'The request names a cookie like this itself, which wins.'],
    [{ reason: 'later' }, 'It does not belong to this request (later).'],
  ];
  for (const [change, text] of kept) {
    it(`kept back: ${text}`, () => {
      const explained = explainSentCookie(cookie(change), context, 'en');
      assert.deepEqual([explained.word, explained.text, explained.tone], ['kept back', text, 'neutral']);
    });
  }

  it('says what SameSite means for a request that no page started', () => {
    assert.equal(explainSentCookie(cookie({ accepted: true }), context, 'en').word, 'sent');
    assert.match(
      explainSentCookie(cookie({ accepted: true, sameSite: 'strict' }), context, 'en').text,
      /`SameSite=Strict` holds nothing back/,
    );
    assert.doesNotMatch(
      explainSentCookie(cookie({ accepted: true, sameSite: 'none' }), context, 'en').text, /SameSite/,
    );
  });
});

describe('explainChain', () => {
  const day = 86_400_000;
  const one = (change: object) => [
    certificate('shop.lab.test', 'Lab CA', { subjectAltNames: ['shop.lab.test'], ...change }),
  ];
  const table: [string, Parameters<typeof explainChain>[0], string, string][] = [
    ['trusted', tlsFacts(), 'good', 'trusted for shop.lab.test'],
    ['another name', tlsFacts({ nameError: 'no' }), 'bad', 'not for shop.lab.test'],
    ['expired', tlsFacts({ chainError: 'CERT_HAS_EXPIRED', certificateChain: one({ validTo: startedAt - day }) }), 'bad', 'expired'],
    ['not yet valid', tlsFacts({ chainError: 'CERT_NOT_YET_VALID', certificateChain: one({ validFrom: startedAt + day }) }), 'bad', 'not yet valid'],
    ['self-signed', tlsFacts({ chainError: 'DEPTH_ZERO_SELF_SIGNED_CERT', certificateChain: one({ selfSigned: true }) }), 'bad', 'self-signed'],
    ['untrusted', tlsFacts({ chainError: 'UNABLE_TO_GET_ISSUER_CERT', certificateChain: one({}) }), 'bad', 'not trusted'],
    ['off', tlsFacts({ verificationOff: true }), 'unverified', 'not verified: verification was off'],
    ['off, and it would have failed', tlsFacts({ verificationOff: true, nameError: 'no' }), 'unverified', 'verification was off; it would have failed'],
  ];
  for (const [name, facts, tone, text] of table) {
    it(name, () => assert.deepEqual(explainChain(facts, 'shop.lab.test', startedAt, 'en'), { tone, text }));
  }

  it('shows each certificate with its part', () => {
    assert.deepEqual(explainCertificates(tlsFacts(), 'shop.lab.test', startedAt, 'en'), [
      { name: 'shop.lab.test', bad: false, lines: ['EC P-256 · 89 days left', 'name matches `*.lab.test`'] },
      { name: 'Roundtrip Lab CA 1', bad: false, lines: ['intermediate · sent by the server', 'EC P-256 · 89 days left'] },
      { name: 'Roundtrip Lab Root', bad: false, lines: ['root · trusted from lab · not sent', 'EC P-256 · 89 days left'] },
    ]);
  });

  it('counts what is left at the time of the exchange', () => {
    const validity = (change: object) => explainValidity(one(change)[0]!, startedAt, 'en');
    assert.equal(validity({ validTo: startedAt + 1.5 * day }), '1 day left');
    assert.equal(validity({ validTo: startedAt + 7_300_000 }), '2 h left');
    assert.equal(validity({ validTo: startedAt - 1000 }), 'expired less than a day ago');
    assert.equal(validity({ validTo: startedAt - 1.5 * day }), 'expired a day ago');
    assert.equal(validity({ validFrom: startedAt + 1.5 * day }), 'starts in 2 days');
    assert.equal(validity({ validFrom: startedAt + 0.5 * day }), 'starts within a day');
  });
});
