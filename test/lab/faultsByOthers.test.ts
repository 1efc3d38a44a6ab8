import assert from 'node:assert/strict';
import { faultTexts } from '../../src/explain/text/fault.ts';
import { alertNames } from '../../src/lab/faults/tlsAlerts.ts';
import { requireDebian } from '../support/debian.ts';
import { curl, run, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

/** What curl says: its exit code, or several where a race or its version decides, and the status with the bytes of the body. */
type Said = readonly [code: number | readonly number[], seen: string];

/** curl's words for a connection that ends under a stream: of framing, a partial file, nothing, sending, receiving. */
const lost = [16, 18, 52, 55, 56, 92] as const;
const empty = [52, 56] as const;
/** Unsupported protocol, or weird server reply, as later versions have it. */
const weird = [1, 8] as const;

const byCurl: Readonly<Record<string, readonly [http1: Said, http2: Said]>> = {
  'close': [[empty, '000 0'], [lost, '000 0']],
  'reset': [[[55, 56], '000 0'], [lost, '000 0']],
  'half-close': [[52, '000 0'], [lost, '000 0']],
  'truncated': [[18, '200 300'], [92, '200 300']],
  'malformed': [[weird, '000 0'], [lost, '000 0']],
  'invalid-head': [[weird, '200 0'], [92, '000 0']],
  'huge-head': [[0, '200 5'], [0, '200 5']],
  'two-lengths': [[0, '200 7'], [92, '000 0']],
  'bad-chunk': [[56, '200 0'], [0, '400 153']],
  'length-and-chunks': [[0, '200 5'], [0, '400 153']],
  'interim-flood': [[0, '200 5'], [0, '200 5']],
  'slow-drip': [[28, '200'], [28, '200']],
  'gzip-bomb': [[0, '200'], [0, '200']],
  // It does not notice that the end is missing.
  'cut-gzip': [[0, '200'], [0, '200']],
  'wrong-coding': [[61, '200 17'], [61, '200 17']],
  'wrong-charset': [[0, '200 5'], [0, '200 5']],
  'bad-frame': [[0, '400 151'], [lost, '000 0']],
  'goaway': [[0, '400 151'], [lost, '000 0']],
  'rst-stream': [[0, '400 151'], [92, '000 0']],
  'stall': [[0, '200 24'], [0, '200 24']],
};

/** Those that lead elsewhere, and what is said there. */
const whereLed: Readonly<Record<string, readonly [http1: Said, http2: Said]>> = {
  'refused': [[7, '000 0'], [7, '000 0']],
  'tls-alert': [[35, '000 0'], [35, '000 0']],
  'connection-limit': [[0, '503'], [lost, '000 0']],
  'descriptor-limit': [[empty, '000 0'], [lost, '000 0']],
};

const versions = ['--http1.1', '--http2-prior-knowledge'] as const;

describe('faults, as curl and openssl see them', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  const seen = (version: string, url: string, ...more: string[]) =>
    curl(running, version, ...more, '--compressed', '-o', '/dev/null', '-w', '%{http_code} %{size_download}', url);
  const ofLab = (path: string): string => `http://localhost:${running.lab.addresses.http.port}/faults/${path}`;

  function assertSaid({ code, stdout, stderr }: Awaited<ReturnType<typeof seen>>, [codes, wanted]: Said): void {
    const said = `${code}: ${stdout.toString()} ${stderr}`;
    assert.ok([codes].flat().includes(code), said);
    // A length that another version of zlib may make otherwise is not told.
    assert.equal(wanted.includes(' ') ? stdout.toString() : stdout.toString().split(' ')[0], wanted, said);
  }

  it('are all in the tables', () => {
    const names = [...Object.keys(byCurl), ...Object.keys(whereLed), 'exit'].sort();
    assert.deepEqual(names, Object.keys(faultTexts).sort());
  });

  for (const [name, said] of Object.entries(byCurl)) {
    for (const [index, version] of versions.entries()) {
      it(`${name} with ${version}`, async () => {
        const more = name === 'stall' ? ['-X', 'POST'] : name === 'slow-drip' ? ['--max-time', '2'] : [];
        assertSaid(await seen(version, ofLab(name === 'stall' ? 'stall?ms=20' : name), ...more), said[index]!);
      });
    }
  }

  for (const [name, said] of Object.entries(whereLed)) {
    it(`${name}, where it leads`, async function () {
      if (name === 'descriptor-limit' && process.platform === 'win32') return this.skip();
      const lead = await curl(running, '-o', '/dev/null', '-w', '%{redirect_url}', ofLab(/limit/.test(name) ? `${name}?ms=5000` : name));
      const url = new URL(lead.stdout.toString());
      for (const [index, version] of versions.entries()) {
        const there = url.protocol === 'https:' ? (['--http1.1', '--http2'] as const)[index]! : version;
        assertSaid(await seen(there, url.href, '--resolve', `${url.hostname}:${url.port}:127.0.0.1`), said[index]!);
      }
    });
  }

  it('exit, of the cluster', async () => {
    const { port } = running.lab.addresses.parts.cluster!;
    const said = await seen('--http1.1', `http://lab.test:${port}/faults/exit`, '-X', 'POST', '--resolve', `lab.test:${port}:127.0.0.1`);
    assertSaid(said, [empty, '000 0']);
  });

  /** RFC 8446 §6, whatever the program calls them. */
  const numbers: Readonly<Record<string, number>> = {
    'unexpected-message': 10, 'bad-record-mac': 20, 'record-overflow': 22, 'handshake-failure': 40, 'bad-certificate': 42,
    'certificate-expired': 45, 'certificate-unknown': 46, 'illegal-parameter': 47, 'access-denied': 49,
    'decode-error': 50, 'protocol-version': 70, 'insufficient-security': 71, 'internal-error': 80,
    'inappropriate-fallback': 86, 'missing-extension': 109, 'unrecognized-name': 112, 'certificate-required': 116,
    'no-application-protocol': 120,
  };
  const tellings = (): number => running.accounts.filter((account) =>
    'clientPort' in account && account.events.some((event) => event.type === 'broken' && event.fault === 'tls-alert')).length;
  for (const name of alertNames) {
    it(`the TLS alert ${name}`, async () => {
      const { port } = running.lab.addresses.https;
      const before = tellings();
      const { code, stderr, stdout } = await run(requireDebian('openssl', 'openssl'),
        ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', `${name}.alert.lab.test`]);
      const said = stderr + stdout.toString();
      // It is no error (RFC 8446 §6.1): TLS ends before there is any.
      if (name === 'close-notify') assert.match(said, /no peer certificate available/);
      else assert.match(said, new RegExp(`SSL alert number ${numbers[name]}\\b`));
      assert.equal(code, name === 'close-notify' ? 0 : 1, said);
      assert.equal(tellings(), before + 1);
    });
  }
});
