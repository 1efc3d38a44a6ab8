import assert from 'node:assert/strict';
import { explainServerOf, unreadableNote } from '../../src/explain/questions.ts';
import type { DnsStep } from '../../src/trace/dnsStep.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { ServerEvent } from '../../src/trace/serverEvent.ts';

const step: DnsStep = {
  startAt: 1, at: 5, source: 'name-server', question: { name: 'host.slow.lab.test', type: 'A' }, outcome: 'answered',
  localPort: 4711, queryId: 7,
};
const question: ServerEvent = {
  type: 'question', startAt: 2, at: 1502, transport: 'udp', peerPort: 4711, id: 7, name: 'hOst.slow.lab.test',
  recordType: 'A', queryFlags: ['rd'], udpSize: 1232, querySize: 47, rule: 'wildcard', zone: 'slow.lab.test', delay: 1500,
  rcode: 'NOERROR', answerFlags: ['qr', 'aa'], answerSize: 81,
};
const served = (event: ServerEvent): Exchange =>
  ({ servers: [{ server: 'lab', events: [] }, { server: 'slowDns', events: [event] }] } as unknown as Exchange);

describe('a name server of the lab, on a step of the lookup', () => {
  it('says what it got and what it sent', () => {
    assert.equal(explainServerOf(step, served(question), 'en'),
      'The server got 47 B over UDP from port 4711: id 7, A hOst.slow.lab.test, flags rd, EDNS size 1232 B. '
      + 'It sent 81 B after 1.50 s: NOERROR, flags qr aa; no records of its own: those of a wildcard; '
      + 'held back for 1.50 s on purpose.');
    assert.match(explainServerOf(step, served(question), 'ko')!, /^서버가 받은 질의: UDP, 보낸 포트 4711, 47 B/);
  });

  it('says that it sent nothing', () => {
    const { udpSize: _, rcode: __, answerFlags: ___, answerSize: ____, delay: _____, ...silent } = question;
    assert.equal(explainServerOf(step, served({ ...silent, rule: 'silent', queryFlags: [] }), 'en'),
      'The server got 47 B over UDP from port 4711: id 7, A hOst.slow.lab.test, flags none, no EDNS. '
      + 'It sent nothing; received, and not answered on purpose.');
  });

  it('says what it could not read, and what it answered', () => {
    const message = { type: 'unreadable', startAt: 1, at: 2, transport: 'tcp', peerPort: 4711, size: 18_245 } as const;
    const long = { ...message, reason: 'too-long' } as const;
    assert.equal(unreadableNote(long, 'en'),
      'no answer: the first two bytes, the length of a message in DNS over TCP, say 18.2 kB, more than is taken; connection closed');
    assert.match(unreadableNote(long, 'ko'), /^응답 없음: TCP 위 DNS에서 메시지 길이인 처음 두 바이트가 18\.2 kB로/);
    const late = { ...message, reason: 'opcode', size: 12, rcode: 'NOTIMP', delay: 1500 } as const;
    assert.equal(unreadableNote(late, 'en'), 'NOTIMP: 12 B, another operation than a query; held back for 1.50 s on purpose');
    assert.equal(unreadableNote(late, 'ko'), 'NOTIMP: 12 B, 질의가 아닌 연산, 고의로 1.50 s 지연');
  });

  it('says nothing of another question', () => {
    assert.equal(explainServerOf({ ...step, queryId: 8 }, served(question), 'en'), undefined);
    assert.equal(explainServerOf({ ...step, localPort: 4712 }, served(question), 'en'), undefined);
    assert.equal(explainServerOf(step, {} as Exchange, 'en'), undefined);
  });
});
