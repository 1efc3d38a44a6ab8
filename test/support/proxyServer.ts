import { createServer, Socket } from 'node:net';
import type { Server } from 'node:net';
import * as tls from 'node:tls';
import type { Issued } from './certificates.ts';

/** What a proxy of the tests saw. */
export interface ProxyLog {
  /** The bytes before a tunnel stood, or of a request in absolute form, one text (latin1) for each connection. */
  readonly said: string[];
}

/** An answer that is written as it is, after `after` bytes or the first chunk; then the connection may end. */
export interface Fault {
  readonly answer: Buffer | string;
  readonly then?: 'end' | 'destroy' | 'wait';
  /** One byte at a time, each its own segment. */
  readonly slowly?: boolean;
}

/**
 * An HTTP proxy for CONNECT and absolute form. It connects to 127.0.0.1 whatever the name; `certificate`: over TLS;
 * `head`: its answer to CONNECT.
 */
export function createHttpProxy(
  log: ProxyLog, options: { readonly certificate?: Issued; readonly early?: string; readonly head?: string } = {},
): Server {
  const { head: granted = 'HTTP/1.1 200 OK\r\n\r\n', early = '' } = options;
  const talk = (client: Socket): void => {
    let head = '';
    client.on('error', () => {});
    const read = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      client.off('data', read).pause();
      log.said.push(head);
      const [, method = '', target = ''] = /^(\S+) (\S+)/.exec(head) ?? [];
      const url = new URL(method === 'CONNECT' ? `http://${target}` : target);
      const port = Number(url.port || 80);
      if (method === 'CONNECT') return join(client, port, `${granted}${early}`, '');
      const [line = '', ...lines] = head.slice(0, end).split('\r\n');
      const fields = lines.filter((one) => !/^proxy-/i.test(one));
      join(client, port, '', [line.replace(target, url.pathname), ...fields, '', head.slice(end + 4)].join('\r\n'));
    };
    client.on('data', read);
  };
  return options.certificate ? tls.createServer({ ...options.certificate }, talk) : createServer(talk);
}

/** Connects to a port of loopback and joins both; a port where nobody listens ends the client. */
export function join(client: Socket, port: number, toClient: string | Buffer, toServer: string): void {
  const far = new Socket().connect(port, '127.0.0.1');
  far.on('error', () => client.destroy());
  client.on('error', () => far.destroy());
  client.once('close', () => far.destroy());
  far.once('connect', () => {
    if (toClient.length > 0) client.write(toClient, 'latin1');
    if (toServer !== '') far.write(toServer, 'latin1');
    client.pipe(far).pipe(client);
  });
}

/** A server that answers the first chunk of each connection with a fault. */
export function createFaultyProxy({ answer, then = 'end', slowly }: Fault): Server {
  return createServer((client) => {
    client.on('error', () => {});
    client.setNoDelay(true);
    client.once('data', () => {
      const bytes = Buffer.from(answer as string, 'latin1');
      const finish = (): void => {
        if (then === 'end') client.end();
        if (then === 'destroy') client.resetAndDestroy();
      };
      const drip = (at: number): void => {
        if (at >= bytes.length || client.destroyed) return finish();
        client.write(bytes.subarray(at, at + 1), () => setImmediate(drip, at + 1));
      };
      if (slowly) drip(0);
      else client.write(bytes, finish);
    });
  });
}

/** A script of a proxy: each time so many bytes have come, these go out, in pieces as they are given. */
export type Script = readonly { readonly wants: number; readonly says: readonly Buffer[] }[];

/** Plays a script, each piece a segment of its own, and then does as told; `heard` gets what came. */
export function createScriptedProxy(
  script: Script, then: (client: Socket, early: Buffer) => void, heard: Buffer[] = [],
): Server {
  return createServer((client) => {
    client.on('error', () => {});
    client.setNoDelay(true);
    let came = Buffer.alloc(0);
    let at = 0;
    let isBusy = false;
    const play = (): void => {
      const step = script[at];
      if (isBusy || !step || came.length < step.wants) return;
      heard.push(came.subarray(0, step.wants));
      came = came.subarray(step.wants);
      at += 1;
      isBusy = true;
      say(client, step.says, () => {
        isBusy = false;
        if (at === script.length) then(client, came);
        else play();
      });
    };
    client.on('data', (chunk: Buffer) => {
      came = Buffer.concat([came, chunk]);
      play();
    });
  });
}

function say(client: Socket, pieces: readonly Buffer[], done: () => void): void {
  const [piece, ...rest] = pieces;
  if (!piece || client.destroyed) return done();
  // A turn of the event loop between pieces lets each arrive by itself.
  client.write(piece, () => setTimeout(say, 1, client, rest, done));
}
