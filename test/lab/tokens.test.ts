import assert from 'node:assert/strict';
import { createTokens } from '../../src/lab/shop/tokens.ts';
import { curl, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

describe('lab tokens', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  async function ask(path: string, ...args: string[]): Promise<{ head: string; status: number; body: string }> {
    const { stdout } = await curl(running, '-i', ...args, `${running.lab.addresses.origins.http}${path}`);
    const [head = '', body = ''] = stdout.toString().split('\r\n\r\n');
    return { head, body, status: Number(head.split(' ')[1]) };
  }

  it('open the account they were issued for, as JSON or XML', async () => {
    const issued = await ask('/token', '-d', 'user=ada&password=lovelace');
    assert.equal(issued.status, 200);
    assert.match(issued.head, /^cache-control: no-store\r?$/im);
    const { access_token: token, token_type: type, expires_in: seconds } = JSON.parse(issued.body);
    assert.deepEqual([type, seconds], ['Bearer', 1800]);
    const bearer = ['-H', `Authorization: Bearer ${token}`];
    assert.equal(JSON.parse((await ask('/account', ...bearer)).body).user, 'ada');
    const xml = await ask('/account', ...bearer, '-H', 'Accept: application/xml');
    assert.match(xml.head, /^content-type: application\/xml; charset=utf-8\r?$/im);
    assert.match(xml.body, /^<account user="ada">\n {2}<order id="1001">/);
  });

  it('are asked for, and refused when they are not of this lab', async () => {
    const without = await ask('/account');
    assert.equal(without.status, 401);
    assert.match(without.head, /^www-authenticate: Bearer realm="shop"\r?$/im);
    const forged = await ask('/account', '-H', 'Authorization: Bearer WyJhZGEiLDllOTld.AAAA');
    assert.equal(forged.status, 401);
    assert.match(forged.head, /error="invalid_token"/);
    assert.equal((await ask('/token', '-d', 'user=ada&password=babbage')).status, 401);
  });

  it('expire, and cannot be altered', () => {
    let now = 0;
    const tokens = createTokens({ now: () => now, lifetime: 10 });
    const token = tokens.issue('ada');
    assert.equal(tokens.userOf(token), 'ada');
    const [payload = '', signature = ''] = token.split('.');
    const other = Buffer.from('000000000010 alan').toString('base64url');
    for (const wrong of ['', 'x', `${payload}.`, `${other}.${signature}`, payload]) {
      assert.equal(tokens.userOf(wrong), undefined, wrong);
    }
    assert.equal(createTokens({ now: () => now, lifetime: 10 }).userOf(token), undefined);
    now = 10_000;
    assert.equal(tokens.userOf(token), undefined);
  });
});
