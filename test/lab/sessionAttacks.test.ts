import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerEvent } from '../../src/lab/messages.ts';
import { createSigner } from '../../src/lab/shop/signer.ts';
import { newTrace, runLab } from './running.ts';
import type { RunningLab } from './running.ts';
import { call, cookieOf, login } from './workers.ts';
import type { Called, Wanted } from './workers.ts';

interface Asked extends Called {
  readonly loaded: Extract<ServerEvent, { type: 'session-loaded' }> | undefined;
  readonly refused: Extract<ServerEvent, { type: 'refused' }> | undefined;
}

describe('lab sessions under attack', () => {
  let running: RunningLab;
  let port = 0;
  before(async () => {
    running = await runLab();
    port = running.lab.addresses.http.port;
  });
  after(() => running.stop());

  async function ask(path: string, { headers, ...wanted }: Wanted = {}): Promise<Asked> {
    const { traceId, field } = newTrace();
    const called = await call(port, path, { ...wanted, headers: { traceparent: field, ...headers } });
    const events = await running.account(traceId);
    return {
      ...called, loaded: events.find((event) => event.type === 'session-loaded'),
      refused: events.find((event) => event.type === 'refused'),
    };
  }
  const credentials = { method: 'POST', body: 'user=ada&password=lovelace' } as const;
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const me = (Cookie: string): Promise<Asked> => ask('/me', { headers: { Cookie } });
  const detailOf = ({ content }: Called): string => (JSON.parse(content) as { detail: string }).detail;

  it('give in to fixation where the login is vulnerable, and say so', async () => {
    const Cookie = cookieOf(await ask('/session', { method: 'POST' }));
    const before = await me(Cookie);
    assert.deepEqual([before.statusCode, before.loaded?.outcome], [401, 'found']);
    const victim = await ask('/login/vulnerable', { ...credentials, headers: { ...form, Cookie } });
    assert.deepEqual([victim.statusCode, victim.loaded?.outcome, victim.loaded?.user], [200, 'kept', 'ada']);
    assert.equal(cookieOf(victim), Cookie);
    const attacker = await me(Cookie);
    assert.deepEqual([attacker.statusCode, attacker.loaded?.user], [200, 'ada']);
  });

  it('resist fixation where the login renews the id', async () => {
    const Cookie = cookieOf(await ask('/session', { method: 'POST' }));
    const victim = await ask('/login', { ...credentials, headers: { ...form, Cookie } });
    assert.deepEqual([victim.statusCode, victim.loaded?.outcome], [200, 'renewed']);
    assert.notEqual(cookieOf(victim), Cookie);
    const attacker = await me(Cookie);
    assert.deepEqual([attacker.statusCode, attacker.loaded?.outcome], [401, 'unknown']);
    assert.equal((await me(cookieOf(victim))).statusCode, 200);
  });

  it('take no id from a client, not even in the vulnerable login', async () => {
    for (const path of ['/login', '/login/vulnerable']) {
      for (const Cookie of [`sid=${'A'.repeat(43)}.${'A'.repeat(43)}`, 'sid=chosen', 'sid=', 'sid']) {
        const { loaded, ...answer } = await ask(path, { ...credentials, headers: { ...form, Cookie } });
        assert.deepEqual([answer.statusCode, loaded?.outcome], [200, 'created'], `${path} ${Cookie}`);
        assert.notEqual(cookieOf(answer), Cookie);
      }
    }
  });

  it('see every change to a signed id, and do not look it up', async () => {
    const Cookie = cookieOf(await login(port, 'lab.test'));
    const value = Cookie.slice('sid='.length);
    const changed = Array.from(value, (character, at) =>
      value.slice(0, at) + (character === 'A' ? 'B' : 'A') + value.slice(at + 1));
    const [id = '', signature = ''] = value.split('.');
    const foreign = createSigner(Buffer.alloc(32)).sign(id);
    const forged = [
      ...changed, id, `${id}.`, `.${signature}`, `${value}A`, `${value}=`, `${value}.${signature}`, foreign, signature, '',
      `${signature}.${id}`, `"${value}"`, 'x'.repeat(3000), '__proto__', 'constructor',
    ];
    for (const one of forged) {
      const { statusCode, loaded } = await me(`sid=${one}`);
      assert.deepEqual([statusCode, loaded?.outcome, loaded?.id], [401, 'tampered', undefined], one);
    }
    assert.match(detailOf(await me(`sid=${foreign}`)), /did not sign the session id/);
    assert.equal((await me(Cookie)).statusCode, 200);
    assert.equal((await me(`sid=; ${Cookie}`)).statusCode, 401);
  });

  it('are over when they have been idle for too long, or have lasted for long enough', async () => {
    const short = cookieOf(await ask('/login?idle=1', { ...credentials, headers: form }));
    await sleep(1100);
    const idle = await me(short);
    assert.deepEqual([idle.statusCode, idle.loaded?.outcome, idle.loaded?.expiry], [401, 'expired', 'idle']);
    assert.match(detailOf(idle), /not used for too long/);
    const busy = cookieOf(await ask('/login?idle=1&lifetime=1', { ...credentials, headers: form }));
    let last = await me(busy);
    while (last.statusCode === 200) {
      await sleep(100);
      last = await me(busy);
    }
    assert.deepEqual([last.loaded?.outcome, last.loaded?.expiry], ['expired', 'absolute']);
  });

  it('take only times that make sense', async () => {
    const wrong = [
      'idle=0', 'idle=-1', 'idle=1e3', 'idle=1801', 'lifetime=28801', 'lifetime=', 'idle=1.5', 'idle=NaN',
    ];
    for (const query of wrong) {
      assert.equal((await ask(`/session?${query}`, { method: 'POST' })).statusCode, 422, query);
      assert.equal((await ask(`/login?${query}`, { ...credentials, headers: form })).statusCode, 422, query);
    }
    const { content } = await ask('/session', {
      headers: { Cookie: cookieOf(await ask('/session?idle=7&lifetime=9', { method: 'POST' })) },
    });
    assert.deepEqual(JSON.parse(content), { user: null, idle: 7, lifetime: 9, left: 9 });
  });

  it('take a form only with the token of the session’s own page', async () => {
    const Cookie = cookieOf(await login(port, 'lab.test'));
    const page = await ask('/order', { headers: { Cookie } });
    assert.match(page.headers['content-type'] ?? '', /^text\/html/);
    const [, token = ''] = /name="token" value="([\w-]{43})"/.exec(page.content) ?? [];
    const { content } = await ask('/order', { headers: { Cookie, Accept: 'application/json' } });
    assert.equal((JSON.parse(content) as { token: string }).token, token);
    const order = (body: string, headers: Record<string, string> = {}): Promise<Asked> =>
      ask('/order', { method: 'POST', body, headers: { ...form, Cookie, ...headers } });
    const outcomeOf = ({ statusCode, refused }: Asked) => [statusCode, refused?.reason, refused?.target];
    assert.deepEqual(outcomeOf(await order(`item=2&token=${token}`)), [201, undefined, undefined]);
    assert.deepEqual(outcomeOf(await order('item=2', { 'X-Form-Token': token })), [201, undefined, undefined]);
    assert.deepEqual(outcomeOf(await order('item=2')), [403, 'no-form-token', '/order']);
    for (const wrong of ['', 'x', token.slice(1), `${token}A`, Cookie.slice(4, 47)]) {
      assert.deepEqual(outcomeOf(await order(`item=2&token=${wrong}`)), [403, 'wrong-form-token', '/order'], wrong);
    }
    const other = cookieOf(await login(port, 'lab.test'));
    const crossed = await order(`item=2&token=${token}`, { Cookie: other });
    assert.deepEqual(outcomeOf(crossed), [403, 'wrong-form-token', '/order']);
    assert.equal((await order(`item=9&token=${token}`)).statusCode, 422);
    assert.equal((await ask('/order', { method: 'POST', body: `token=${token}`, headers: form })).statusCode, 401);
  });

  it('take a form from pages of this very origin only', async () => {
    const Cookie = cookieOf(await login(port, 'lab.test'));
    const { content } = await ask('/order', { headers: { Cookie, Accept: 'application/json' } });
    const { token } = JSON.parse(content) as { token: string };
    const from = (Origin: string): Promise<Asked> =>
      ask('/order', { method: 'POST', body: `token=${token}`, headers: { ...form, Cookie, Origin } });
    assert.equal((await from(`http://lab.test:${port}`)).statusCode, 201);
    const { accelerator } = running.lab.addresses.parts;
    const inFront = await call(port, '/order', {
      method: 'POST', body: `token=${token}`,
      headers: { ...form, Cookie, Host: `lab.test:${accelerator!.port}`, Origin: `https://lab.test:${accelerator!.port}` },
    });
    assert.equal(inFront.statusCode, 201);
    // A neighbour is the same site: its pages may send the cookie.
    const neighbour = `http://guest.lab.test:${port}`;
    const { statusCode, refused } = await from(neighbour);
    assert.deepEqual([statusCode, refused?.reason, refused?.target], [403, 'foreign-origin', neighbour]);
    const strangers = [
      'https://evil.example', 'null', `https://lab.test:${port}`, '', `http://lab.test.evil.example:${port}`,
    ];
    for (const stranger of strangers) assert.equal((await from(stranger)).statusCode, 403, stranger);
  });

  it('bear cookies of every size and kind', async () => {
    const Cookie = cookieOf(await login(port, 'lab.test'));
    const many = Array.from({ length: 300 }, (_, index) => `c${index}=1`).join('; ');
    assert.equal((await me(`${many}; ${Cookie}`)).statusCode, 200);
    for (const odd of ['; ; ;', '=;=', 'sid=%00', 'sid=\u00e9', 'Sid=1; SID=2', '__Host-sid=1']) {
      assert.equal((await me(odd)).statusCode, 401, odd);
    }
    const huge = await call(port, '/me', { headers: { Cookie: `sid=${'x'.repeat(100_000)}` } }).catch(() => undefined);
    assert.ok(huge === undefined || huge.statusCode === 431);
    assert.equal((await me(Cookie)).statusCode, 200);
  });
});
