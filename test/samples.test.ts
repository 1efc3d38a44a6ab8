import { deepEqual, ok } from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { sampleArguments, sampleNames } from '../scripts/samples.ts';
import { places } from '../src/lab/routes/places.ts';
import { topics } from '../src/lab/routes/topics.ts';
import { jsonLines, run } from './support/commandLine.ts';

// Every sample is sent against the lab, and what happened is compared with a golden trace in
// `cases/samples`. What differs from run to run (times, ports, ids) is masked. To accept a change that is
// wanted: ROUNDTRIP_UPDATE_GOLDEN=1 npm run test:node.

const samples = fileURLToPath(new URL('../samples/', import.meta.url));
const golden = fileURLToPath(new URL('./cases/samples/', import.meta.url));
const update = process.env.ROUNDTRIP_UPDATE_GOLDEN === '1';

/** A value without what differs from run to run and from machine to machine. */
function masked(text: string): string {
  return text
    .replace(/\[::1\](?=:\d)|\b127\.0\.0\.1(?=:\d)/g, 'LOOPBACK')
    .replace(/(?<=LOOPBACK:|\.test:|\.test%3A|\bport )\d{4,}/g, 'PORT')
    .replace(/(?<=(?:x-forwarded-for|REMOTE_ADDR)\W+)(?:::1|127\.0\.0\.1)/gi, 'LOOPBACK')
    .replace(/(?<=SERVER_PORT\W+)\d{4,}/g, 'PORT')
    .replace(/\b\d+(?:\.\d+)? m?s\b/g, 'TIME')
    .replace(/\b[0-9a-f]{32}-[0-9a-f]{16}\b/g, 'TRACE')
    .replace(/\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT/g, 'DATE')
    .replace(/\b\d{1,2} [A-Z][a-z]{2,3} \d{4}, \d{2}:\d{2}(?::\d{2})? UTC/g, 'DATE')
    .replace(/\b\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'DATE')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID')
    .replace(/\b1[7-9]\d{8}\b/g, 'SECONDS')
    .replace(/(Sec-WebSocket-(?:Key|Accept): )[\w+/]+=*/g, '$1KEY')
    .replace(/(Lab-Process: )\d+/g, '$1PID')
    .replace(/(?<=;dur=)[\d.]+/g, 'TIME')
    .replace(/((?:nonce|response|rspauth)=\\")[^"\\]+/g, '$1PROOF')
    .replace(/(address\W+)(?:::1|127\.0\.0\.1)/g, '$1LOOPBACK')
    .replace(/(port\W{1,6}|-p(?: |%20))\d{4,}/g, '$1PORT')
    .replace(/(sid=)[\w-]{20,}(?:\.[\w-]{43})?/g, '$1ID')
    .replace(/("token\W+)[\w-]{43}/g, '$1TOKEN')
    .replace(/("left\W+)\d+/g, '$1SECONDS')
    .replace(/\b[\w-]{20,}\.[\w-]{43}\b/g, 'TOKEN')
    .replace(/((?:dice|colour|coupon)\W+)[\w.@-]+/g, '$1CHANCE');
}

/** A name server saw questions, and no request. */
function isNameServer({ events }: any): boolean {
  return events.every(({ type }: any) => type === 'question');
}

/**
 * What each name server says it was asked and how it came to its answer, without what differs: letters, how often, and
 * for AAAA, HTTPS, PTR and what an HTTPS record leads to whether it was asked in time.
 */
function questionLines({ server, events }: any): string[] {
  return events.filter(({ recordType, name }: any) => !/^(?:(?:AAAA|HTTPS|PTR) |A hints\.)/.test(`${recordType} ${name}`)).map((event: any) => {
    const { name, recordType, transport, rule, target, rcode = 'silence', answerFlags = [] } = event;
    const how = [rule, ...(target === undefined ? [] : [target])].join(' ');
    return `${server}: ${recordType} ${name.toLowerCase()} over ${transport}: ${how}, ${[rcode, ...answerFlags].join(' ')}`;
  });
}

function traceOf(exchange: any, isAboutNames: boolean): object {
  const { request, failure, connection, cookies, phases, servers, reused } = exchange;
  const response = exchange.response && withoutVarying(exchange.response);
  const [names, sides] = [true, false].map((isOfNames) => servers?.filter((side: any) => isNameServer(side) === isOfNames));
  return {
    request: `${request.method} ${request.url}${request.sent ? ` HTTP/${request.httpVersion}` : ''}`,
    requestHeaders: request.headers.map((line: string[]) => line.join(': ')),
    ...(response && {
      response: `${response.statusCode} ${response.reasonPhrase}`.trim(),
      responseHeaders: response.headers.map((line: string[]) => line.join(': ')),
      body: { ...(response.complete ? {} : { incomplete: true }), bodySize: response.bodySize, contentSize: response.contentSize },
      content: response.contentSize > 2000 ? 'long' : response.content,
    }),
    ...(failure && { failure: isUnheard(exchange) ? 'closed or reset' : `${failure.phase}: ${failure.code} (${failure.confidence}) ${failure.message}` }),
    // A reused connection's lookup and handshake belong to the exchange that opened it.
    connection: connection && { reused, ...(reused ? {} : setUpOf(connection)), ...peerOf(connection) },
    cookies: [...cookies.sent, ...cookies.received].map((cookie: any) =>
      `${cookie.name} ${cookie.accepted ? 'accepted' : `refused: ${cookie.reason}`}`),
    phases: phases.map((phase: { name: string; failed?: true }) => `${phase.name}${phase.failed ? ' failed' : ''}`),
    server: sides?.length > 0 ? sides.flatMap((side: any) =>
      side.events.filter((event: any) => isInTime(event, side)).map((event: any) =>
        `${sides.length > 1 ? `${side.server}: ` : ''}${serverLine(event, response?.bodySize)}`)) : undefined,
    // Of a lookup as others have it too, the names are told where that is the subject.
    ...(isAboutNames && names?.length > 0 && { nameServers: [...new Set(names.flatMap(questionLines))].toSorted() }),
  };
}

const varies = 'varies';
const varying = /^-----BEGIN|"hashes"|<title>The Roundtrip lab<|^{\n {2}"language": "en",\n {2}"topics"/;

/**
 * A certificate and its key are new each time and of another length, and so is what a processor gets done. The front
 * page grows with each route, and is tested by itself.
 */
function withoutVarying(response: any): any {
  if (!varying.test(String(response.content))) return response;
  const headers = response.headers.filter(([name]: string[]) => name?.toLowerCase() !== 'content-length');
  return { ...response, headers, bodySize: varies, contentSize: varies, content: varies };
}

/** The system closes a connection that no server takes; whether a reset is faster than that is chance. */
function isUnheard({ failure, servers = [] }: any): boolean {
  return servers.every(isNameServer) && ['connection-closed', 'connection-reset'].includes(failure.code);
}

function setUpOf({ lookup, tls }: any): object {
  return {
    // Whether there is an AAAA record depends on the machine, and how far the way to the HTTPS record gets on its
    // speed.
    dns: lookup
      && [...new Set(lookup.steps.filter(isSteady).map((step: any) => `${step.source} ${step.outcome}`))].toSorted(),
    tls: tls?.facts && {
      ...pick(tls.facts, ['version', 'alpn', 'verified', 'chainError', 'verificationOff']),
      chain: tls.facts.certificateChain.map((certificate: { subject: string }) => certificate.subject),
    },
  };
}

function peerOf({ peerName }: any): object {
  if (!peerName) return {};
  const asked = peerName.steps.map((step: any) => `${step.source} ${step.outcome}`);
  return { peerName: peerName.names, peerNameAsked: asked };
}

function isSteady({ question, purpose, outcome }: any): boolean {
  return !['AAAA', 'HTTPS'].includes(question.type) && !/minimised|service/.test(purpose ?? '')
    && outcome !== 'referral';
}

/** What a server tells after its response, or of a tunnel that has none, may come too late for the command line. */
function isInTime({ type }: any, { events }: any): boolean {
  if (type === 'tunnelled') return events.some((event: any) => event.type === 'response-finished');
  // Nor is it known whether a worker is ready when it is chosen.
  return type !== 'closed' && type !== 'accept-failed' && type !== 'start-awaited';
}

function serverLine(event: any, bodySize: unknown): string {
  switch (event.type) {
    case 'checked': return `checked ${event.check} ${event.outcome}`;
    case 'routed': return `routed ${event.pattern ?? event.statusCode} ${JSON.stringify(event.parameters)}`;
    case 'session-loaded': return `session ${event.outcome} ${event.user ?? ''}${event.expiry ?? event.failure ?? ''}`.trim();
    case 'balanced': return `balanced ${event.strategy}, ${event.reason}: ${event.to} of ${event.backEnds}`;
    case 'handler-start': return `handler-start ${event.handler}`;
    case 'response-started': return `response-started ${event.statusCode}`;
    case 'response-finished': return `response-finished ${bodySize === varies ? varies : event.bodySize}`;
    default: return event.type;
  }
}

function pick(value: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => value[name] !== undefined).map((name) => [name, value[name]]));
}

/** The lanes that a sample shows which a step of the lab's walkthrough opens first: those of its topic's servers. */
function lanesOf(sample: string): string[] {
  const topic = topics.find(({ samples: [first] }) => first === sample)?.id;
  if (topic === undefined) return [];
  const lanes = Object.entries(places).flatMap(([id, place]) => place.topic === topic ? laneNames[id] ?? [id] : []);
  return lanes.length > 0 ? lanes : ['lab'];
}

/** Where it is not the server's own id; what FTP says is in the gateway's lane. */
const laneNames: Readonly<Record<string, readonly string[]>> = {
  http: ['lab'], https: ['lab'], cluster: ['worker 1', 'worker 2'], ftp: [],
};

describe('samples', () => {
  for (const name of sampleNames(samples)) {
    it(`${name} goes as its golden trace says`, async () => {
      const { stdout, stderr } = await run(['send', `${samples}${name}`, '--json', ...sampleArguments(name)]);
      ok(stdout !== '', stderr);
      const exchanges: any[] = jsonLines(stdout);
      const lanes = new Set(exchanges.flatMap(({ servers }) => (servers ?? []).map((side: any) => side.server)));
      deepEqual(lanesOf(name).filter((lane) => !lanes.has(lane)), []);
      const isAboutNames = lanesOf(name).includes('dns');
      const seen = JSON.parse(masked(JSON.stringify(exchanges.map((exchange) => traceOf(exchange, isAboutNames)))));
      const path = `${golden}${name.replace(/\.\w+$/, '.json')}`;
      if (update || !existsSync(path)) {
        ok(update, `${path} is missing: run with ROUNDTRIP_UPDATE_GOLDEN=1`);
        writeFileSync(path, `${JSON.stringify(seen, undefined, 2)}\n`);
      }
      deepEqual(seen, JSON.parse(readFileSync(path, 'utf8')));
    });
  }
});
