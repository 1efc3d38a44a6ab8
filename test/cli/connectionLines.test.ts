import assert from 'node:assert/strict';
import { connectionLines } from '../../src/cli/connectionLines.ts';
import { createLate } from '../../src/cli/late.ts';
import type { ConnectionEvent } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { record } from '../../src/trace/record.ts';
import { recordConnection } from '../../src/trace/recordConnection.ts';
import type { Client } from '../../src/wire/client.ts';
import { nobody } from '../../src/wire/listener.ts';
import { linkEvents, systemEvents } from '../browser/fixtures/link.ts';

const terminal = { columns: Infinity, colours: false };

function exchange(events: readonly ConnectionEvent[]): Exchange {
  const spec = { id: 's', method: 'GET', url: 'https://shop.example/', headers: [], options: {} };
  return record({
    id: 'x', spec, events: [{ type: 'queued', at: events[0]!.at, startedAt: 0 }], connection: { id: 'c', events },
  });
}

describe('a connection in the terminal', () => {
  it('has the HTTPS record, the way, what the kernel counted and the name', () => {
    assert.deepEqual(connectionLines(exchange(linkEvents), false, 'en', terminal), [
      '',
      '  The connection goes to edge.example, port 8443, as the HTTPS record says (RFC 9460). The certificate must still fit the name of the URL.',
      '  It offers h2, h3, http/1.1 there. That chooses TLS over TCP; which version of HTTP is spoken is agreed in the handshake, whose offer stays whole (§7.1.2).',
      '  This machine 192.0.2.2 → Interface eth0, MAC 02:fc:00:00:00:01 → Gateway 192.0.2.1, MAC 02:fc:00:00:00:05 → Server 203.0.113.9:8443, edge-9.example',
      '  Round-trip time 21.8 ms ± 5.1 ms · Least round trip 18.9 ms · Retransmission timeout 224 ms · Sent again 1 segment, 1.4 kB',
      '  Name (PTR) edge-9.example',
    ]);
  });

  it('of loopback has nothing that nobody asked for, and a reused one tells how it was opened no more', () => {
    assert.deepEqual(connectionLines(exchange(systemEvents), false, 'en', terminal), []);
    const [, ...lines] = connectionLines({ ...exchange(linkEvents), reused: true }, false, 'ko', terminal);
    assert.equal(lines.length, 2);
  });

  it('has with --verbose every sentence, every record and every figure, of loopback, too', () => {
    const lines = connectionLines(exchange(linkEvents), true, 'en', terminal);
    assert.ok(lines.some((line) => /^ {2}✓ \S+ 1 edge\.example\. .*: used$/.test(line)), lines.join('\n'));
    assert.ok(lines.some((line) => /^ {2}The route .* sends the packets to the gateway 192\.0\.2\.1\./.test(line)));
    const figures = lines.slice(lines.findIndex((line) => line.startsWith("The kernel's figures  After ")));
    assert.match(figures.join('\n'), /^ {2}Round-trip time +19\.3 ms ± 7\.2 ms → 21\.8 ms ± 5\.1 ms$/m);
    assert.ok(figures.some((line) => line.startsWith('  Maximum segment size')), figures.join('\n'));
    const loopback = connectionLines(exchange(systemEvents), true, 'en', terminal).join('\n');
    assert.match(loopback, /No gateway, no MAC: loopback/);
  });

  it('prints no control characters of a name', () => {
    const hostile = linkEvents.map((event) =>
      event.type === 'peer-name' ? { ...event, names: ['a\u001b[31mb'] } : event);
    assert.ok(connectionLines(exchange(hostile), true, 'en', terminal).every((line) => !line.includes('\u001b')));
  });
});

describe('what is known later', () => {
  it('is put to the exchange once everything is answered, and after a second in any case', async () => {
    const late = createLate();
    const { onConnection } = late.listening(nobody);
    const early = linkEvents.filter(({ type }) => type !== 'link' && type !== 'tcp-info' && type !== 'peer-name');
    const seen = exchange(early);
    onConnection({ connectionId: 'c', events: early });
    assert.equal(seen.connection?.link, undefined);
    const settled = async (): Promise<void> => onConnection({
      connectionId: 'c', events: linkEvents.slice(early.length),
    });
    const [whole] = await late.completed([seen], { settled } as Client);
    assert.deepEqual(whole?.connection, recordConnection('c', linkEvents));
    const never = { settled: () => new Promise<void>(() => {}) } as unknown as Client;
    assert.equal((await late.completed([seen], never)).length, 1);
  });
});
