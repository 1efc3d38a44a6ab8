import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createSessions } from '../../src/lab/shop/sessions.ts';
import type { ServerEvent } from '../../src/lab/messages.ts';
import { curl, newTrace, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

describe('lab sessions', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  interface Reply { status: number; body: Record<string, unknown>; head: string; session: ServerEvent | undefined }

  async function ask(scheme: 'http' | 'https', path: string, ...args: string[]): Promise<Reply> {
    const { traceId, field } = newTrace();
    const { stdout, stderr } = await curl(running, '-i', '-H', `traceparent: ${field}`, ...args,
      `${running.lab.addresses.origins[scheme]}${path}`);
    const [head = '', body = ''] = stdout.toString().split('\r\n\r\n');
    assert.equal(stderr, '');
    const events = await running.account(traceId);
    return {
      head, status: Number(head.split(' ')[1]), body: body === '' ? {} : JSON.parse(body) as Record<string, unknown>,
      session: events.findLast((event) => event.type === 'session-loaded'),
    };
  }
  const outcomeOf = ({ session }: Reply) => (session?.type === 'session-loaded' ? session.outcome : undefined);
  const cookieOf = ({ head }: Reply) => /^set-cookie: (.*)$/im.exec(head)?.[1] ?? '';

  for (const scheme of ['http', 'https'] as const) {
    it(`begin at login, are found, and end at logout, over ${scheme}`, async () => {
      const jar = join(running.directory, `${scheme}.jar`);
      const jarred = ['-b', jar, '-c', jar];
      const without = await ask(scheme, '/me', ...jarred);
      assert.deepEqual([without.status, outcomeOf(without)], [401, 'none']);
      const login = await ask(scheme, '/login', ...jarred, '-d', 'user=alan&password=turing');
      assert.deepEqual([login.status, outcomeOf(login), login.body], [200, 'created', { user: 'alan' }]);
      const shape = scheme === 'https'
        ? /^__Host-sid=[\w-]{43}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure\r?$/
        : /^sid=[\w-]{43}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax\r?$/;
      assert.match(cookieOf(login), shape);
      const me = await ask(scheme, '/me', ...jarred);
      assert.deepEqual([me.status, outcomeOf(me), me.body], [200, 'found', { user: 'alan' }]);
      const [id = ''] = /[\w-]{43}\.[\w-]{43}/.exec(cookieOf(login)) ?? [];
      assert.equal(me.session?.type === 'session-loaded' && me.session.id, `${id.slice(0, 6)}…`);
      const logout = await ask(scheme, '/logout', ...jarred, '-X', 'POST');
      assert.deepEqual([logout.status, outcomeOf(logout)], [204, 'ended']);
      assert.match(cookieOf(logout), /sid=; Max-Age=0; Path=\//);
      const name = scheme === 'https' ? '__Host-sid' : 'sid';
      const stale = await ask(scheme, '/me', '-H', `Cookie: ${name}=${id}`);
      assert.deepEqual([stale.status, outcomeOf(stale)], [401, 'unknown']);
    });
  }

  it('get a new id at login, and the old one is worth nothing', async () => {
    const idOf = (reply: Reply) => /sid=([\w-]{43}\.[\w-]{43})/.exec(cookieOf(reply))?.[1] ?? '';
    const login = ['-d', 'user=ada&password=lovelace'];
    const planted = await ask('http', '/login', ...login, '-H', `Cookie: sid=${'A'.repeat(43)}`);
    assert.notEqual(idOf(planted), 'A'.repeat(43));
    const again = await ask('http', '/login', ...login, '-H', `Cookie: sid=${idOf(planted)}`);
    assert.notEqual(idOf(again), idOf(planted));
    assert.equal((await ask('http', '/me', '-H', `Cookie: sid=${idOf(planted)}`)).status, 401);
    assert.equal((await ask('http', '/me', '-H', `Cookie: sid=${idOf(again)}`)).status, 200);
    // A session of plain HTTP is none over HTTPS.
    assert.equal((await ask('https', '/me', '-H', `Cookie: sid=${idOf(again)}`)).status, 401);
  });

  it('refuse wrong passwords and unknown users with problem details', async () => {
    for (const credentials of ['user=ada&password=turing', 'user=eve&password=', 'user=constructor&password=']) {
      const reply = await ask('http', '/login', '-d', credentials);
      assert.deepEqual([reply.status, reply.body.status, reply.body.title], [401, 401, 'Unauthorized']);
      assert.match(reply.head, /^content-type: application\/problem\+json\r?$/im);
      assert.equal(cookieOf(reply), '');
    }
  });

  it('take JSON as well, and say what is wrong with a body', async () => {
    const post = (body: string, type = 'application/json') =>
      ask('http', '/login', '-H', `Content-Type: ${type}`, '--data-binary', body);
    assert.equal((await post('{"user":"ada","password":"lovelace"}')).status, 200);
    assert.equal((await post('{"user":')).status, 400);
    assert.equal((await post('null')).status, 422);
    assert.equal((await post('{"user":{"toString":1},"password":[]}')).status, 422);
    assert.equal((await post('user=ada', 'text/plain')).status, 415);
  });

  it('expire when idle, and make room for new ones', () => {
    let now = 0;
    const sessions = createSessions({ now: () => now, idleTimeout: 100, lifetime: 10_000, maxSessions: 2 });
    const ada = sessions.create({ user: 'ada' });
    now = 100;
    assert.equal(sessions.load(ada.id).outcome, 'found');
    now = 200;
    assert.equal(sessions.load(ada.id).outcome, 'found');
    now = 301;
    assert.deepEqual(sessions.load(ada.id), { outcome: 'expired', expiry: 'idle' });
    assert.equal(sessions.load(ada.id).outcome, 'unknown');
    const busy = sessions.create({ user: 'ada', lifetime: 150 });
    for (const passed of [100, 150]) {
      now = 301 + passed;
      assert.equal(sessions.load(busy.id).outcome, 'found');
    }
    now = 452;
    assert.deepEqual(sessions.load(busy.id), { outcome: 'expired', expiry: 'absolute' });
    const first = sessions.create({ user: 'ada' });
    const second = sessions.create({ user: 'alan' });
    now += 1;
    sessions.load(first.id);
    sessions.create({ user: 'ada' });
    assert.deepEqual([first, second].map(({ id }) => sessions.load(id).outcome), ['found', 'unknown']);
    assert.equal(sessions.size(), 2);
    sessions.clear();
    assert.deepEqual([sessions.size(), sessions.load(first.id).outcome], [0, 'unknown']);
  });
});
