import { deepEqual, equal, ok } from 'node:assert/strict';

import { record } from '../../src/trace/record.ts';
import { maskExchange, maskFieldLines, maskUrl } from '../../src/trace/secrets.ts';
import { mask } from '../../src/trace/secretValues.ts';
import { source } from './events.ts';

describe('secrets', () => {
  it('masks credentials and leaves what is not secret', () => {
    deepEqual(maskFieldLines([
      ['Accept', 'text/html'], ['authorization', 'Basic YTpi'], ['X-API-Key', 'k'],
      ['Cookie', 'a=1; b=2'], ['Set-Cookie', 'sid=1; HttpOnly'],
    ]), [
      ['Accept', 'text/html'], ['authorization', `Basic ${mask}`], ['X-API-Key', mask],
      ['Cookie', `a=${mask}; b=${mask}`], ['Set-Cookie', `sid=${mask}; HttpOnly`],
    ]);
  });

  it('masks the password of a URL', () => {
    equal(maskUrl('http://ada:lovelace@proxy.test:3128/'), `http://ada:${mask}@proxy.test:3128/`);
    equal(maskUrl('http://proxy.test/a:b@c'), 'http://proxy.test/a:b@c');
  });

  it('leaves no secret in trailers and in messages of a WebSocket', () => {
    const trailers = [['X-Api-Key', 'k3y-of-mine'], ['Digest', 'sum']] as const;
    const bytes = new TextEncoder().encode('log in with p4ssword');
    const masked = maskExchange(record({
      ...source, spec: { ...source.spec, trailers, secrets: ['p4ssword'], webSocket: { steps: [{ do: 'send', parts: [{ kind: 'bytes', bytes }] }] } },
      events: [
        ...source.events.map((event) => event.type === 'request-sent' ? { ...event, trailers } : event),
        { type: 'web-socket-open', at: 1140 },
        ...(['sent', 'received'] as const).map((direction, index) => ({ type: 'web-socket-message', at: 1141, message: {
          index, direction, kind: 'text', size: 20, wireSize: 26, frames: 1, compressed: false, text: 'log in with p4ssword' } } as const)),
        { type: 'web-socket-message', at: 1142, message: { index: 3, direction: 'sent', kind: 'binary', size: 20, wireSize: 26, frames: 1, compressed: false, bytes } },
      ],
    }));
    const text = JSON.stringify(masked, (_key, value: unknown) => value instanceof Uint8Array ? new TextDecoder().decode(value) : value);
    for (const secret of ['k3y-of-mine', 'p4ssword']) ok(!text.includes(secret), secret);
    equal(masked.webSocket!.messages[0]!.text, `log in with ${mask}`);
    deepEqual(masked.request!.trailers, [['X-Api-Key', mask], ['Digest', 'sum']]);
  });

  it('leaves no secret anywhere in a masked exchange', () => {
    const text = JSON.stringify(maskExchange(record({
      ...source, spec: { ...source.spec, options: { proxy: 'http://u:hunter2@p.test, socks5h://v:hunter2@q.test', proxySources: { setting: 'http://u:hunter2@p.test' } } },
    })));
    for (const secret of ['abc.def', 's3cret', 'a=1', 'hunter2']) ok(!text.includes(secret), secret);
    ok(text.includes('application/json'));
  });
});
