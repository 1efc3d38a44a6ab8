// Must come first: see the file.
import { NodesAgent } from './nodesAgent.ts';
import axios from 'axios';
import got from 'got';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createRequire } from 'node:module';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Agent, request } from 'undici';
import { contentSize, sameFields } from './sender.ts';
import type { Origin, Sender, Setting } from './sender.ts';

/** undici's `request` with an agent of its own, as its documentation shows it. */
export function undici({ url, authority }: Origin, { fresh, atOnce }: Setting): Sender {
  const agent = agentFor({ fresh, atOnce }, authority);
  return {
    async send() {
      const { body } = await request(url, { dispatcher: agent, headers: sameFields });
      check((await body.arrayBuffer()).byteLength);
    },
    close: () => agent.close(),
  };
}

/** The `fetch` of Node. */
export function fetching({ url, authority }: Origin, { fresh, atOnce }: Setting): Sender {
  const dispatcher = agentFor({ fresh, atOnce }, authority, NodesAgent);
  const options = { dispatcher, headers: sameFields } as RequestInit;
  return {
    async send() {
      const response = await fetch(url, options);
      check((await response.arrayBuffer()).byteLength);
    },
    close: () => dispatcher.close(),
  };
}

function agentFor({ fresh, atOnce }: Pick<Setting, 'fresh' | 'atOnce'>, ca: string, AgentOf = Agent): Agent {
  return new AgentOf({ connections: atOnce, connect: { ca }, ...(fresh ? { pipelining: 0 } : {}) });
}

export function gotten({ url, authority }: Origin, { fresh, atOnce }: Setting): Sender {
  const agent = nodeAgents(authority, { fresh, atOnce });
  const https = { certificateAuthority: authority };
  const client = got.extend({ agent, headers: sameFields, retry: { limit: 0 }, https });
  return {
    async send() {
      check((await client(url).buffer()).length);
    },
    async close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

export function axiosSends({ url, authority }: Origin, { fresh, atOnce }: Setting): Sender {
  const agent = nodeAgents(authority, { fresh, atOnce });
  const client = axios.create({
    httpAgent: agent.http, httpsAgent: agent.https, headers: sameFields, responseType: 'arraybuffer', proxy: false,
  });
  return {
    async send() {
      const { data } = await client.get<Buffer>(url);
      check(data.length);
    },
    async close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

function nodeAgents(
  ca: string, { fresh, atOnce }: Pick<Setting, 'fresh' | 'atOnce'>,
): { http: HttpAgent; https: HttpsAgent } {
  // With a limit of sockets they would be used again also without `keepAlive`.
  const options = fresh ? { keepAlive: false } : { keepAlive: true, maxSockets: atOnce };
  return { http: new HttpAgent(options), https: new HttpsAgent({ ...options, ca }) };
}

interface HttpYac {
  readonly io: { readonly fileProvider: object };
  readonly store: {
    HttpFileStore: new () => {
      parse(path: string, text: string, options: object): Promise<{ readonly httpRegions: readonly object[] }>;
    };
  };
  send(context: object): Promise<boolean>;
}

/** httpYac, which has read the file before. */
export function httpYac({ url, authority }: Origin, { fresh, scheme }: Setting): Sender {
  const { io, store, send } = createRequire(import.meta.url)('httpyac') as HttpYac;
  // It asks its host for the file system: no configuration is to be found.
  Object.assign(io.fileProvider, {
    EOL: '\n', isAbsolute: () => Promise.resolve(true), dirname: () => '/',
    joinPath: (...parts: string[]) => parts.join('/'),
    exists: () => Promise.resolve(false), readdir: () => Promise.resolve([]), fsPath: (path: string) => path,
    hasExtension: (path: string, ...endings: string[]) => endings.some((ending) => path.endsWith(ending)),
    toString: (path: string) => path,
  });
  const fields = Object.entries({ ...sameFields, ...(fresh ? { connection: 'close' } : {}) });
  const text = `GET ${url}\n${fields.map(([name, value]) => `${name}: ${value}\n`).join('')}\n`;
  const config = { log: { level: 100 } };
  // It takes no authority of a request's own.
  if (scheme === 'https') setDefaultCACertificates([...getCACertificates(), authority]);
  const parsed = new store.HttpFileStore().parse('/bench.http', text, { workingDir: '/', config });
  return {
    async send() {
      const httpFile = await parsed;
      const httpRegion = httpFile.httpRegions[0]!;
      let size = -1;
      const logResponse = (response: { rawBody?: Buffer } | undefined): Promise<void> => {
        size = response?.rawBody?.length ?? -1;
        return Promise.resolve();
      };
      await send({ httpFile, httpRegion, config, logResponse });
      check(size);
    },
    close: () => Promise.resolve(),
  };
}

function check(size: number): void {
  if (size !== contentSize) throw new Error(`not the body: ${size} bytes`);
}
