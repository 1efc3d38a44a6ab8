import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { createAuthority } from '../../src/lab/certificates/authority.ts';
import { endingOf } from '../../src/lab/http/httpServers.ts';
import type { RequestAccount } from '../../src/lab/messages.ts';
import { startLab } from '../../src/lab/lab.ts';
import type { Lab } from '../../src/lab/lab.ts';

describe('what the lab says of who left', () => {
  const accounts: RequestAccount[] = [];
  let lab: Lab;
  before(async () => { lab = await startLab({ onEvents: (account) => accounts.push(account) }); });
  after(() => lab.close());

  /** Of the connection from that port, once it is over. */
  const closedBy = async (port: number | undefined) => {
    for (let round = 0; round < 200; round += 1) {
      const closed = accounts.find((one) => 'clientPort' in one && one.clientPort === port)
        ?.events.find(({ type }) => type === 'closed');
      if (closed?.type === 'closed') return closed;
      await sleep(10);
    }
    return assert.fail('nothing was told');
  };

  it('goes by the error: the client is gone, TLS broke, or HTTP was none', () => {
    const cases = [
      ['ECONNRESET', 'client', 'reset'], ['EPIPE', 'client', 'reset'], ['ECANCELED', 'client', 'reset'],
      ['ERR_STREAM_PREMATURE_CLOSE', 'client', 'reset'], ['ERR_HTTP_REQUEST_TIMEOUT', 'server', 'slow'],
      ['HPE_INVALID_METHOD', 'server', 'malformed'], ['ERR_HTTP2_ERROR', 'server', 'malformed'],
      ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'client', 'tls'], ['ERR_SSL_BAD_RECORD_TYPE', 'server', 'tls'],
      ['ENOBUFS', 'server', 'error'], [undefined, 'server', 'error'],
    ] as const;
    for (const [code, by, reason] of cases) {
      const ending = endingOf(Object.assign(new Error('x'), code === undefined ? {} : { code }));
      assert.deepEqual([ending.by, ending.reason], [by, reason], code);
    }
  });

  it('names the client certificate that it refuses', async () => {
    const other = await createAuthority(['lab.test'], Date.now());
    const own = await other.issueClient('Eve');
    const { port, address } = lab.addresses.https;
    for (const [files, code] of [
      [{ cert: own.chain, key: own.key }, /^(?:UNABLE|SELF_SIGNED|CERT_)/], [{}, /^ERR_SSL_PEER_DID_NOT_RETURN/],
    ] as const) {
      const socket = connect({ port, host: address, servername: 'client.lab.test', rejectUnauthorized: false, ...files });
      socket.on('error', () => {});
      const from = new Promise<number | undefined>((resolve) => {
        socket.once('connect', () => resolve(socket.localPort));
      });
      socket.write('GET / HTTP/1.1\r\nHost: client.lab.test\r\n\r\n');
      socket.resume();
      await new Promise((resolve) => { socket.once('close', resolve); });
      const closed = await closedBy(await from);
      assert.deepEqual([closed.by, closed.reason], ['server', 'tls']);
      assert.match(closed.code ?? '', code);
    }
  });

  it('knows a client that leaves after the handshake, without a request', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { port, address } = lab.addresses.https;
      const socket = connect({ port, host: address, servername: 'expired.lab.test', rejectUnauthorized: false });
      socket.on('error', () => {});
      await once(socket, 'secureConnect');
      const from = socket.localPort;
      socket.destroy();
      assert.equal((await closedBy(from)).by, 'client');
    }
  });
});
