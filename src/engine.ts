// The engine process: messages in, events out. Its own, so that its event loop is quiet and the
// numbers are ours.
import undiciManifest from 'undici/package.json' with { type: 'json' };
import type { EngineEvents, FromEngine, ToEngine } from './protocol.ts';
import type { RequestSpec } from './trace/request.ts';
import { createClient } from './wire/client.ts';
import { createCookieFile } from './wire/cookies/cookieFile.ts';
import { createCookieJar } from './wire/cookies/jar.ts';
import type { CookieJar } from './wire/cookies/jar.ts';
import type { ExchangeUpdate, Listener } from './wire/client.ts';

/** Events wait this long for company, ms, and in batches of so many at most. */
const batchInterval = 20;
const batchSize = 100;

const cookieJarArgument = '--cookie-jar=';

const client = createClient({ warmUp: true, ...contentDirectory(), ...cookieJar() });
const sends = new Map<string, AbortController>();

let batch: EngineEvents[] = [];
let specs: Record<string, RequestSpec> = {};
let batchTimer: NodeJS.Timeout | undefined;

const listener: Listener = {
  onExchange(update) {
    noteSpec(update);
    const { exchangeId, specId, resendOf, events } = update;
    add({ exchangeId, specId, events, ...(resendOf === undefined ? {} : { resendOf }) });
  },
  onConnection: add,
};

process.on('message', (message) => receive(message as ToEngine));
process.on('disconnect', () => void end(0));
process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);
post({
  type: 'ready', node: process.versions.node, openssl: process.versions.openssl ?? '',
  undici: undiciManifest.version,
});

function receive(message: ToEngine): void {
  switch (message.type) {
    case 'send': return void send(message.spec);
    case 'cancel': return sends.get(message.specId)?.abort();
    case 'stream-send': return void client.sendMessage(message.exchangeId, message.content);
    case 'stream-close': return void client.closeStream(message.exchangeId, message.code, message.reason);
    case 'release': return void client.release(message.exchangeId, message.goOn);
    case 'read-content': return void readContent(message);
    case 'save-content': return void saveContent(message);
    case 'read-wire': return readWire(message.readId, message.connectionId);
    case 'forget': return void client.forget(message.exchangeIds, message.connectionIds);
    case 'clear-cookies': return client.clearCookies();
    case 'list-cookies': return void listCookies(message.readId);
    case 'list-other-cookies': return void listOtherCookies(message);
    case 'remove-cookies': return void client.removeCookies(message.filter);
    case 'look-up-peer': return void lookUpPeer(message);
    case 'close-connections': return client.closeConnections();
    default: message satisfies never; // What is not known is dropped.
  }
}

async function send(spec: RequestSpec): Promise<void> {
  const controller = new AbortController();
  sends.set(spec.id, controller);
  const exchanges = await client.send(spec, listener, controller.signal);
  sends.delete(spec.id);
  flush();
  post({ type: 'sent', specId: spec.id, exchangeIds: exchanges.map(({ id }) => id) });
}

type ReadContent = Extract<ToEngine, { type: 'read-content' }>;

async function readContent({ readId, exchangeId, offset, length }: ReadContent): Promise<void> {
  const window = await client.readContent(exchangeId, offset, length).catch(() => undefined);
  post({ type: 'content', readId, total: window?.total ?? 0, ...(window ? { bytes: window.bytes } : {}) });
}

type SaveContent = Extract<ToEngine, { type: 'save-content' }>;

async function saveContent({ readId, exchangeId, path }: SaveContent): Promise<void> {
  const outcome = await client.saveContent(exchangeId, path).then(
    (size) => size === undefined ? {} : { size }, (error: Error) => ({ error: error.message }));
  post({ type: 'saved', readId, ...outcome });
}

type LookUpPeer = Extract<ToEngine, { type: 'look-up-peer' }>;

async function lookUpPeer({ connectionId, address, host, options }: LookUpPeer): Promise<void> {
  add({ connectionId, events: [await client.lookUpPeer({ address, host }, options)] });
}

function readWire(readId: number, connectionId: string): void {
  const record = client.readWire(connectionId);
  post({ type: 'wire', readId, ...(record ? { record } : {}) });
}

async function listCookies(readId: number): Promise<void> {
  post({ type: 'cookies', readId, cookies: await client.listCookies() });
}

type ListOtherCookies = Extract<ToEngine, { type: 'list-other-cookies' }>;

async function listOtherCookies({ readId, url, before }: ListOtherCookies): Promise<void> {
  post({ type: 'other-cookies', readId, others: await client.otherCookies(url, before) });
}

/** A redirect's spec is not the one that was sent here: it goes with its first events. */
function noteSpec({ exchangeId, resendOf, spec, events }: ExchangeUpdate): void {
  if (resendOf !== undefined && events[0]?.type === 'queued') specs[exchangeId] = spec;
}

function add(entry: EngineEvents): void {
  batch.push(entry);
  if (batch.length >= batchSize) flush();
  else batchTimer ??= setTimeout(flush, batchInterval);
}

function flush(): void {
  clearTimeout(batchTimer);
  batchTimer = undefined;
  if (batch.length === 0) return;
  const hasSpecs = Object.keys(specs).length > 0;
  post({ type: 'events', batch, ...(hasSpecs ? { specs } : {}) });
  batch = [];
  specs = {};
}

function post(message: FromEngine): void {
  // The callback takes the error of a channel that closes meanwhile.
  if (process.connected) process.send!(message, undefined, undefined, () => undefined);
}

function failed(error: unknown): void {
  flush();
  post({ type: 'failed', message: error instanceof Error ? error.stack ?? error.message : String(error) });
  void end(1);
}

let ending = false;

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  process.exitCode = code;
  for (const controller of sends.values()) controller.abort();
  await client.close().catch(() => undefined);
  process.exit(code);
}

/** The first argument, or the environment, names where large contents are kept. */
function contentDirectory(): { contentDirectory?: string } {
  const path = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? process.env['ROUNDTRIP_CONTENT_DIR'];
  return path ? { contentDirectory: path } : {};
}

/** An argument names the file that cookies are kept in; without one they end with this process. */
function cookieJar(): { cookies?: CookieJar } {
  const path = process.argv.find((word) => word.startsWith(cookieJarArgument))?.slice(cookieJarArgument.length);
  if (!path) return {};
  return {
    cookies: createCookieJar({
      file: createCookieFile(path), onNotice: (notice) => post({ type: 'cookie-file', notice }),
    }),
  };
}
