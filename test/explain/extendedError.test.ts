import assert from 'node:assert/strict';
import { encode } from 'dns-packet';
import { explainMessage } from '../../src/explain/dnsMessage.ts';
import { explainExtendedError, rcodeWithReasons } from '../../src/explain/extendedError.ts';
import { explainStepDetails } from '../../src/explain/stepDetails.ts';
import { extendedErrorTexts } from '../../src/explain/text/extendedError.ts';
import { extendedErrorName, extendedErrorsOf } from '../../src/trace/extendedError.ts';
import type { DnsStep } from '../../src/trace/dnsStep.ts';

describe('extended DNS errors (RFC 8914)', () => {
  const step: DnsStep = {
    startAt: 0, at: 1, source: 'name-server', transport: 'udp', question: { name: 'a.test', type: 'A' },
    outcome: 'server-failure', rcode: 'SERVFAIL', extendedErrors: [{ code: 6, text: 'no SEP' }, { code: 22 }],
  };

  it('are read with their text, of which no more is taken than can be shown', () => {
    const read = (...hex: string[]) => extendedErrorsOf({ options: hex.map((one) => ({ code: 15, hex: one })) });
    assert.deepEqual(read('0006', '00166f6b00', '000f0a410d0a42', '00'), [
      { code: 6 }, { code: 22, text: 'ok' }, { code: 15, text: 'A B' },
    ]);
    assert.deepEqual(read(`0000${'e382ab'.repeat(300)}`), [{ code: 0, text: 'カ'.repeat(200) }]);
    assert.deepEqual(extendedErrorsOf({ options: [{ code: 10, hex: '0006' }] }), []);
    assert.equal(read(...Array.from({ length: 20 }, () => '0006')).length, 8);
  });

  it('are told with the name that IANA gives and what it means, in the details of the question', () => {
    assert.deepEqual(explainStepDetails(step, 'en'), [
      'EDE 6 (DNSSEC Bogus): the answer did not pass the check of DNSSEC; the server adds “no SEP”',
      'EDE 22 (No Reachable Authority): no server of the zone could be reached, or none would answer',
    ]);
    assert.equal(explainStepDetails(step, 'ko')[0], 'EDE 6 (DNSSEC Bogus): DNSSEC 검증에 실패한 답, 서버가 덧붙인 말: “no SEP”');
    assert.equal(rcodeWithReasons(step), 'SERVFAIL, EDE 6 (DNSSEC Bogus), EDE 22 (No Reachable Authority)');
    assert.equal(explainExtendedError({ code: 999 }, 'en'), 'EDE 999: a reason for which no words are registered');
  });

  it('have words for every name', () => {
    for (let code = 0; code < 64; code += 1) {
      assert.equal(extendedErrorName(code).includes('('), Object.hasOwn(extendedErrorTexts, String(code)), String(code));
    }
  });

  it('are told in the message, in place of their octets', () => {
    const bytes = encode({
      type: 'response', id: 1, flags: 0x8002, questions: [{ type: 'A', name: 'a.test' }],
      additionals: [{
        type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false,
        options: [{ code: 15, data: Buffer.from('0017', 'hex') }],
      }],
    } as unknown as Parameters<typeof encode>[0]);
    const told = explainMessage({ ...step, answerBytes: bytes.toString('base64'), answerSize: bytes.length }, 'answer', 'en');
    assert.equal(
      told?.parts.at(-1)?.text,
      'version 0, UDP answers up to 1,232 octets, EDE 23 (Network Error): there was a network error on the way to another server',
    );
  });
});
