import assert from 'node:assert/strict';
import {
  explainCause, explainConfidence, explainFailure, failureMessage, failureStatus, isLabRequest,
} from '../../src/explain/failure.ts';
import type { LabState } from '../../src/explain/failure.ts';
import { languages } from '../../src/explain/text/language.ts';
import type { Language } from '../../src/explain/text/language.ts';
import type { ConnectionEvent } from '../../src/trace/event.ts';
import type { CertificateFacts, TlsFacts } from '../../src/trace/tls/facts.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { Failure, FailureCode, PhaseName } from '../../src/trace/failure.ts';
import { exchangeOf, failedExchange, failureCodes, simple, specOf, startedAt } from './support.ts';

function failure(code: FailureCode, change: Partial<Failure> = {}): Failure {
  return { phase: failureCodes[code], code, confidence: 'certain', ...change };
}

const day = 86_400_000;

function certificate(change: Partial<CertificateFacts>): CertificateFacts {
  return {
    subject: 'CN=shop.test', issuer: 'CN=Shop CA', subjectAltNames: ['DNS:shop.test', 'DNS:*.shop.test'],
    validFrom: startedAt - 90 * day,
    validTo: startedAt + 89.5 * day, serialNumber: '01', fingerprint256: 'AA', publicKey: 'EC P-256',
    isAuthority: false, selfSigned: false,
    sentByServer: true, pem: '', ...change,
  };
}

/** A handshake with these certificates that was then given up. */
function refusedCertificate(code: FailureCode, chain: CertificateFacts[], facts: Partial<TlsFacts> = {}): Exchange {
  const told = failure(code, { host: 'pay.test' });
  const tls: TlsFacts = {
    version: 'TLSv1.3', cipher: 'x', alpnOffered: ['h2'], resumed: false, verified: false, verificationOff: false,
    certificateChain: chain, ...facts,
  };
  return exchangeOf(specOf('https://pay.test/'), [
    { type: 'queued', at: 0, startedAt }, { type: 'failed', at: 11, failure: told },
  ], [
    { type: 'opened', at: 0, origin: 'https://pay.test', host: 'pay.test', port: 443 },
    { type: 'tls-start', at: 1, serverName: 'pay.test', alpnOffered: ['h2'] }, { type: 'tls-end', at: 10, tls }, { type: 'failed', at: 11, failure: told },
  ]);
}

describe('explainFailure', () => {
  for (const language of languages) {
    for (const code of Object.keys(failureCodes) as FailureCode[]) {
      it(`says what ${code} is and what to do, in ${language}`, () => {
        const told = failure(code);
        const exchange = failedExchange(told);
        const { title, text, steps } = explainFailure(told, exchange, language);
        for (const sentence of [title, text, ...steps.map((step) => step.text)]) {
          assert.ok(sentence.length > 3, sentence);
          assert.doesNotMatch(sentence, /\{\w+\}|undefined|NaN|\[object/);
          assert.equal(/[가-힣]/.test(sentence), language === 'ko', sentence);
        }
        // Who cancelled knows what to do.
        assert.equal(steps.length > 0, code !== 'cancelled');
        const line = failureMessage(told, exchange, language);
        assert.match(line, code === 'cancelled' ? /^[^\n`→]+$/ : /^[^\n`]+→[^\n`]+$/);
      });
    }
  }

  it('names the address and port that refused', () => {
    const told = failure('connection-refused', { address: '127.0.0.1', port: 8080 });
    const { title, text } = explainFailure(told, failedExchange(told, specOf('http://127.0.0.1:8080/')), 'en');
    assert.equal(title, 'Connection refused.');
    assert.equal(
      text, 'The machine answered at once: no program listens at `127.0.0.1:8080`. Nothing was sent.',
    );
  });

  it('names every address when several refused', () => {
    const told = failure('connection-refused', { host: 'shop.test', address: '127.0.0.1', port: 80 });
    const attempts = ['::1', '127.0.0.1'].flatMap((address, attempt): ConnectionEvent[] => [
      { type: 'attempt-start', at: attempt, attempt, address, family: attempt === 0 ? 6 : 4, port: 80 },
      { type: 'attempt-end', at: attempt + 0.5, attempt, outcome: 'failed', code: 'ECONNREFUSED' },
    ]);
    const exchange = exchangeOf(
      specOf('http://shop.test/'), [{ type: 'queued', at: 0, startedAt }, { type: 'failed', at: 3, failure: told }],
      attempts,
    );
    assert.match(
      explainFailure(told, exchange, 'en').text,
      /^Both addresses of `shop\.test` refused port 80: `\[::1\]`, `127\.0\.0\.1`\./,
    );
  });

  describe('of several attempts says what became of each', () => {
    const told = (code: 'connection-refused' | 'connect-timeout', detail: Failure['detail'], ...tried: [string, number, string][]) => {
      const said = failure(code, { host: 'shop.test', address: '192.0.2.1', port: 80, detail });
      const attempts = tried.flatMap(([address, port, came], attempt): ConnectionEvent[] => [
        { type: 'attempt-start', at: attempt, attempt, address, family: 4, port },
        { type: 'attempt-end', at: attempt + 0.5, attempt, outcome: 'failed', code: came },
      ]);
      const exchange = exchangeOf(
        specOf('http://shop.test/'), [{ type: 'queued', at: 0, startedAt }, { type: 'failed', at: 3, failure: said }], attempts,
      );
      assert.doesNotMatch(explainFailure(said, exchange, 'ko').text, /[{}]/);
      return explainFailure(said, exchange, 'en').text;
    };
    const refused = 'ECONNREFUSED';

    it('refused at several ports', () => assert.match(
      told('connection-refused', {}, ['192.0.2.1', 8443, refused], ['192.0.2.1', 80, refused]),
      /^Every attempt was refused: `192\.0\.2\.1:8443`, `192\.0\.2\.1:80`\./,
    ));
    it('refused, with others left out', () => assert.match(
      told('connection-refused', { untried: 1, maxAttempts: 2 }, ['192.0.2.1', 80, refused], ['192.0.2.2', 80, refused]),
      /^Every attempt was refused: .* No more than 2 addresses are tried for one connection, and there are more\.$/,
    ));
    it('refused at one alone', () => assert.match(
      told('connection-refused', {}, ['192.0.2.1', 80, refused], ['192.0.2.2', 80, 'EHOSTUNREACH']),
      /^Refused: `192\.0\.2\.1:80`\. .* either: `192\.0\.2\.2:80` \(EHOSTUNREACH\)\./,
    ));
    it('without an answer', () => assert.match(
      told('connect-timeout', { limit: 4000 }, ['192.0.2.1', 80, 'connect-timeout'], ['192.0.2.2', 80, 'connect-timeout']),
      /^None of 2 attempts led to a connection within 4\.00 s: `192\.0\.2\.1:80`, `192\.0\.2\.2:80`\./,
    ));
    it('given up by the system', () => {
      const said = failure('connect-timeout', { address: '192.0.2.1', port: 80, cause: { code: 'ETIMEDOUT', message: 'connect ETIMEDOUT' } });
      const { text, steps } = explainFailure(said, failedExchange(said), 'en');
      assert.match(text, /until the operating system gave up/);
      assert.doesNotMatch(`${text} ${steps.map((step) => step.text).join(' ')}`, /\d s|timeouts\.connect/);
    });
  });

  it('offers to start the lab when nobody answers at a lab address, and only there', () => {
    const told = failure('connection-refused', { address: '127.0.0.1', port: 8080 });
    const actions = (url: string, traceHosts?: string[]) =>
      explainFailure(
        told, failedExchange(told, specOf(url, { options: traceHosts ? { traceHosts } : {} })), 'en',
      ).steps.map((step) => step.action);
    assert.equal(actions('http://lab.test:8080/')[0], 'start-lab');
    assert.equal(actions('http://shop.LAB.test:8080/')[0], 'start-lab');
    assert.equal(actions('http://127.0.0.1:8080/', ['lab.test', '127.0.0.1:8080'])[0], 'start-lab');
    assert.ok(!actions('http://127.0.0.1:8081/', ['lab.test', '127.0.0.1:8080']).includes('start-lab'));
    assert.ok(!actions('http://mylab.test:8080/').includes('start-lab'));
    const reset = failure('connection-reset');
    assert.ok(
      !explainFailure(
        reset, failedExchange(reset, specOf('http://lab.test/')), 'en',
      ).steps.some((step) => step.action === 'start-lab'),
    );
  });

  it('names the proxy where it ended the connection, asked for a tunnel', () => {
    for (const [code, title] of [
      ['connection-closed', 'The proxy closed the connection without an answer.'],
      ['connection-reset', 'The connection was reset.'],
    ] as const) {
      const told = { ...failure(code), phase: 'proxy' as const };
      const said = explainFailure(told, failedExchange(told, specOf('https://shop.test/')), 'en');
      assert.equal(said.title, title);
      assert.match(said.steps[0]!.text, /^Look into the proxy's log at this time: /);
      assert.deepEqual(said.steps.slice(1).map(({ action }) => action), ['resend']);
      const inTls = { ...told, detail: { proxy: 'https://squid.test:3128', step: 'tls' } };
      assert.equal(explainFailure(inTls, failedExchange(inTls, specOf('https://shop.test/')), 'en').title, title);
    }
  });

  it('knows whether the lab ran: started since, running all along, or not running', () => {
    const told = failure('connection-refused', { address: '127.0.0.1', port: 8080 });
    const exchange = failedExchange(told, specOf('http://lab.test:8080/'));
    const steps = (lab: LabState, language: Language = 'en') => explainFailure(told, exchange, language, lab).steps;
    assert.deepEqual(steps('stopped').map(({ action }) => action), ['start-lab']);
    assert.match(steps('none').map(({ text }) => text).join(), /write `\{\{\$lab\.http\}\}` instead/);
    assert.deepEqual(steps('started'), [{ text: 'The lab is running now: send again.', action: 'resend', lab: true }]);
    for (const language of languages) {
      const said = steps('running', language).map(({ text }) => text).join(' ');
      assert.doesNotMatch(said, /\blab\b(?!\.test)|랩/);
      assert.equal(steps('running', language).length, 2);
    }
  });

  it('names the proxy and not the URL when the proxy cannot be reached', () => {
    const options = { proxy: 'http://me:secret@squid.test:3128' };
    const detail = { proxy: 'http://squid.test:3128' };
    for (const [code, host] of [
      ['name-not-found', 'shop.test'], ['connection-refused', 'squid.test'], ['connect-timeout', 'squid.test'],
    ] as const) {
      const told = failure(code, { host, detail });
      const exchange = failedExchange(told, specOf('http://shop.test/', { options }));
      for (const language of languages) {
        const { text, steps } = explainFailure(told, exchange, language);
        assert.match(text, /`http:\/\/squid\.test:3128`/);
        assert.match(text, /`squid\.test(:3128)?`|squid\.test:3128/);
        assert.match(steps[0]?.text ?? '', /`http:\/\/squid\.test:3128`/);
        assert.doesNotMatch([text, ...steps.map((step) => step.text)].join(' '), /shop\.test|port 80\b|secret/);
      }
    }
  });

  it('does not take an unreachable proxy for the lab', () => {
    const told = failure('connection-refused', { detail: { proxy: 'http://squid.test:3128' } });
    const exchange = failedExchange(told, specOf('http://lab.test/'));
    assert.ok(!explainFailure(told, exchange, 'en').steps.some(({ action }) => action === 'start-lab'));
  });

  const unsupported: [detail: NonNullable<Failure['detail']>, expected: RegExp][] = [
    [{ part: 'method', method: 'CONNECT' }, /`CONNECT`/], [{ part: 'http-version', httpVersion: '2' }, /`HTTP\/2`/],
    [{ reason: 'scheme', scheme: 'socks5', proxy: 'socks5://squid.test' }, /`socks5:\/\/squid\.test`.*`socks5:`/],
    [{ reason: 'invalid-url' }, /`http:\/\/host:port`/],
  ];
  for (const [detail, expected] of unsupported) {
    it(`names what is not supported: ${JSON.stringify(detail)}`, () => {
      const told = failure('unsupported', { detail });
      for (const language of languages) assert.match(
        explainFailure(told, failedExchange(told), language).text, expected,
      );
    });
  }

  it('advises to trust a private root first, and names only switches that exist', () => {
    const told = failure('certificate-untrusted');
    const steps = explainFailure(
      told, refusedCertificate('certificate-untrusted', [certificate({})]), 'en',
    ).steps.map(({ text }) => text);
    assert.match(steps[0] ?? '', /root certificate.*`roundtrip\.tls\.certificateAuthorities`.*`--cacert FILE`/);
    assert.match(steps.at(-1) ?? '', /`# @insecure`.*`--insecure`/);
    assert.doesNotMatch(steps.join(' '), /setting|http\.systemCertificates/);
  });

  it('names the switch that keeps the operating system\'s authorities out', () => {
    const told = failure('certificate-untrusted');
    const exchange = refusedCertificate('certificate-untrusted', [certificate({})]);
    const spec = { ...exchange.spec, options: { ...exchange.spec.options, tls: { systemRoots: false } } };
    for (const language of languages) {
      const { steps } = explainFailure(told, { ...exchange, spec }, language);
      assert.match(steps[0]?.text ?? '', /`http\.systemCertificates`/);
    }
  });

  it('counts from Send, and says so', () => {
    const told = failure('connection-closed', { address: '192.0.2.1', port: 80 });
    assert.match(
      explainFailure(told, failedExchange(told, specOf(), 6.1), 'en').text,
      /closed the connection while we waited for the response, 6\.1 ms after Send/,
    );
  });

  it('does not offer the lab when its own name server has answered', () => {
    const told = failure('name-not-found', { host: 'nowhere.lab.test' });
    const options = { zoneServers: [{ zone: 'lab.test', servers: [{ address: '127.0.0.1', port: 5353 }] }] };
    const actions = (server: string) => {
      const exchange = exchangeOf(specOf('http://nowhere.lab.test/', { options }), [
        { type: 'queued', at: 0, startedAt }, { type: 'failed', at: 3, failure: told },
      ], [
        { type: 'dns-start', at: 0, name: 'nowhere.lab.test' },
        { type: 'dns-step', at: 2, step: {
          at: 2, startAt: 0, source: 'name-server', server, question: { name: 'nowhere.lab.test', type: 'A' },
          outcome: 'name-error', rcode: 'NXDOMAIN' } },
        { type: 'failed', at: 3, failure: told },
      ]);
      return explainFailure(told, exchange, 'en').steps.map((step) => step.action);
    };
    assert.ok(!actions('127.0.0.1:5353').includes('start-lab'));
    assert.equal(actions('192.0.2.53:53')[0], 'start-lab');
  });

  it('counts the days since a certificate expired, at the time of the request', () => {
    const exchange = refusedCertificate('certificate-expired', [certificate({ validTo: startedAt - 3.2 * day })]);
    assert.match(
      explainFailure(failure('certificate-expired'), exchange, 'en').text,
      /^`shop\.test` was valid until 11 Mar 2026, 04:38 UTC, 3 days before this request\./,
    );
  });

  it('names the certificate of the chain that expired, not the server\'s', () => {
    const chain = [certificate({}), certificate({ subject: 'CN=Old CA', validTo: startedAt - 1.5 * day })];
    assert.match(
      explainFailure(failure('certificate-expired'), refusedCertificate('certificate-expired', chain), 'en').text,
      /^`Old CA` was valid until .+, 1 day before/,
    );
  });

  const refusedAsWeak = (chain: CertificateFacts[]) => {
    const told = failure('certificate-invalid', { cause: { code: 'UNSPECIFIED', message: 'UNSPECIFIED' } });
    const { text, steps } = explainFailure(told, refusedCertificate('certificate-invalid', chain, { chainError: 'UNSPECIFIED' }), 'en');
    return { text, step: steps[0]?.text, cause: explainCause(told, 'en') };
  };

  it('names a key that is too weak, with its size', () => {
    const { text, step, cause } = refusedAsWeak([certificate({ publicKey: 'RSA 1024' })]);
    assert.match(text, /^The key of `shop\.test` is too weak: RSA with 1024 bits, where 2048 are the least/);
    assert.match(step ?? '', /^Your own server: make a new key/);
    assert.equal(cause, undefined);
  });

  it('names an authority with a key that is too weak', () => {
    const { text, step } = refusedAsWeak([certificate({}), certificate({ subject: 'CN=Shop CA', publicKey: 'RSA 1024' })]);
    assert.match(text, /^The key of the authority `Shop CA` is too weak: RSA with 1024 bits/);
    assert.match(step ?? '', /^Your own authority/);
  });

  it('names a signature that is too weak, but not that of a root', () => {
    const root = certificate({ subject: 'CN=Shop CA', signatureAlgorithm: 'sha1WithRSAEncryption', selfSigned: true });
    const { text } = refusedAsWeak([certificate({ signatureAlgorithm: 'sha1WithRSAEncryption' }), root]);
    assert.match(text, /^`Shop CA` signed the certificate of `shop\.test` with SHA-1, /);
    assert.match(refusedAsWeak([certificate({ publicKey: 'RSA 2048' }), root]).text, /breaks a rule\. Nothing of the request/);
  });

  const firstStep = (told: Failure, exchange = failedExchange(told)): string | undefined => explainFailure(told, exchange, 'en').steps[0]?.text;

  it('begins with what helps where a limit was reached', () => {
    assert.match(firstStep(failure('total-timeout', { detail: { limit: 100 } })) ?? '', /^Raise or remove the total limit of 100 ms/);
    const steps = (phase: Failure['phase']): string => {
      const told = failure('total-timeout', { phase });
      return explainFailure(told, failedExchange(told), 'en').steps.map(({ text }) => text).join(' ');
    };
    assert.match(steps('wait'), /server is overloaded/);
    assert.doesNotMatch(steps('dns'), /server is overloaded/);
    assert.match(firstStep(failure('idle-timeout')) ?? '', /^Check whether the server is overloaded/);
    assert.match(firstStep(failure('too-many-redirects', { detail: { limit: 20, location: '/21' } })) ?? '', /no plain circle.*raise the limit/);
  });

  it('says which version of HTTP to write, by what was offered', () => {
    const told = failure('alpn-refused');
    const exchange = (...alpnOffered: string[]): Exchange => exchangeOf(specOf(), [{ type: 'queued', at: 0, startedAt }, { type: 'failed', at: 11, failure: told }], [
      { type: 'opened', at: 0, origin: 'https://a.test', host: 'a.test', port: 443 }, { type: 'tls-start', at: 1, alpnOffered },
    ]);
    assert.match(firstStep(told, exchange('h2')) ?? '', /^Write `HTTP\/1.1` after the URL, or no version at all/);
    assert.match(firstStep(told, exchange('http/1.1')) ?? '', /^Leave out the version/);
    assert.match(firstStep(told, exchange('h2', 'http/1.1')) ?? '', /`HTTP\/1.1` or `HTTP\/2`/);
  });

  it('says that TLS may be spoken where a request in the clear got no answer', () => {
    const told = failure('connection-closed', { phase: 'wait', port: 8443 });
    const steps = (url: string) => explainFailure(told, failedExchange(told, specOf(url)), 'en').steps.map(({ text }) => text);
    assert.match(steps('http://a.test:8443/')[0] ?? '', /If the server speaks TLS on port 8443, which cannot be told from here, write `https:`/);
    const other = failure('connection-closed', { phase: 'wait', port: 8080 });
    assert.match(explainFailure(other, failedExchange(other, specOf('http://a.test:8080/')), 'en').steps[1]?.text ?? '', /speaks TLS on port 8080/);
    assert.ok(!steps('https://a.test:8443/').some((text) => text.includes('speaks TLS')));
  });

  it('does not repeat beside a sentence what it says', () => {
    const told = failure('malformed-response', { cause: { code: 'HPE_X', message: 'Odd start line.' } });
    assert.equal(explainCause(told, 'en', 'It cannot be read: Odd start line.'), 'The platform said: HPE_X');
    assert.equal(explainCause(failure('malformed-response', { cause: { message: 'odd' } }), 'en', 'It cannot be read: odd.'), undefined);
  });

  it('says for which names a certificate is valid', () => {
    const exchange = refusedCertificate('certificate-name-mismatch', [certificate({})], { nameError: 'no match' });
    const { text } = explainFailure(failure('certificate-name-mismatch', { host: 'pay.test' }), exchange, 'en');
    assert.equal(
      text, "You asked for `pay.test`; the server's certificate is valid for `shop.test` and `*.shop.test` only (RFC 9525 §6). Nothing of the request was sent. The chain itself is trusted, and 89 days are left.",
    );
  });

  it('does not call a chain trusted that is not', () => {
    const exchange = refusedCertificate('certificate-name-mismatch', [certificate({})], {
      nameError: 'no', chainError: 'CERT_UNTRUSTED',
    });
    assert.doesNotMatch(explainFailure(failure('certificate-name-mismatch'), exchange, 'en').text, /trusted/);
  });

  it('tells the limit that was set, else the default one', () => {
    const told = failure('connect-timeout', { address: '192.0.2.1', port: 80 });
    const text = (timeouts: { connect: number } | undefined) =>
      explainFailure(
        told, failedExchange(told, specOf('http://a.test/', { options: timeouts ? { timeouts } : {} })), 'en',
      ).text;
    assert.match(text({ connect: 250 }), /within 250 ms\./);
    assert.match(text(undefined), /within 10\.0 s\./);
  });

  it('tells how much of the promised body came', () => {
    const told = failure('response-truncated');
    const exchange = exchangeOf(specOf(), [
      { type: 'queued', at: 0, startedAt },
      { type: 'response-head', at: 2, httpVersion: '1.1', statusCode: 200, reasonPhrase: 'OK', headers: [['Content-Length', '120000']] },
      { type: 'body-progress', at: 3, bodySize: 7300, contentSize: 7300 }, { type: 'failed', at: 4, failure: told },
    ]);
    assert.equal(
      explainFailure(told, exchange, 'en').text,
      'The connection ended after 7,300 of the 120,000 bytes that `Content-Length` promised.',
    );
  });

  it('names the version that a server requires, instead of sending the same again', () => {
    for (const code of ['stream-reset', 'goaway'] as const) {
      const steps = (error: string): string => {
        const told = failure(code, { detail: { code: error, stream: 1, lastStream: 1 } });
        return explainFailure(told, failedExchange(told), 'en').steps.map(({ text }) => text).join(' ');
      };
      assert.match(steps('HTTP_1_1_REQUIRED'), /Write `HTTP\/1\.1` after the URL/);
      assert.doesNotMatch(steps('HTTP_1_1_REQUIRED'), /Send again/);
      assert.match(steps('CANCEL'), /Send again/);
    }
  });

  it('does not say that nothing was sent when only the trailers were not', () => {
    const told = failure('unsupported', { phase: 'send', cause: { message: 'a single value' }, detail: { part: 'trailer' } });
    const { text } = explainFailure(told, failedExchange(told), 'en');
    assert.equal(text, 'The trailers of the request could not be sent: a single value.');
  });

  it('does not say that a content with more behind it cannot be decoded', () => {
    const told = failure('decoding-failed', { detail: { codings: ['gzip'], excess: 12 } });
    const { title, text } = explainFailure(told, failedExchange(told), 'en');
    assert.equal(title, 'More came than the compressed content.');
    assert.match(text, /ends before the body does: 12 B follow that belong to nothing/);
  });

  it('mentions that a reset connection had been idle', () => {
    const told = failure('connection-reset', { address: '192.0.2.1', port: 80 });
    const exchange = exchangeOf(specOf(), [
      { type: 'queued', at: 0, startedAt }, { type: 'connection-assigned', at: 0, connectionId: 'c1', reused: true, idle: 5200 }, { type: 'failed', at: 2, failure: told },
    ]);
    assert.match(explainFailure(told, exchange, 'en').text, /idle for 5\.20 s/);
  });

  it('keeps a proxy\'s password out of the text', () => {
    const told = failure('proxy-refused');
    const exchange = failedExchange(
      told, specOf('http://a.test/', { options: { proxy: 'http://me:secret@proxy.test:3128' } }),
    );
    assert.doesNotMatch(JSON.stringify(explainFailure(told, exchange, 'en')), /secret/);
  });
});

describe('failureStatus', () => {
  const phases: PhaseName[] = ['blocked', 'dns', 'tcp', 'proxy', 'tls', 'send', 'wait', 'receive'];
  for (const language of languages) {
    it(`names each phase differently in ${language}`, () => {
      const said = phases.map((phase) => failureStatus(failure('internal', { phase }), language));
      assert.equal(new Set(said).size, phases.length);
    });
  }

  it('does not doubt that it was a web server where a head came', () => {
    const told = failure('malformed-response', { phase: 'receive' });
    const { spec, events } = simple({ sent: 1, first: 4, end: 5 });
    const withHead = exchangeOf(spec, [...events.slice(0, -1), { type: 'failed', at: 5, failure: told }]);
    const steps = (exchange: Exchange): string =>
      explainFailure(told, exchange, 'en').steps.map(({ text }) => text).join(' ');
    assert.equal(withHead.response?.statusCode, 200);
    assert.match(steps(withHead), /Have the server mended/);
    assert.doesNotMatch(steps(withHead), /another service/);
    assert.match(steps(failedExchange(told)), /another service/);
  });

  const rules: readonly [said: string, told: RegExp, isHttp: boolean][] = [
    ['Response does not match the HTTP/1.1 protocol (Expected HTTP/)', /does not begin with `HTTP\/`/, false],
    ['Response does not match the HTTP/1.1 protocol (Invalid character in chunk size)', /size of a chunk/, true],
    ['Response does not match the HTTP/1.1 protocol (Invalid header token)', /header field has a character/, true],
    ['Response does not match the HTTP/1.1 protocol (Invalid HTTP version)', /its version/, true],
    ['Response does not match the HTTP/1.1 protocol (Missing expected CR after header value)', /CR and LF/, true],
    ['Content-Length can\'t be present with Transfer-Encoding', /told twice/, true],
    ['Invalid character in Content-Length', /no number/, true],
    ['Odd bytes', /cannot be read as a response: Odd bytes\./, false],
  ];
  for (const [said, told, isHttp] of rules) {
    it(`names the rule that is broken where the parser said: ${said}`, () => {
      const unreadable = failure('malformed-response', { cause: { message: said } });
      const { text, steps } = explainFailure(unreadable, failedExchange(unreadable), 'en');
      assert.match(text, told);
      assert.equal(/Have the server mended/.test(steps[0]!.text), isHttp);
    });
  }

  it('says of an alert about the name that the name is what matters', () => {
    const told = failure('tls-alert', { detail: { alert: 'unrecognized_name' } });
    const { text, steps } = explainFailure(told, failedExchange(told), 'en');
    assert.match(text, /no certificate for the name/);
    assert.deepEqual(steps.map((step) => /host name in the URL/.test(step.text)), [true]);
  });

  const limits: [string, RegExp, RegExp][] = [
    ['more than 16 CNAME records', /more aliases \(CNAME\) than are followed: 16/, /maxAliases.*--max-aliases/],
    ['more than 32 referrals', /given up at the limit of 32 referrals/, /maxReferrals.*--max-referrals/],
    ['more than 60 queries', /given up at the limit of 60 questions/, /maxQueries.*--max-queries/],
    ['more than 60 name servers without an address', /addresses of 60 name servers/, /maxQueries.*--max-queries/],
  ];
  for (const [reason, text, step] of limits) it(`names the limit of a lookup: ${reason}`, () => {
    for (const code of ['name-server-failed', 'name-timeout'] as const) {
      const told = failure(code, { host: 'shop.test', detail: { reason } });
      const said = explainFailure(told, failedExchange(told), 'en');
      assert.match(said.text, text);
      assert.equal(said.steps.filter((one) => step.test(one.text)).length, 1);
      const korean = explainFailure(told, failedExchange(told), 'ko');
      assert.equal(korean.steps.filter((one) => step.test(one.text)).length, 1);
    }
  });

  it('says that a limit left addresses out, and how it is raised', () => {
    for (const code of ['connection-refused', 'connect-timeout', 'host-unreachable'] as const) {
      const told = failure(code, { address: '192.0.2.8', port: 80, detail: { untried: 4, maxAttempts: 8 } });
      for (const language of languages) {
        const { text, steps } = explainFailure(told, failedExchange(told), language);
        assert.match(text, language === 'en' ? /No more than 8 addresses are tried .* there are more\.$/ : /최대 8개까지만/);
        assert.match(steps.at(-1)!.text, /roundtrip\.dns\.maxAddresses.*--max-addresses/);
      }
      const all = failure(code, { address: '192.0.2.8', port: 80, detail: { attempts: 8 } });
      assert.doesNotMatch(JSON.stringify(explainFailure(all, failedExchange(all), 'en')), /maxAddresses|No more than/);
    }
  });

  it('names the limit of interim responses, and how it is raised', () => {
    const told = failure('malformed-response', { detail: { interimResponses: 33, limit: 32 } });
    for (const language of languages) {
      const { text, steps } = explainFailure(told, failedExchange(told), language);
      assert.match(text, /33.*32/);
      assert.match(steps[0]!.text, /roundtrip\.http\.maxInterimResponses.*--max-interim/);
    }
  });

  it('names the limit that the head of a response went over, and how it is raised', () => {
    const cases: [Record<string, number>, RegExp, RegExp][] = [
      [{ size: 70_000, limit: 65_536 }, /65\.5 kB/, /roundtrip\.http\.maxHeadSize.*--max-head-size/],
      [{ fields: 257, limit: 256 }, /257.*256/, /roundtrip\.http\.maxFields.*--max-fields/],
    ];
    for (const [detail, text, step] of cases) {
      const told = failure('response-head-too-large', { detail });
      for (const language of languages) {
        const explained = explainFailure(told, failedExchange(told), language);
        assert.match(explained.text, text);
        assert.match(explained.steps.at(-1)?.text ?? '', step);
      }
    }
  });

  it('says of what cannot be read that it failed while reading, in any phase', () => {
    for (const code of ['malformed-response', 'response-head-too-large'] as const) {
      for (const phase of ['wait', 'receive'] as const) {
        assert.equal(failureStatus(failure(code, { phase }), 'en'), 'Failed while reading the response');
        assert.equal(failureStatus(failure(code, { phase }), 'ko'), '응답을 읽는 단계에서 실패');
      }
    }
  });

  it('calls a cancelled exchange cancelled', () => {
    assert.equal(failureStatus(failure('cancelled'), 'en'), 'Cancelled');
    assert.equal(failureStatus(failure('connection-refused'), 'ko'), 'TCP 연결 단계에서 실패');
  });
});

describe('explainCause and explainConfidence', () => {
  it('give the platform\'s words once', () => {
    assert.equal(
      explainCause(failure('internal', { cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' } }), 'en'),
      'The platform said: connect ECONNREFUSED',
    );
    assert.equal(
      explainCause(failure('internal', { cause: { code: 'X1', message: 'odd' } }), 'en'), 'The platform said: X1: odd',
    );
    assert.equal(explainCause(failure('internal'), 'en'), undefined);
  });

  it('say nothing of what was seen on the wire', () => {
    assert.equal(explainConfidence(failure('internal'), 'en'), undefined);
    assert.match(explainConfidence(failure('internal', { confidence: 'guess' }), 'en') ?? '', /guess/);
  });
});

describe('isLabRequest', () => {
  it('never throws for a URL that is none', () => {
    assert.equal(isLabRequest(failedExchange(failure('invalid-request'), specOf('not a url'))), false);
  });
});
