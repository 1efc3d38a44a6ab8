import assert from 'node:assert/strict';
import type { DnsStep } from '../../../src/trace/dnsStep.ts';
import { messageLimits, withLimitedMessages } from '../../../src/wire/dns/keptMessages.ts';
import { createFixtures, look, octetsOf } from './lookups.ts';
import { a, buildReply } from './nameServer.ts';
import type { Asked, Send } from './nameServer.ts';

const fixtures = createFixtures();
const { resolver } = fixtures;

describe('the messages of a lookup', () => {
  afterEach(() => fixtures.cleanUp());

  /** The steps of questions for A, with what the server got and sent. */
  async function exchanged(
    answer: (asked: Asked) => Buffer | undefined, options: Parameters<typeof look>[2] = {},
  ): Promise<{ steps: DnsStep[]; got: Buffer[]; sent: Buffer[] }> {
    const got: Buffer[] = [];
    const sent: Buffer[] = [];
    const server = await fixtures.server((asked: Asked, send: Send) => {
      const bytes = answer(asked);
      if (asked.type === 'A') {
        got.push(asked.bytes);
        if (bytes) sent.push(bytes);
      }
      if (bytes) send(bytes);
    });
    const looked = await look(resolver({ servers: [server], timeout: 300, tries: 1 }), 'shop.test', options);
    const steps = looked.steps.filter(({ source, question }) => source === 'name-server' && question.type === 'A');
    return { steps, got, sent };
  }

  function queries(steps: readonly DnsStep[]): (Buffer | undefined)[] {
    return steps.map(({ queryBytes }) => octetsOf(queryBytes));
  }

  function answers(steps: readonly DnsStep[]): (Buffer | undefined)[] {
    return steps.map(({ answerBytes }) => octetsOf(answerBytes));
  }

  it('are those that the server got and sent, over UDP and TCP', async () => {
    const { steps, got, sent } = await exchanged((asked) => asked.transport === 'udp'
      ? buildReply(asked, { truncated: true }) : buildReply(asked, { answers: [a(asked.name, '192.0.2.7')] }));
    assert.deepEqual(steps.map(({ transport }) => transport), ['udp', 'tcp']);
    assert.deepEqual(queries(steps), got);
    assert.deepEqual(answers(steps), sent);
  });

  it('are kept of an answer that cannot be read', async () => {
    const { steps, sent } = await exchanged(
      (asked) => buildReply(asked, { answers: [a(asked.name, '192.0.2.7')] }).subarray(0, -2));
    assert.equal(steps[0]?.outcome, 'malformed');
    assert.deepEqual(answers(steps), sent);
  });

  it('are a query alone when nothing is answered', async () => {
    const { steps, got } = await exchanged(() => undefined);
    assert.equal(steps[0]?.outcome, 'timeout');
    assert.deepEqual(queries(steps), got);
    assert.deepEqual(answers(steps), [undefined]);
  });

  it('are cut where one is long', async () => {
    const many = Array.from({ length: 200 }, (_, index) => `192.0.2.${index}`);
    const { steps, sent } = await exchanged((asked) => buildReply(asked, asked.transport === 'udp'
      ? { truncated: true } : { answers: many.map((address) => a(`${'long'.repeat(8)}.test`, address)) }));
    const last = steps.at(-1);
    assert.equal(last?.answerSize, sent.at(-1)?.length);
    assert.ok((last?.answerSize ?? 0) > messageLimits.message);
    assert.deepEqual(octetsOf(last?.answerBytes), sent.at(-1)?.subarray(0, messageLimits.message));
  });

  it('are not kept where nothing is', async () => {
    const { steps } = await exchanged(
      (asked) => buildReply(asked, { answers: [a(asked.name, '192.0.2.7')] }), { capture: 'none' });
    assert.deepEqual(steps.map(({ queryBytes, answerBytes, answerSize }) => [queryBytes, answerBytes, answerSize]),
      [[undefined, undefined, 52]]);
  });

  it('are left out, and said to be, when a lookup has too many', () => {
    const told: DnsStep[] = [];
    const { onStep } = withLimitedMessages({ onStep: (step) => told.push(step) });
    const message = Buffer.alloc(messageLimits.message).toString('base64');
    const step: DnsStep = {
      startAt: 0, at: 1, source: 'name-server', question: { name: 'shop.test', type: 'A' }, outcome: 'answered',
    };
    for (let index = 0; index < 20; index += 1) onStep({ ...step, queryBytes: message, answerBytes: message });
    onStep(step);
    const most = messageLimits.lookup / messageLimits.message / 2;
    assert.deepEqual(told.map(({ queryBytes, answerBytes, messagesOmitted }) =>
      [queryBytes === message, answerBytes === message, messagesOmitted]), [
      ...Array.from({ length: most }, () => [true, true, undefined]),
      ...Array.from({ length: 20 - most }, () => [false, false, true]),
      [false, false, undefined],
    ]);
  });
});
