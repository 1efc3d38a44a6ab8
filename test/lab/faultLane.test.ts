import assert from 'node:assert/strict';
import { explainExchange } from '../../src/explain/summary.ts';
import { faultTexts } from '../../src/explain/text/fault.ts';
import type { Language } from '../../src/explain/text/language.ts';
import { waterfallOf } from '../../src/explain/waterfall.ts';
import { alertNames } from '../../src/lab/faults/tlsAlerts.ts';
import type { RequestAccount } from '../../src/lab/messages.ts';
import { createRoutes } from '../../src/lab/routes/routes.ts';
import { createLimitRoutes } from '../../src/lab/routes/limits.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { addServerEvents } from '../../src/trace/record.ts';
import { createBench, silent, specOf } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';
import { isOf, newTrace, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

// The whole list of faults, each sent by our own client over every version of HTTP that has it: the server's lane says
// what was done on purpose, and the client's side explains what came of it, in both languages.

const routes = createRoutes(
  { issueClient: () => Promise.reject(new Error('not here')) },
  createLimitRoutes({ fill: () => Promise.resolve(undefined), isOpen: () => false, close() {} }),
);
const faults = routes.map(({ pattern }) => pattern.split(' ')).filter(([, path]) => path?.startsWith('/faults/'))
  .map(([method = '', path = '']) => ({ method, name: path.slice('/faults/'.length) }));

/** What exists in one version only. */
const only: Readonly<Record<string, '1.1' | '2'>> = {
  'bad-chunk': '1.1', 'length-and-chunks': '1.1', 'bad-frame': '2', 'goaway': '2', 'rst-stream': '2',
};
/** Those that are seen by what follows: the response itself is a redirect, or as good as any. */
const harmless = ['refused', 'tls-alert', 'connection-limit', 'descriptor-limit', 'stall', 'wrong-charset'];

/** Those with a response that begins well: the lane has that, too. */
const begins: Readonly<Record<string, Partial<Readonly<Record<string, RegExp>>>>> = {
  'stall': { '1.1': /^200, 24 B$/, '2-prior-knowledge': /^200, 24 B$/ },
  'slow-drip': { '1.1': /^200$/, '2-prior-knowledge': /^200$/ },
  'truncated': { '2-prior-knowledge': /^200$/ },
};

describe('the lane of each fault', () => {
  let running: RunningLab;
  let bench: Bench;
  before(async () => {
    running = await runLab();
    bench = createBench();
  });
  after(async () => {
    await bench.close();
    await running.stop();
  });

  it('has a text for each fault, and a fault for each text', () => {
    const texts = Object.keys(faultTexts).filter((name) => name !== 'exit');
    assert.deepEqual(faults.map(({ name }) => name).sort(), texts.sort());
  });

  async function seen(method: string, name: string, httpVersion: '1.1' | '2-prior-knowledge'): Promise<Exchange> {
    const { field, traceId } = newTrace();
    const query = /-limit$/.test(name) ? '?ms=0' : name === 'stall' ? '?ms=50' : '';
    const { port } = running.lab.addresses.http;
    const [exchange] = await bench.client.send(specOf(`http://localhost:${port}/faults/${name}${query}`, {
      method, httpVersion, headers: [['traceparent', field]],
      options: { followRedirects: false, ...(name === 'slow-drip' ? { timeouts: { total: 300 } } : {}) },
    }), silent);
    assert.ok(exchange);
    await running.account(traceId);
    return withLane(exchange, running.accounts.filter((account) => isOf(account, traceId)));
  }

  function withLane(exchange: Exchange, accounts: readonly RequestAccount[]): Exchange {
    return addServerEvents(exchange, accounts.flatMap(({ server, events }) =>
      events.map((event) => ({ type: 'server' as const, at: event.at, server, event }))));
  }

  function laneOf(exchange: Exchange, language: Language): string | undefined {
    return waterfallOf(exchange, language).rows.find(({ name }) => name === 'fault')?.note;
  }

  function responseOf(exchange: Exchange, language: Language): string | undefined {
    return waterfallOf(exchange, language).rows.find(({ name }) => name === 'response')?.note;
  }

  for (const { method, name } of faults) {
    for (const version of ['1.1', '2-prior-knowledge'] as const) {
      if (only[name] !== undefined && version.startsWith(only[name]) === false) continue;
      it(`${name} over HTTP/${version} says what was done, and what came of it`, async () => {
        const exchange = await seen(method, name, version);
        for (const language of ['en', 'ko'] as const) {
          // Where the redirect leads to, it is told by the port.
          if (name !== 'tls-alert') {
            assert.equal(laneOf(exchange, language), faultTexts[name as keyof typeof faultTexts][language], language);
          }
          const begun = begins[name]?.[version];
          if (begun) assert.match(responseOf(exchange, language) ?? '', begun);
          const { strong, text } = explainExchange(exchange, language);
          assert.ok(strong !== '' && text !== '', language);
        }
        assert.equal(exchange.failure === undefined, harmless.includes(name), exchange.failure?.code);
      });
    }
  }

  for (const alert of alertNames) {
    it(`tls-alert ${alert} says so`, async () => {
      const { port: https } = running.lab.addresses.https;
      const [exchange] = await bench.client.send(specOf(`https://${alert}.alert.lab.test:${https}/`, {
        options: { resolve: [{ host: '*', port: https, addresses: ['127.0.0.1'] }] },
      }), silent);
      assert.ok(exchange?.failure, 'it fails');
      const port = exchange.connection?.localPort;
      const accounts = running.accounts.filter((account) => 'clientPort' in account && account.clientPort === port);
      const joined = withLane(exchange, accounts);
      assert.equal(laneOf(joined, 'en'), faultTexts['tls-alert'].en);
      assert.ok(explainExchange(joined, 'ko').text !== '');
    });
  }
});
