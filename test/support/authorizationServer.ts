import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';

// A small authorization server (RFC 6749, 7636, 8628) and an API behind it, written from the RFCs alone.

export interface AuthorizationServerOptions {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Seconds that tokens live. */
  readonly expiresIn?: number;
  readonly refresh?: boolean;
  readonly now?: () => number;
  /** What the token endpoint says to polls for a device, in order; then it gives tokens. */
  readonly polls?: readonly string[];
}

export interface AuthorizationServer {
  readonly server: http.Server;
  /** Of each request to the token and device endpoints: what it asked and how it was answered. */
  readonly asked: { readonly path: string; readonly form: Readonly<Record<string, string>>; readonly client: string; readonly answer: string }[];
  /** Authorization fields that the API saw. */
  readonly seen: (string | undefined)[];
}

export function createAuthorizationServer(options: AuthorizationServerOptions = {}): AuthorizationServer {
  const { clientId = 'client', clientSecret, expiresIn = 3600, refresh = false, now = () => Date.now() } = options;
  const codes = new Map<string, { challenge: string | null; redirectUri: string; scope: string | null }>();
  const tokens = new Map<string, number>();
  const refreshTokens = new Set<string>();
  const asked: AuthorizationServer['asked'] = [];
  const seen: (string | undefined)[] = [];
  const polls = [...options.polls ?? []];
  const random = (): string => randomBytes(12).toString('hex');

  const authorize = (url: URL, response: http.ServerResponse): void => {
    const { searchParams } = url;
    const to = new URL(searchParams.get('redirect_uri')!);
    if (searchParams.get('client_id') !== clientId || searchParams.get('response_type') !== 'code') return void response.writeHead(400).end();
    const state = searchParams.get('state')!;
    if (searchParams.get('scope') === 'forbidden') {
      to.searchParams.set('error', 'access_denied');
    } else {
      const code = random();
      if (searchParams.get('code_challenge') !== null && searchParams.get('code_challenge_method') !== 'S256') return void response.writeHead(400).end();
      codes.set(code, { challenge: searchParams.get('code_challenge'), redirectUri: to.href, scope: searchParams.get('scope') });
      to.searchParams.set('code', code);
    }
    to.searchParams.set('state', state);
    response.writeHead(302, { Location: to.href }).end();
  };

  /** How the client proved who it is; undefined when it did not. */
  const clientOf = (request: http.IncomingMessage, form: URLSearchParams): string | undefined => {
    const basic = /^Basic (.*)$/.exec(request.headers.authorization ?? '')?.[1];
    if (basic !== undefined) {
      const [id, secret] = Buffer.from(basic, 'base64').toString().split(':').map((part) => new URLSearchParams(`a=${part}`).get('a'));
      return id === clientId && secret === (clientSecret ?? '') ? 'basic' : undefined;
    }
    if (form.get('client_id') !== clientId) return undefined;
    if (form.has('client_secret')) return form.get('client_secret') === clientSecret ? 'in body' : undefined;
    return clientSecret === undefined ? 'none' : undefined;
  };

  const grant = (form: URLSearchParams): string => {
    switch (form.get('grant_type')) {
      case 'client_credentials': return '';
      case 'password': return form.get('username') === 'me' && form.get('password') === 'my password' ? '' : 'invalid_grant';
      case 'refresh_token': return refreshTokens.delete(form.get('refresh_token')!) ? '' : 'invalid_grant';
      case 'urn:ietf:params:oauth:grant-type:device_code':
        return form.get('device_code') === 'DEVICE' ? polls.shift() ?? '' : 'invalid_grant';
      case 'authorization_code': {
        const code = codes.get(form.get('code') ?? '');
        codes.delete(form.get('code') ?? '');
        if (code?.scope) form.set('scope', code.scope);
        if (!code || code.redirectUri !== form.get('redirect_uri')) return 'invalid_grant';
        if (code.challenge === null) return form.has('code_verifier') ? 'invalid_grant' : '';
        const hash = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
        return hash === code.challenge ? '' : 'invalid_grant';
      }
      default: return 'unsupported_grant_type';
    }
  };

  const token = (form: URLSearchParams): object => {
    const access = random();
    tokens.set(access, now() + expiresIn * 1000);
    const next = refresh ? random() : undefined;
    if (next !== undefined) refreshTokens.add(next);
    return {
      access_token: access, token_type: 'Bearer', expires_in: expiresIn, ...(next === undefined ? {} : { refresh_token: next }),
      ...(form.get('scope')?.includes('openid') ? { id_token: `id-${access}` } : {}),
    };
  };

  const answer = (path: string, request: http.IncomingMessage, form: URLSearchParams): [status: number, body: object] => {
    if (request.headers['content-type'] !== 'application/x-www-form-urlencoded') return [400, { error: 'invalid_request' }];
    const client = clientOf(request, form);
    const error = client === undefined ? 'invalid_client' : path === '/token' ? grant(form) : '';
    asked.push({ path, form: Object.fromEntries(form), client: client ?? '', answer: error });
    if (error !== '') return [error === 'invalid_client' ? 401 : 400, { error, error_description: `about ${error}` }];
    if (path === '/token') return [200, token(form)];
    return [200, { device_code: 'DEVICE', user_code: 'AB-CD', verification_uri: `http://${request.headers.host}/activate`, expires_in: 100, interval: 1 }];
  };

  const server = http.createServer((request, response) => {
    const url = new URL(request.url!, `http://${request.headers.host}`);
    if (url.pathname === '/authorize') return authorize(url, response);
    if (url.pathname === '/api') {
      const { authorization } = request.headers;
      seen.push(authorization);
      const isGood = (tokens.get(authorization?.replace(/^Bearer (?:id-)?/, '') ?? '') ?? 0) > now();
      return void response.writeHead(isGood ? 200 : 401, isGood ? {} : { 'WWW-Authenticate': 'Bearer error="invalid_token"' }).end(isGood ? 'inside' : '');
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    return request.on('end', () => {
      const [status, body] = answer(url.pathname, request, new URLSearchParams(Buffer.concat(chunks).toString()));
      response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(JSON.stringify(body));
    });
  });
  return { server, asked, seen };
}
