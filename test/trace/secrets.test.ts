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

  it('leaves no secret anywhere in a masked exchange', () => {
    const text = JSON.stringify(maskExchange(record({
      ...source, spec: { ...source.spec, options: { proxy: 'http://u:hunter2@p.test, socks5h://v:hunter2@q.test', proxySources: { setting: 'http://u:hunter2@p.test' } } },
    })));
    for (const secret of ['abc.def', 's3cret', 'a=1', 'hunter2']) ok(!text.includes(secret), secret);
    ok(text.includes('application/json'));
  });
});
