import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FromLab, LabPartId, ServerEvent } from '../../src/lab/messages.ts';
import { requireDebian } from '../support/debian.ts';
import { converse, dial, isOf, newTrace, receive, run, runLab } from './running.ts';
import type { Run, RunningLab } from './running.ts';

describe('lab gateways', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  const portOf = (id: LabPartId): number => running.lab.addresses.parts[id]!.port;
  const to = (id: LabPartId, path: string, host = 'lab.test'): string => {
    const { origin } = running.lab.addresses.parts[id]!;
    return `${origin.replace('lab.test', host)}${path}`;
  };
  const curl = (...args: string[]): Promise<Run> => run(requireDebian('curl', 'curl'),
    ['-sS', '--max-time', '10', '--noproxy', '*', '--cacert', running.rootFile, '--connect-to', '::127.0.0.1:', ...args]);
  const body = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await curl(...args);
    assert.equal(stderr, '');
    return stdout.toString();
  };
  const status = (...args: string[]): Promise<string> => body('-o', '/dev/null', '-w', '%{http_code}', ...args);
  const eventsOf = (traceId: string, server: string): readonly ServerEvent[] =>
    running.accounts.filter((account) => account.server === server && isOf(account, traceId)).flatMap(({ events }) => events);
  const traced = async (...args: string[]): Promise<[string, (server: string) => readonly ServerEvent[]]> => {
    const { traceId, field } = newTrace();
    const text = await body('-H', `traceparent: ${field}`, ...args);
    return [text, (server) => eventsOf(traceId, server)];
  };
  /** What the client's end is told as comes when it likes. */
  const types = (events: readonly ServerEvent[]): string[] =>
    events.map(({ type }) => type).filter((type) => type !== 'closed');
  const arrival = ['listening', 'accepted', 'first-byte'] as const;

  describe('that speak HTTP on both sides', () => {
    const ids = ['accelerator', 'securityGateway', 'reverseProxy'] as const;

    it('pass requests and responses on, with an account of their own', async () => {
      for (const id of ids) {
        const [text, account] = await traced('--http1.1', '-d', 'some body', to(id, '/echo?a=b%20c'));
        assert.match(text, /some body/, id);
        assert.match(text, /a=b%20c/, id);
        assert.match(text, new RegExp(`1\\.1 ${id.toLowerCase()}\\.lab\\.test`), id);
        assert.match(text, /for=/, id);
        const secured = id === 'accelerator' ? ['secured'] : [];
        assert.deepEqual(types(account(id)), [
          ...arrival, ...secured, 'head-parsed', 'checked', 'forwarded', 'response-started', 'response-finished', 'kept-alive',
        ]);
        const forwarded = account(id).find((event) => event.type === 'forwarded');
        assert.equal(forwarded?.statusCode, 200);
        assert.ok(account('lab').length > 0, id);
      }
    });

    it('speak HTTP/1.1 alone, whatever else a client knows', async () => {
      assert.equal(await body('-o', '/dev/null', '-w', '%{http_version} %{ssl_verify_result}', to('accelerator', '/json')), '1.1 0');
    });

    it('take off TLS or put it on, and say what the client spoke', async () => {
      const accelerated = await body(to('accelerator', '/headers'));
      assert.match(accelerated, /proto=https/);
      const [secured, account] = await traced(to('securityGateway', '/headers'));
      assert.match(secured, /proto=http;/);
      const forwarded = account('securityGateway').find((event) => event.type === 'forwarded');
      assert.equal(forwarded?.to, `lab.test:${running.lab.addresses.https.port}`);
    });

    it('look at the certificate of the server behind', async () => {
      const reasons = { 'expired': /expired/, 'selfsigned': /self-signed/, 'wrong': /another name/, 'incomplete': /issuer/ };
      for (const [name, reason] of Object.entries(reasons)) {
        const answer = await body('-w', '%{http_code}', to('securityGateway', '/json', `${name}.lab.test`));
        assert.match(answer, /502$/, name);
        assert.match(answer, reason, name);
      }
      assert.equal(await status(to('securityGateway', '/json', 'tls12.lab.test')), '200');
    });

    it('have the server behind tell what became of the connection, where no request came through', async () => {
      const [, account] = await traced(to('securityGateway', '/json', 'expired.lab.test'));
      while (account('lab').length === 0) await sleep(5);
      const { traceId, field } = newTrace();
      const port = portOf('securityGateway');
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      // Also when the request is not the first one on the client's connection.
      for (const [name, headers] of [['lab', {}], ['expired', { traceparent: field }]] as const) {
        const response = await new Promise<IncomingMessage>((resolve, reject) => get({
          host: '127.0.0.1', port, agent, headers: { Host: `${name}.lab.test:${port}`.replace('lab.lab', 'lab'), ...headers },
        }, resolve).on('error', reject));
        await once(response.resume(), 'end');
      }
      agent.destroy();
      while (eventsOf(traceId, 'lab').length === 0) await sleep(5);
      for (const events of [account('lab'), eventsOf(traceId, 'lab')]) {
        assert.deepEqual(events.slice(0, 3).map(({ type }) => type), ['listening', 'accepted', 'first-byte']);
        const closed = events.at(-1);
        assert.ok(closed?.type === 'closed' && closed.by === 'client' && closed.requests === 0);
      }
      assert.equal(running.accounts.find((one) => one.server === 'lab' && isOf(one, traceId))?.forwarded, true);
    });

    it('ask the application under its own name and tell it what the client wanted', async () => {
      const { headers } = JSON.parse(await body('-H', 'X-Forwarded-For: 203.0.113.9', '-H', 'Forwarded: for=203.0.113.9',
        '-H', 'X-Forwarded-Proto: https', '-H', 'X-Real-IP: 203.0.113.9', to('reverseProxy', '/headers'))) as { headers: unknown };
      const text = JSON.stringify(headers).toLowerCase();
      assert.ok(!text.includes('203.0.113.9'), 'what a client claims is not passed on');
      const front = `lab.test:${portOf('reverseProxy')}`;
      assert.ok(text.includes(`"lab.test:${running.lab.addresses.http.port}"`));
      assert.match(text, new RegExp(`"x-forwarded-host"[^a-z]*"?${front}`));
      assert.match(text, /"x-forwarded-proto"[^a-z]*"?http"/);
      assert.match(text, /"x-forwarded-for"[^0-9]*127\.0\.0\.1/);
    });

    it('lead back through themselves when the application leads elsewhere within itself', async () => {
      const inside = `http://lab.test:${running.lab.addresses.http.port}`;
      const redirect = (url: string): Promise<string> =>
        body('-o', '/dev/null', '-w', '%{redirect_url}', to('reverseProxy', `/redirect-to?url=${url}`));
      assert.equal(await redirect(`${inside}/json`), to('reverseProxy', '/json'));
      assert.equal(await redirect('http://lab.test:1/json'), 'http://lab.test:1/json');
    });

    it('explain a server that breaks down or does not answer', async () => {
      for (const id of ids) {
        const [text, account] = await traced('-w', '%{http_code}', to(id, '/faults/reset'));
        assert.match(text, /gave no response[^]*502$/, id);
        assert.ok(types(account(id)).includes('forwarded'));
      }
      const late = await body('-w', '%{http_code}', to('reverseProxy', '/delay/9000'));
      assert.match(late, /did not answer in time[^]*504$/);
    }).timeout(20_000);

    it('refuse foreign hosts and what comes round again', async () => {
      for (const id of [...ids, 'relay'] as const) {
        assert.equal(await status('-H', 'Host: evil.example', to(id, '/json')), '421', id);
        assert.equal(await status('-H', 'Host: lab.test:1', to(id, '/json')), '421', id);
        assert.equal(await status('-H', `Via: 1.1 ${id.toLowerCase()}.lab.test`, to(id, '/json')), '508', id);
      }
      for (const id of ['securityGateway', 'reverseProxy'] as const) {
        const port = portOf(id);
        const twice = await converse(port, `GET / HTTP/1.1\r\nHost: lab.test:${port}\r\nHost: x\r\nConnection: close\r\n\r\n`);
        assert.match(twice.text, /^HTTP\/1\.1 400/);
        const both = await converse(port, `POST /echo HTTP/1.1\r\nHost: lab.test:${port}\r\nContent-Length: 4\r\n`
          + 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n');
        assert.match(both.text, /^HTTP\/1\.1 400/);
        const absolute = await converse(port, `GET http://example.com/ HTTP/1.1\r\nHost: lab.test:${port}\r\nConnection: close\r\n\r\n`);
        assert.match(absolute.text, /^HTTP\/1\.1 421/);
      }
    });
  });

  describe('the FTP server', () => {
    const ftp = (path: string): string => to('ftp', path);
    /** Says each line when the reply to the one before has come; gives the replies. */
    const talk = async (...lines: string[]): Promise<string> => {
      const socket = await dial(portOf('ftp'));
      socket.setMaxListeners(0);
      let text = (await receive(socket, /^220 .*\r\n$/)).text;
      for (const line of lines) {
        const reply = receive(socket, /^\d{3} .*\r\n$/m);
        socket.write(`${line}\r\n`);
        text += (await reply).text;
      }
      socket.destroy();
      return text;
    };
    const codes = (text: string): string => [...text.matchAll(/^\d{3}(?= )/gm)].join(' ');

    it('lists, fetches and stores, as curl understands it, over EPSV and PASV', async () => {
      for (const way of [[], ['--disable-epsv']]) {
        assert.match(await body(...way, ftp('/')), /^d.* incoming\r?\n[^]*-rw-r--r-- .* Oct {2}1 {2}1985 welcome\.txt\r?\n/);
        assert.match(await body(...way, '-l', ftp('/standards/')), /^rfc959\.txt\r?\nrfc2428\.txt\r?\nports\.json\r?\n$/);
        assert.match(await body(...way, '-X', 'MLSD', ftp('/standards/')), /^type=file;size=44;modify=19851001000000; rfc959\.txt\r?\n/);
        assert.match(await body(...way, ftp('/%EC%9D%B8%EC%82%AC.txt')), /^안녕하세요/);
        const content = randomBytes(300_000);
        await writeFile(join(running.directory, 'upload'), content);
        const url = ftp(`/incoming/up${way.length}`);
        await body(...way, '-T', join(running.directory, 'upload'), url);
        assert.deepEqual((await curl(...way, url)).stdout, content);
        assert.match(await body(...way, '-I', url), /Content-Length: 300000/);
      }
      if (!running.lab.ipv6) return;
      const over6 = await run(requireDebian('curl', 'curl'), ['-sS', '-g', `ftp://[::1]:${portOf('ftp')}/welcome.txt`]);
      assert.match(over6.stdout.toString(), /^Welcome/, over6.stderr);
    });

    it('knows who may do what', async () => {
      assert.equal((await curl('-u', 'ada:wrong', ftp('/'))).code, 67);
      await writeFile(join(running.directory, 'note'), 'note');
      const upload = ['-T', join(running.directory, 'note')];
      assert.equal((await curl(...upload, ftp('/note'))).code, 25);
      await body(...upload, '-u', 'ada:lovelace', ftp('/note'));
      assert.equal(await body(ftp('/note')), 'note');
      assert.equal(codes(await talk('PWD', 'EPSV', 'USER ada', 'PASS a', 'PASS b', 'PASS c')), '220 530 530 331 530 530 421');
    });

    it('answers each command as RFC 959 has it', async () => {
      const said = await talk('USER anonymous', 'PASS x', 'SYST', 'FEAT', 'PWD', 'CWD standards', 'PWD', 'CDUP', 'CWD nowhere',
        'TYPE I', 'TYPE E', 'SIZE welcome.txt', 'SIZE nowhere', 'MDTM welcome.txt', 'PORT 127,0,0,1,1,1', 'EPRT |1|127.0.0.1|257|',
        'EPSV 2', 'EPSV ALL', 'PASV', 'NOPE', 'RETR welcome.txt', 'QUIT');
      assert.equal(codes(said), '220 331 230 215 211 257 250 257 250 550 200 504 213 550 213 502 502 522 200 501 500 425 221');
      assert.match(said, /^257 "\/standards"/m);
      assert.match(said, /^213 19851001000000\r$/m);
    });

    it('stays within its tree, its lines and its sizes', async () => {
      assert.match(await body('--path-as-is', ftp('/../../../../welcome.txt')), /^Welcome/);
      assert.match(await talk('USER ftp', 'PASS', 'CWD ../../..', 'PWD'), /^257 "\/"/m);
      assert.match(await talk('USER ftp', 'PASS', 'RETR ../../../etc/passwd'), /^550/m);
      assert.equal(codes(await talk('USER ftp', 'PASS', 'CWD a\0b', 'STOR incoming/a\rb', 'CWD \xff\xff')), '220 331 230 501 501 550');
      assert.match((await converse(portOf('ftp'), 'x'.repeat(10_000))).text, /500 Such a long line/);
      assert.match((await converse(portOf('ftp'), 'NOPE\r\n'.repeat(1000))).text, /^220(?:[^]*\r\n500){20}[^]{0,40}$/);
      const fromBrowser = await converse(portOf('ftp'), 'POST / HTTP/1.1\r\nHost: lab.test\r\n\r\nUSER anonymous\r\nPASS x\r\n');
      assert.equal(codes(fromBrowser.text), '220 421');
      await writeFile(join(running.directory, 'large'), Buffer.alloc(1_048_577));
      assert.notEqual((await curl('-T', join(running.directory, 'large'), ftp('/incoming/large'))).code, 0);
      assert.ok(!(await body('-l', ftp('/incoming/'))).includes('large'));
    });
  });

  describe('the FTP gateway', () => {
    const at = (path: string): string => to('ftpGateway', path);

    it('lists folders in JSON and HTML, each command in its lane', async () => {
      const [text, account] = await traced(at('/standards/'));
      const { path, entries } = JSON.parse(text) as { path: string; entries: { name: string }[] };
      assert.equal(path, '/standards/');
      assert.deepEqual(entries[0], { name: 'rfc959.txt', kind: 'file', size: 44, modifiedAt: '1985-10-01T00:00:00.000Z' });
      const dialogue = account('ftpGateway').filter((event) => event.type === 'dialogue');
      assert.deepEqual(dialogue.map(({ sent }) => sent.replace(/\d+/, 'N')), ['connect :N', 'USER anonymous', 'PASS ***', 'TYPE I',
        'CWD /standards/', 'EPSV', 'MLSD /standards/', 'data: N B', 'QUIT']);
      assert.deepEqual(dialogue.map(({ received }) => received.slice(0, 3)),
        ['220', '331', '230', '200', '250', '229', '150', '226', '221']);
      assert.deepEqual(types(account('ftpGateway')).filter((type) => type !== 'dialogue'),
        [...arrival, 'head-parsed', 'checked', 'checked', 'response-started', 'response-finished', 'kept-alive']);
      const html = await body('-i', '-H', 'Accept: text/html', at('/'));
      assert.match(html, /Content-Security-Policy: sandbox[^]*<a href="\.\/%EC%9D%B8%EC%82%AC\.txt">인사\.txt</);
    });

    it('fetches, heads and stores', async () => {
      assert.match(await body('-i', at('/welcome.txt')),
        /^HTTP\/1\.1 200 [^]*Content-Type: text\/plain; charset=utf-8\r\n[^]*Last-Modified: Tue, 01 Oct 1985 00:00:00 GMT[^]*\r\n\r\nWelcome/);
      assert.match(await body('-I', at('/standards/ports.json')), /^HTTP\/1\.1 200 [^]*application\/json\r\nContent-Length: 30\r\n/);
      const content = randomBytes(700_000);
      await writeFile(join(running.directory, 'file'), content);
      const url = at('/incoming/a%20%22%3Cb%3E.bin');
      const put = await body('-i', '-T', join(running.directory, 'file'), url);
      assert.match(put, /201 Created\r\n[^]*Location: \/incoming\/a%20%22%3Cb%3E\.bin/);
      assert.match(await body('-w', '%{http_code}', '-T', join(running.directory, 'file'), '-H', 'Transfer-Encoding: chunked', url), /^204$/);
      assert.deepEqual((await curl(url)).stdout, content);
      assert.match(await body('-H', 'Accept: text/html', at('/incoming/')), /a &#34;&#60;b&#62;\.bin/);
      assert.match(await body('-i', at('/standards')), /301 [^]*Location: \/standards\//);
    });

    it('puts what FTP refuses in HTTP\'s words', async () => {
      assert.match(await body('-w', '%{http_code}', at('/nowhere')), /550 There is no such file or folder[^]*404$/);
      assert.equal(await status(at('/nowhere/')), '404');
      assert.match(await body('-i', '-u', 'ada:wrong', at('/')), /^HTTP\/1\.1 401 [^]*WWW-Authenticate: Basic realm="FTP"[^]*530 /);
      assert.equal(await status('-X', 'PUT', '-d', 'x', at('/mine')), '403');
      assert.equal(await status('-u', 'ada:lovelace', '-X', 'PUT', '-d', 'x', at('/mine')), '201');
      assert.match(await body('-i', '-X', 'DELETE', at('/mine')), /405 [^]*Allow: GET, HEAD, PUT/);
    });

    it('lets nothing through that would be another command', async () => {
      const paths = ['/a%0d%0aQUIT', '/a%0aQUIT', '/a%0dQUIT', '/%00', '/%2e%2e/x', '/a%2fb', '/a%5cb', '/%ff', '/%', `/${'a'.repeat(2000)}`];
      for (const path of paths) {
        const [text, account] = await traced('--path-as-is', '-w', '%{http_code}', at(path));
        assert.match(text, /400$/, path);
        assert.ok(!types(account('ftpGateway')).includes('dialogue'), path);
      }
      assert.equal(await status('-u', 'ada\r\nQUIT:x', at('/')), '400');
      assert.equal(await status('-u', 'ada:x\nQUIT', at('/')), '400');
    });

    it('refuses what is too large, and other sites', async () => {
      await writeFile(join(running.directory, 'large'), Buffer.alloc(1_100_000));
      const large = ['-T', join(running.directory, 'large'), at('/incoming/large')];
      assert.equal(await status('-H', 'Expect:', ...large), '413');
      assert.equal(await status('-H', 'Expect:', '-H', 'Transfer-Encoding: chunked', ...large), '413');
      assert.equal(await status('-X', 'PUT', '-d', 'x', '-H', 'Origin: https://evil.example', at('/incoming/x')), '403');
      assert.equal(await status('-H', 'Sec-Fetch-Site: cross-site', at('/incoming/x')), '403');
      assert.equal(await status('-H', 'Host: evil.example', at('/')), '421');
    });
  });

  describe('the resource gateway', () => {
    const at = (path: string): string => to('resourceGateway', path);

    it('starts a program for each request, with what CGI says in its environment', async () => {
      const [text, account] = await traced('-H', 'X-One: 1', '-H', 'x-one: 2', '-H', 'Proxy: http://evil.example', '-H', 'X_One: 3',
        '-u', 'ada:lovelace', '-b', 'a=b', at('/cgi/environment/more%20path?q=%20&r'));
      const variables = JSON.parse(text) as Record<string, string>;
      const { HTTP_USER_AGENT: _, HTTP_TRACEPARENT: __, ...others } = variables;
      assert.deepEqual(others, {
        GATEWAY_INTERFACE: 'CGI/1.1', HTTP_ACCEPT: '*/*', HTTP_COOKIE: 'a=b', HTTP_HOST: `lab.test:${portOf('resourceGateway')}`,
        HTTP_X_ONE: '1, 2', PATH_INFO: '/more path', QUERY_STRING: 'q=%20&r', REMOTE_ADDR: '127.0.0.1', REQUEST_METHOD: 'GET',
        SCRIPT_NAME: '/cgi/environment', SERVER_NAME: 'lab.test', SERVER_PORT: `${portOf('resourceGateway')}`,
        SERVER_PROTOCOL: 'HTTP/1.1', SERVER_SOFTWARE: 'Roundtrip-Lab',
      });
      assert.deepEqual(types(account('resourceGateway')), [...arrival, 'head-parsed', 'checked', 'checked', 'handler-start', 'dialogue', 'dialogue',
        'handler-end', 'response-started', 'response-finished', 'kept-alive']);
      const [start, end] = account('resourceGateway').filter((event) => event.type === 'dialogue');
      assert.match(start!.sent, /SCRIPT_NAME=\/cgi\/environment [^]*HTTP_COOKIE=…/);
      assert.match(start!.received, /^pid \d+$/);
      assert.match(end!.received, /^stdout: \d+ B, exit 0$/);
    });

    it('gives the body for stdin, and takes a status and a redirect within', async () => {
      assert.equal(await body('-d', 'some text', at('/cgi/upper')), 'SOME TEXT');
      assert.equal(await body('-d', 'in chunks', '-H', 'Transfer-Encoding: chunked', at('/cgi/upper')), 'IN CHUNKS');
      assert.equal(await status(at('/cgi/teapot')), '418');
      const [text, account] = await traced('-d', 'x', at('/cgi/redirect'));
      assert.equal(text, 'Hello, whoever was sent on.\n');
      assert.deepEqual(account('resourceGateway').flatMap((event) => event.type === 'handler-start' ? [event.handler] : []),
        ['/cgi/redirect', '/cgi/greeting']);
      assert.match(await body('-I', at('/cgi/greeting')), /^HTTP\/1\.1 200 [^]*Content-Length: 12\r\n[^]*\r\n\r\n$/);
    });

    it('does not trust a program that fails, and stops one that does not end', async () => {
      const [text, account] = await traced('-w', '%{http_code}', at('/cgi/failing'));
      assert.match(text, /code 3[^]*502$/);
      const events = account('resourceGateway');
      assert.ok(events.some((event) => event.type === 'dialogue' && event.sent === 'stderr' && /not going well/.test(event.received)));
      assert.equal(events.find((event) => event.type === 'handler-end')?.error, 'program-failed');
      assert.match(await body('-w', '%{http_code}', at('/cgi/silent')), /no CGI response[^]*502$/);
      assert.match(await body('-w', '%{http_code}', at('/cgi/endless')), /more than[^]*502$/);
      assert.match(await body('-w', '%{http_code}', at('/cgi/sleeping')), /did not end within[^]*504$/);
    }).timeout(20_000);

    it('runs nothing but its programs, and not too many', async () => {
      for (const path of ['/cgi/nothing', '/cgi', '/cgi/constructor', '/cgi/__proto__', '/bin/sh', '/cgi//environment']) {
        assert.equal(await status('--path-as-is', at(path)), '404', path);
      }
      for (const path of ['/cgi/../cgi/environment', '/cgi/%2e%2e/x', '/cgi/environment/%00', '/cgi/environment/%0aX=1']) {
        assert.equal(await status('--path-as-is', at(path)), '400', path);
      }
      assert.equal(await status('-H', 'Origin: https://evil.example', '-d', 'x', at('/cgi/upper')), '403');
      assert.equal(await status('-H', 'Host: evil.example', at('/cgi/environment')), '421');
      await writeFile(join(running.directory, 'large'), Buffer.alloc(1_100_000));
      assert.equal(await status('-H', 'Expect:', '--data-binary', `@${join(running.directory, 'large')}`, at('/cgi/upper')), '413');
      const many = await Promise.all(Array.from({ length: 10 }, () => status('--max-time', '9', at('/cgi/sleeping'))));
      assert.deepEqual(many.toSorted(), [...Array<string>(2).fill('503'), ...Array<string>(8).fill('504')]);
      assert.equal(await status(at('/cgi/greeting')), '200');
    }).timeout(20_000);

    it('leaves no program behind', async function () {
      if (process.platform !== 'linux') return this.skip();
      const lab = fork(fileURLToPath(new URL('../../src/lab/main.ts', import.meta.url)), [],
        { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      const [ready] = await once(lab, 'message') as [FromLab];
      assert.ok(ready.type === 'ready');
      const { port } = ready.addresses.parts.resourceGateway!;
      const socket = await dial(port);
      socket.on('error', () => {});
      socket.write(`GET /cgi/sleeping HTTP/1.1\r\nHost: lab.test:${port}\r\n\r\n`);
      const childrenOf = (): Promise<string> => readFile(`/proc/${lab.pid}/task/${lab.pid}/children`, 'utf8');
      while (await childrenOf() === '') await sleep(10);
      const program = Number(await childrenOf());
      // Until it is the program, it is a copy of the lab.
      while (!/GATEWAY|SCRIPT_NAME/.test(await readFile(`/proc/${program}/cmdline`, 'utf8'))) await sleep(10);
      // Its channel must be open before the other end is lost.
      await sleep(300);
      lab.kill('SIGKILL');
      await once(lab, 'exit');
      const isThere = (): Promise<boolean> => readFile(`/proc/${program}/cmdline`, 'utf8').then((line) => line !== '', () => false);
      while (await isThere()) await sleep(10);
      socket.destroy();
    });
  });
});
