import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import type { Connection, Exchange } from '../../../src/trace/exchange.ts';
import type { SendOptions } from '../../../src/trace/request.ts';
import { createClient, type Client, type ClientOptions } from '../../../src/wire/client.ts';
import { nobody } from '../../../src/wire/listener.ts';
import { createAuthority, type Issued, type TestAuthority } from '../../support/certificates.ts';
import { itWith } from '../../support/debian.ts';
import { createOpened } from '../../support/sockets.ts';

/** `it` for tests that run `openssl`. */
export const openssl = itWith('openssl', 'openssl');

/** A folder of files for programs, removed at the end. */
export interface Files {
  readonly directory: string;
  write(name: string, content: string): string;
  remove(): void;
}

export function createFiles(): Files {
  const directory = mkdtempSync(join(tmpdir(), 'roundtrip-tls-'));
  return {
    directory,
    write: (name, content) => {
      const path = join(directory, name);
      writeFileSync(path, content);
      return path;
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

export interface Server {
  readonly port: number;
  /** What it printed on standard error so far. */
  readonly said: () => string;
  close(): Promise<void>;
}

/** `openssl s_server` on a port of its choosing, which it prints. */
export async function serveOpenssl(
  directory: string, options: readonly string[], address = '127.0.0.1',
): Promise<Server> {
  const child = spawn('openssl', ['s_server', '-accept', `${address}:0`, ...options], {
    cwd: directory, stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => { said += chunk; });
  const port = await portOf(child);
  if (port === undefined) throw new Error(`s_server ended: ${said}`);
  return {
    port, said: () => said,
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function portOf(child: ChildProcess): Promise<number | undefined> {
  let printed = '';
  for await (const chunk of child.stdout ?? []) {
    printed += chunk;
    const port = /ACCEPT [^\n]*:(\d+)\n/.exec(printed)?.[1];
    if (!port) continue;
    child.stdout?.resume();
    return Number(port);
  }
  return undefined;
}

export interface Sender {
  readonly client: Client;
  /** The last exchange of a send. */
  send(url: string, options?: SendOptions): Promise<Exchange>;
  sendAll(url: string, options?: SendOptions): Promise<readonly Exchange[]>;
  close(): Promise<void>;
}

/** A client to whom every name is 127.0.0.1. */
export function createSender(options: ClientOptions = {}): Sender {
  const client = createClient({
    resolver: { resolve: async () => ({ ok: true, addresses: [{ address: '127.0.0.1', family: 4 }] }) }, ...options,
  });
  let count = 0;
  const sendAll: Sender['sendAll'] = (url, sending = {}) =>
    client.send({ id: `send-${count++}`, method: 'GET', url, headers: [], options: sending }, nobody);
  return {
    client, sendAll,
    send: async (url, sending) => (await sendAll(url, sending)).at(-1)!,
    close: () => client.close(),
  };
}

/** An HTTPS server for `localhost`, and a folder of files in which its authority is `root.pem`. */
export interface TrustedOrigin {
  readonly files: Files;
  readonly authority: TestAuthority;
  readonly port: number;
}

/** For all tests of a suite; clients may show a certificate of the same authority where they are asked to. */
export function trustedOrigin(
  answer: RequestListener, options: TlsOptions = {}, names: readonly string[] = ['localhost'],
): TrustedOrigin {
  const opened = createOpened();
  let files: Files;
  let authority: TestAuthority;
  let port: number;
  before(async () => {
    files = createFiles();
    authority = await createAuthority();
    files.write('root.pem', authority.pem);
    const issued = await authority.issue({ names });
    port = await opened.serve(https.createServer({ ...issued, ca: authority.pem, ...options }, answer));
  });
  after(async () => {
    await opened.close();
    files.remove();
  });
  return {
    get files() { return files; },
    get authority() { return authority; },
    get port() { return port; },
  };
}

/** A server for `site.test`, and what its clients need. */
export interface Site {
  readonly authority: TestAuthority;
  readonly issued: Issued;
  readonly sender: Sender;
  /** Starts the server, in place of the one before it if there is one, until the test is over; gives its port. */
  serve(options?: TlsOptions, port?: number): Promise<number>;
}

/** A site for the tests of a suite, each of which has a sender and a server of its own. */
export function siteForEach(): Site {
  let authority: TestAuthority;
  let issued: Issued;
  let sender: Sender;
  let server: https.Server | undefined;
  const stop = async (): Promise<void> => {
    const stopped = server;
    server = undefined;
    if (stopped) await new Promise((resolve) => { stopped.close(resolve).closeAllConnections(); });
  };
  before(async () => {
    authority = await createAuthority();
    issued = await authority.issue({ names: ['site.test'] });
  });
  beforeEach(() => { sender = createSender(); });
  afterEach(async () => {
    await sender.close();
    await stop();
  });
  return {
    get authority() { return authority; },
    get issued() { return issued; },
    get sender() { return sender; },
    async serve(options, port = 0) {
      await stop();
      const started = https.createServer({ ...issued, ...options }, (_, response) => response.end('ok'));
      started.on('tlsClientError', () => {}).listen(port, '127.0.0.1');
      await once(started, 'listening');
      server = started;
      return (started.address() as AddressInfo).port;
    },
  };
}

export function tlsOf(exchange: Exchange): NonNullable<NonNullable<Connection['tls']>['facts']> {
  const facts = exchange.connection?.tls?.facts;
  if (!facts) throw new Error(`no facts: ${JSON.stringify(exchange.failure)}`);
  return facts;
}
