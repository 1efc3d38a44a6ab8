import assert from 'node:assert/strict';
import { explainFailure } from '../../src/explain/failure.ts';
import type { ClientCertificateFacts, TlsFacts } from '../../src/trace/tls/facts.ts';
import type { TlsHandshake } from '../../src/trace/exchange.ts';
import type { TlsMessage } from '../../src/trace/tls/message.ts';
import { explainClientCertificate, explainSession, explainVersions } from '../../src/explain/tlsAsked.ts';
import { exchangeOf, specOf, startedAt } from './support.ts';

const facts: TlsFacts = {
  version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', alpnOffered: [], resumed: false, verified: true,
  verificationOff: false, certificateChain: [],
};

function handshake(more: Partial<TlsFacts> = {}, messages?: readonly TlsMessage[]): TlsHandshake {
  return { startAt: 10, endAt: 14, alpnOffered: [], facts: { ...facts, ...more }, ...(messages ? { messages } : {}) };
}

function request(names: readonly string[]): TlsMessage {
  return {
    at: 11, direction: 'received', name: 'certificate_request', size: 9, encrypted: true, fields: [],
    extensions: [{ type: 47, name: 'certificate_authorities', size: 5, values: names }],
  };
}

describe('what was asked of TLS', () => {
  it('tells of a resumed session how long it took beside the full handshake, and what it saved', () => {
    const resumed = { resumed: true, resumedFrom: { age: 5000, handshakeTime: 25, certificatesSize: 2048 } };
    assert.equal(
      explainSession(handshake(resumed), 'en'),
      'resumed from 5.00 s ago: took 4.0 ms, the full handshake 25.0 ms; 2 kB of certificates not sent again',
    );
    assert.match(explainSession(handshake(resumed), 'ko') ?? '', /5.00 s 전.*4\.0 ms 소요.*25\.0/);
    const seen = (at: number, direction: TlsMessage['direction'], name: TlsMessage['name']): TlsMessage =>
      ({ at, direction, name, size: 9, encrypted: false, fields: [], extensions: [] });
    const messages = [seen(11, 'sent', 'client_hello'), seen(17, 'sent', 'finished')];
    assert.match(explainSession(handshake(resumed, messages), 'en') ?? '', /took 6\.0 ms/);
  });
  it('tells no figures where there are none', () => {
    assert.equal(explainSession(handshake({ resumed: true }), 'en'), 'resumed from an earlier one');
    assert.equal(explainSession(handshake(), 'en'), 'full handshake');
    assert.equal(explainSession({ startAt: 0, alpnOffered: [] }, 'en'), undefined);
  });

  it('says which versions were offered, and whether somebody chose them', () => {
    assert.equal(explainVersions({ min: 'TLSv1.2', max: 'TLSv1.3', chosen: false }, 'en'), 'TLS 1.2 – TLS 1.3');
    assert.equal(explainVersions({ min: 'TLSv1', max: 'TLSv1', chosen: true }, 'en'), 'TLS 1.0, as asked for');
  });

  const me = { subject: 'CN=Me, O=Us', label: 'me.pem', from: 'request' } as const;
  const cases: [ClientCertificateFacts, Partial<TlsFacts>, string, RegExp][] = [
    [{ asked: true, presented: true, ...me }, {}, 'presented', /^asked for, and presented: `Me` from me\.pem$/],
    [{ asked: false, presented: false, ...me }, {}, 'unasked', /^not asked for, so me\.pem was not presented$/],
    [{ asked: false, presented: false, ...me }, { resumed: true }, 'unasked', /resumed session stands for/],
    [{ asked: false, presented: false, absent: 'none' }, {}, 'unasked', /^not asked for$/],
    [{ asked: true, presented: false, absent: 'none' }, {}, 'missing', /none is named for this host/],
    [{ asked: true, presented: false, absent: 'request' }, {}, 'missing', /@no-client-cert/],
    [{ asked: true, presented: false, absent: 'other-origin' }, {}, 'missing', /stays with the origin/],
  ];
  for (const [clientCertificate, more, tone, text] of cases) {
    it(`says of a certificate of our own: ${text.source}`, () => {
      const explained = explainClientCertificate(handshake({ clientCertificate, ...more }), 'en');
      assert.equal(explained?.tone, tone);
      assert.match(explained?.text ?? '', text);
      const korean = explainClientCertificate(handshake({ clientCertificate, ...more }), 'ko');
      assert.match(korean?.text ?? '', /\p{Script=Hangul}/u);
    });
  }

  const asked = { clientCertificate: { asked: true, presented: false, absent: 'none' } } as const;
  const accepted: [readonly string[], RegExp][] = [
    [[], /names no authority/],
    [['CN=A', 'CN=B'], /^It accepts certificates of `CN=A`, `CN=B`\.$/],
    [['CN=A', 'CN=B', 'CN=C', 'CN=D', 'CN=E'], /`CN=A`, `CN=B`, `CN=C` and 2 more/],
  ];
  for (const [names, text] of accepted) {
    it(`names whose certificates the server accepts: ${names.length}`, () => {
      assert.match(explainClientCertificate(handshake(asked, [request(names)]), 'en')?.accepts ?? '', text);
    });
  }
  it('says which certificate a server may not have liked that closed without a word', () => {
    const told = { phase: 'wait', code: 'connection-closed', confidence: 'certain', detail: { port: 443 } } as const;
    const explain = (presented: boolean) => {
      const me = { label: 'me.pem', from: 'request' } as const;
      const clientCertificate = { asked: true, presented, label: 'me.pem', from: 'request' } as const;
      const exchange = exchangeOf(specOf('https://a.test/', { options: { clientCertificate: me } }), [
        { type: 'queued', at: 0, startedAt }, { type: 'failed', at: 11, failure: told },
      ], [
        { type: 'opened', at: 0, origin: 'https://a.test', host: 'a.test', port: 443 },
        { type: 'tls-start', at: 1, alpnOffered: [] },
        { type: 'tls-end', at: 2, tls: { ...facts, clientCertificate } },
      ]);
      const { text, steps } = explainFailure(told, exchange, 'en');
      return `${text} ${steps[0]?.text ?? ''}`;
    };
    assert.match(explain(true), /asked for a client certificate and was given `me\.pem`.* Check who issued the certificate/);
    assert.match(explain(false), /had asked for a client certificate, which may be why/);
  });
  it('does not name them where the message was not kept', () => {
    assert.equal(explainClientCertificate(handshake(asked), 'en')?.accepts, undefined);
  });
  it('knows from the messages that a certificate was asked for when the handshake broke off', () => {
    const seen = { roundTrips: 1, helloRetry: false, resumptionOffered: false, clientCertificateAsked: true };
    const explained = explainClientCertificate(
      { startAt: 0, alpnOffered: [], seen, messages: [request(['CN=A'])] }, 'en',
    );
    assert.equal(explained?.tone, 'missing');
    assert.match(explained?.accepts ?? '', /CN=A/);
    assert.equal(explainClientCertificate({ startAt: 0, alpnOffered: [] }, 'en'), undefined);
  });
});
