import { deepEqual, equal, ok } from 'node:assert/strict';

import { toCurl } from '../../src/formats/curl.ts';
import { toHar } from '../../src/formats/har.ts';
import { record } from '../../src/trace/record.ts';
import { maskUrl, maskUrlsIn } from '../../src/trace/secretParameters.ts';
import { maskExchange, maskFieldLines, maskSpec } from '../../src/trace/secrets.ts';
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

  it('masks parameters whose names are those of credentials, and no others', () => {
    equal(
      maskUrl('https://a.test/p;jsessionid=J1?q=tea&token=Q9&Access%5FToken=A1&user[password]=P1&x-amz-signature=S1&page=2#id_token=I1&state=x'),
      `https://a.test/p;jsessionid=${mask}?q=tea&token=${mask}&Access%5FToken=${mask}&user[password]=${mask}`
        + `&x-amz-signature=${mask}&page=2#id_token=${mask}&state=x`);
    for (const plain of ['/?key=title&code=404&monkey=1&tokens=2&token=', '/a=b', 'http://ada@a.test/@b?c@d']) equal(maskUrl(plain), plain);
    const long = '4/0AbCdEfGhIjKlMnOp';
    equal(maskUrl(`/callback?code=${long}&key=${long}`), `/callback?code=${mask}&key=${mask}`);
    equal(maskUrl('/login?next=%2Fme%3Ftoken%3DQ9%26page%3D2&x=1'), `/login?next=%2Fme%3Ftoken%3D${mask}%26page%3D2&x=1`);
    equal(maskUrl('/login?next=/me?token=Q?9&x=1'), `/login?next=/me?token=${mask}&x=1`);
    equal(maskUrl('https://ghp_0123456789abcdef@a.test/'), `https://${mask}@a.test/`);
    equal(maskUrl('https://ada:p@ss@a.test/'), `https://ada:${mask}@a.test/`);
  });

  it('masks URLs in texts', () => {
    equal(maskUrlsIn('<https://a.test/?sig=S1>; rel=next, "/b?pwd=P1" and https://u:p@b.test/'),
      `<https://a.test/?sig=${mask}>; rel=next, "/b?pwd=${mask}" and https://u:${mask}@b.test/`);
  });

  it('leaves no secret parameter anywhere in a masked exchange, nor in what is copied or exported', () => {
    const url = 'https://u:hunter2@a.test/p?token=QUERYSECRET99&q=tea';
    const requestTarget = '/p?token=QUERYSECRET99&q=tea';
    const exchange = record({
      ...source, spec: { ...source.spec, url, headers: [['Referer', url]] },
      events: source.events.map((event) => event.type === 'request-start'
        ? { ...event, requestTarget, headers: [[':path', requestTarget], ['referer', url]] as const }
        : event.type === 'response-head' ? { ...event, headers: [['Location', `/q?access_token=QUERYSECRET99`]] as const } : event),
    });
    ok(JSON.stringify(exchange).includes('QUERYSECRET99'));
    const har = JSON.stringify(toHar([exchange]));
    for (const text of [JSON.stringify(maskExchange(exchange)), toCurl(maskSpec(exchange.spec)), har]) {
      ok(!text.includes('QUERYSECRET99') && !text.includes('hunter2'), text);
      ok(text.includes('q=tea'));
    }
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
