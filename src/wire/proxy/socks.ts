import type { Socket } from 'node:net';
import type { ProxyStepName, SocksAnswer } from '../../trace/event.ts';
import type { Failure } from '../../trace/failure.ts';
import { socketFailure } from '../tcp/errno.ts';
import { systemSchedule } from '../tcp/schedule.ts';
import { proxyFailure } from './connectTunnel.ts';
import type { TunnelOptions } from './connectTunnel.ts';
import { converse } from './converse.ts';
import type { Dialogue, Heard } from './converse.ts';
import {
  authentication, greeting, methods, socks4Reply, socks4Request, socks5Reply, socks5Request,
} from './socksMessage.ts';

/** `host` and `port` are what the proxy is told; `address` what to say instead of a name that was looked up here. */
interface SocksOptions extends TunnelOptions {
  readonly address?: string;
}

/**
 * Asks the SOCKS proxy at the other end of `socket` for a connection: SOCKS4 and 4a, SOCKS5 (RFC 1928) with or without
 * user name and password (RFC 1929). Gives undefined when it stands, the socket paused and whatever came behind the
 * answer pushed back to it; else the failure, the socket destroyed. Never rejects.
 */
export function connectSocks(socket: Socket, options: SocksOptions): Promise<Failure | undefined> {
  const talk = new SocksTalk(socket, options);
  return converse(socket, talk, () => talk.start(), options);
}

type Step = Exclude<ProxyStepName, 'tls' | 'dns'>;

/** Holds what has come of the message under way, and the step it belongs to. */
class SocksTalk implements Dialogue {
  readonly #socket: Socket;
  readonly #options: SocksOptions;
  readonly #version: 4 | 5;
  #step: Step = 'greeting';
  #method: number | undefined;
  #buffered: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, options: SocksOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#version = options.proxy.kind.startsWith('socks4') ? 4 : 5;
  }

  start(): void {
    const { proxy } = this.#options;
    if (this.#version === 4) return this.#request();
    this.#say('greeting', greeting(proxy.credentials !== undefined));
  }

  read(chunk: Buffer): Heard | undefined {
    this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    return this.#next();
  }

  /** Bytes that come early count as well: what they mean does not depend on how they are cut. */
  #next(): Heard | undefined {
    if (this.#step === 'greeting') return this.#choice();
    return this.#step === 'authentication' ? this.#verdict() : this.#reply();
  }

  /** RFC 1928 §3. */
  #choice(): Heard | undefined {
    const [version, method] = this.#buffered;
    if (version !== undefined && version !== 5) return this.#malformed('version');
    if (method === undefined) return undefined;
    this.#method = method;
    const { credentials } = this.#options.proxy;
    if (method === methods.noneAcceptable) return this.#refused('no-method');
    if (method !== methods.none && !(method === methods.password && credentials)) return this.#malformed('method');
    this.#buffered = this.#buffered.subarray(2);
    if (method === methods.none) this.#request();
    else this.#say('authentication', authentication(credentials!.username, credentials!.password));
    return this.#next();
  }

  /** RFC 1929 §2: 0 is success. The version is not looked at, since proxies differ in it. */
  #verdict(): Heard | undefined {
    const status = this.#buffered[1];
    if (status === undefined) return undefined;
    if (status !== 0) return this.#refused('credentials');
    this.#buffered = this.#buffered.subarray(2);
    this.#request();
    return this.#next();
  }

  #request(): void {
    const { proxy, host, port, address = host } = this.#options;
    const bytes = this.#version === 4
      ? socks4Request(address, port, proxy.credentials?.username ?? '') : socks5Request(address, port);
    this.#say('connect', bytes);
  }

  #reply(): Heard | undefined {
    const reply = (this.#version === 4 ? socks4Reply : socks5Reply)(this.#buffered);
    switch (reply.state) {
      case 'incomplete': return undefined;
      case 'malformed': return this.#malformed(reply.reason);
      case 'refused': return this.#refused('reply', reply.reply);
      case 'granted':
        this.#end({ reply: reply.reply, bound: reply.bound });
        return { rest: this.#buffered.subarray(reply.size) };
    }
  }

  ended(error: Error | undefined): Failure {
    if (!error) return this.#failure('connection-closed');
    const { detail, host, port } = this.#failure('connection-closed');
    return { ...socketFailure(error, 'proxy', 'connection-closed'), host, port, detail };
  }

  timedOut(limit: number): Failure {
    return this.#failure('connect-timeout', { limit });
  }

  #say(step: Step, bytes: Buffer): void {
    const { emit, hop, schedule = systemSchedule } = this.#options;
    this.#step = step;
    emit({ type: 'proxy-step', at: schedule.now(), hop, step });
    this.#socket.write(bytes);
  }

  #malformed(reason: string): Heard {
    return { failure: this.#failure('proxy-malformed', { reason }) };
  }

  #refused(reason: string, reply?: number): Heard {
    this.#end(reply === undefined ? {} : { reply });
    const detail: Failure['detail'] = reply === undefined ? { reason } : { reason, reply };
    return { failure: this.#failure('proxy-refused', detail) };
  }

  #end(told: Partial<SocksAnswer>): void {
    const { emit, hop, schedule = systemSchedule } = this.#options;
    const method = this.#method === undefined ? {} : { method: this.#method };
    emit({ type: 'proxy-end', at: schedule.now(), hop, socks: { version: this.#version, ...method, ...told } });
  }

  #failure(code: Failure['code'], detail: Failure['detail'] = {}): Failure {
    return proxyFailure(code, this.#options, { kind: this.#options.proxy.kind, step: this.#step, ...detail });
  }
}
