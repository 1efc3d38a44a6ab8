import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';

// A server of RFC 7616 written from its text alone: it shares nothing with the client, and refuses every request
// of which any field is not as it must be.

export interface DigestServerOptions {
  readonly user: string;
  readonly password: string;
  readonly realm?: string;
  /** One challenge each, in this order; absent means no `algorithm` parameter. */
  readonly algorithms?: readonly (string | undefined)[];
  /** As written in the challenge; absent means none. */
  readonly qop?: string;
  readonly userhash?: boolean;
  readonly charset?: boolean;
  readonly opaque?: string;
  readonly domain?: string;
  /** All challenges in one field. */
  readonly joined?: boolean;
  /** A nonce may be used so often; then it is stale. */
  readonly uses?: number;
  /** Every response names the next nonce, and the one before is no longer taken. */
  readonly nextnonce?: boolean;
  /** Every response proves that the server knows the password, or fails to. */
  readonly rspauth?: 'right' | 'wrong';
}

/** What a request carried, and why it was refused, if it was. */
export interface SeenRequest {
  readonly url: string;
  readonly fields: ReadonlyMap<string, string> | undefined;
  readonly refusal: string | undefined;
}

interface Nonce {
  count: number;
  readonly algorithm: string | undefined;
  /** H(A1) of a session algorithm, made with the first request. */
  sessionKey?: string;
}

export interface DigestServer {
  readonly server: http.Server;
  readonly seen: SeenRequest[];
  readonly bodies: string[];
}

/** Answers 200 with `welcome` to good credentials, else 401; `/away?…` redirects there first. */
export function createDigestServer(options: DigestServerOptions): DigestServer {
  const { realm = 'lab realm', algorithms = ['MD5'] } = options;
  const nonces = new Map<string, Nonce>();
  const seen: SeenRequest[] = [];
  const bodies: string[] = [];

  const newNonce = (algorithm: string | undefined, from?: Nonce): string => {
    const nonce = randomBytes(12).toString('base64');
    nonces.set(nonce, { count: 0, algorithm, ...(from?.sessionKey ? { sessionKey: from.sessionKey } : {}) });
    return nonce;
  };

  const challenge = (algorithm: string | undefined, stale: boolean): string => [
    `Digest realm="${realm.replace(/["\\]/g, '\\$&')}"`, ...(options.domain ? [`domain="${options.domain}"`] : []),
    `nonce="${newNonce(algorithm)}"`, ...(options.opaque ? [`opaque="${options.opaque}"`] : []),
    ...(stale ? ['stale=true'] : []), ...(algorithm ? [`algorithm=${algorithm}`] : []),
    ...(options.qop ? [`qop="${options.qop}"`] : []), ...(options.charset ? ['charset=UTF-8'] : []),
    ...(options.userhash ? ['userhash=true'] : []),
  ].join(', ');

  const refusalOf = (request: http.IncomingMessage, fields: Map<string, string> | undefined, body: string): string | undefined => {
    if (!fields) return 'none';
    const nonce = nonces.get(fields.get('nonce') ?? '');
    if (!nonce) return options.nextnonce || options.uses ? 'stale' : 'nonce';
    const hash = hashOf(nonce.algorithm ?? 'MD5');
    const h = (text: string): string => createHash(hash).update(text).digest('hex');
    const unquoted = ['algorithm', 'qop', 'nc', 'userhash'].find((name) => fields.get(name)?.startsWith('"'));
    if (unquoted) return `quoted ${unquoted}`;
    const value = (name: string): string | undefined => unquote(fields.get(name));
    if (value('realm') !== realm) return 'realm';
    if (value('uri') !== request.url) return 'uri';
    if (fields.get('algorithm') !== nonce.algorithm) return 'algorithm';
    if (value('opaque') !== options.opaque) return 'opaque';
    const user = fields.has('username*') ? decodeURIComponent(fields.get('username*')!.replace(/^UTF-8''/, '')) : value('username');
    if (user !== (options.userhash ? h(`${options.user}:${realm}`) : options.user)) return 'username';
    if ((fields.get('userhash') === 'true') !== (options.userhash === true)) return 'userhash';
    const qop = fields.get('qop');
    if ((qop === undefined) !== (options.qop === undefined)) return 'qop';
    if (qop !== undefined && !options.qop!.split(/, ?/).includes(qop)) return 'qop';
    const isSession = /-sess$/i.test(nonce.algorithm ?? '');
    const credentials = h(`${options.user}:${realm}:${options.password}`);
    nonce.sessionKey ??= h(`${credentials}:${value('nonce')}:${value('cnonce')}`);
    const key = isSession ? nonce.sessionKey : credentials;
    const a2 = h(`${request.method}:${request.url}${qop === 'auth-int' ? `:${h(body)}` : ''}`);
    const middle = qop === undefined ? '' : `${fields.get('nc')}:${value('cnonce')}:${qop}:`;
    if (value('response') !== h(`${key}:${value('nonce')}:${middle}${a2}`)) return 'response';
    if (qop === undefined) return undefined;
    if (!/^[0-9a-f]{8}$/.test(fields.get('nc')!)) return 'nc';
    const count = Number.parseInt(fields.get('nc')!, 16);
    if (count !== nonce.count + 1) return `nc ${count} after ${nonce.count}`;
    nonce.count = count;
    if (options.uses === undefined || count <= options.uses) return undefined;
    nonces.delete(value('nonce')!);
    return 'stale';
  };

  /** RFC 7616 §3.5: the request's own, with an empty method. */
  const infoOf = (fields: Map<string, string>, { algorithm, sessionKey }: Nonce): string => {
    const h = (text: string): string => createHash(hashOf(algorithm ?? 'MD5')).update(text).digest('hex');
    const key = /-sess$/i.test(algorithm ?? '') ? sessionKey! : h(`${options.user}:${realm}:${options.password}`);
    const [nc, cnonce] = [fields.get('nc'), unquote(fields.get('cnonce'))];
    const right = h(`${key}:${fields.get('nonce')}:${nc}:${cnonce}:auth:${h(`:${unquote(fields.get('uri'))}`)}`);
    return `rspauth="${options.rspauth === 'right' ? right : h('no')}", cnonce="${cnonce}", nc=${nc}, qop=auth`;
  };

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      bodies.push(body);
      const fields = fieldsOf(request.headers.authorization);
      const refusal = refusalOf(request, fields, body);
      seen.push({ url: request.url!, fields, refusal });
      if (refusal !== undefined) {
        const challenges = algorithms.map((algorithm) => challenge(algorithm, refusal === 'stale'));
        response.setHeader('WWW-Authenticate', options.joined ? challenges.join(', ') : challenges);
        return response.writeHead(401).end('who are you?');
      }
      const used = fields!.get('nonce')!;
      if (options.rspauth) response.setHeader('Authentication-Info', infoOf(fields!, nonces.get(used)!));
      if (options.nextnonce) {
        const nonce = newNonce(nonces.get(used)!.algorithm, nonces.get(used));
        nonces.delete(used);
        response.setHeader('Authentication-Info', `nextnonce="${nonce}", qop=auth`);
      }
      const away = new URL(request.url!, 'http://a').searchParams.get('away');
      if (away !== null) return response.writeHead(302, { Location: away }).end();
      return response.end('welcome');
    });
  });
  return { server, seen, bodies };
}

function hashOf(algorithm: string): string {
  return { 'md5': 'md5', 'sha-256': 'sha256', 'sha-512-256': 'sha512-256' }[algorithm.toLowerCase().replace(/-sess$/, '')]!;
}

/** As written, quotes kept but for those of nonces, so that the server sees what was quoted. */
function fieldsOf(value: string | undefined): Map<string, string> | undefined {
  const octets = /^Digest (.*)$/.exec(Buffer.from(value ?? '', 'latin1').toString('utf8'))?.[1];
  if (octets === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const [, name, text] of octets.matchAll(/([\w*]+)=("(?:[^"\\]|\\.)*"|[^,]*)(?:, ?|$)/g)) fields.set(name!, text!);
  if (fields.has('nonce')) fields.set('nonce', unquote(fields.get('nonce'))!);
  return fields;
}

function unquote(text: string | undefined): string | undefined {
  return text?.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
