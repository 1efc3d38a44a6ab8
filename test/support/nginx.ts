import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Issued } from './certificates.ts';
import { freePort, isListening } from './sockets.ts';

interface NginxOptions<Name extends string> {
  readonly program: string;
  /** What it writes of each request: https://nginx.org/en/docs/varindex.html says what each is. */
  readonly variables: readonly Name[];
  readonly identity: Issued;
  /** Directives of its server, besides those of the access log and of TLS. */
  readonly server: string;
  /** Without TLS it speaks HTTP/2 only. */
  readonly plainHttp2?: boolean;
}

/** An nginx on loopback with a folder of its own, from which it serves files. */
export interface Nginx<Name extends string> {
  readonly directory: string;
  /** Without TLS, and with TLS and HTTP/2 by ALPN. */
  readonly origins: { readonly http: string; readonly https: string };
  /** The lines of so many requests; each is written when nginx is done with it, which may be after its client is. */
  logged(count: number): Promise<readonly Record<Name, string>[]>;
  stop(): Promise<void>;
}

/** Starts it; throws when it does not listen within seconds. */
export async function startNginx<Name extends string>(options: NginxOptions<Name>): Promise<Nginx<Name>> {
  const { program, variables, identity: { cert, key } } = options;
  const directory = mkdtempSync(join(tmpdir(), 'roundtrip-nginx-'));
  const [plain, encrypted] = [await freePort(), await freePort()];
  writeFileSync(join(directory, 'cert.pem'), cert);
  writeFileSync(join(directory, 'key.pem'), key);
  writeFileSync(join(directory, 'nginx.conf'), `
    daemon off; master_process off; pid pid; error_log stderr; events {}
    http {
      log_format all escape=json '${variables.map((name) => `$${name}`).join('\\t')}'; access_log log all;
      client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
      ssl_certificate cert.pem; ssl_certificate_key key.pem; ssl_session_cache shared:x:1m; ssl_protocols TLSv1.2 TLSv1.3;
      server {
        listen 127.0.0.1:${plain}${options.plainHttp2 ? ' http2' : ''}; listen 127.0.0.1:${encrypted} ssl http2;
        root .; ${options.server}
      }
    }`);
  const child = spawn(program, ['-p', directory, '-c', join(directory, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => { said += chunk; });
  const stop = async (): Promise<void> => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(directory, { recursive: true });
  };
  for (const port of [plain, encrypted]) {
    for (let tries = 0; !(await isListening(port)); tries++) {
      if (tries === 100 || child.exitCode !== null) throw new Error(`nginx does not listen: ${said}`);
      await wait(50);
    }
  }
  return {
    directory, stop,
    origins: { http: `http://localhost:${plain}`, https: `https://localhost:${encrypted}` },
    logged: (count) => logged(join(directory, 'log'), variables, count),
  };
}

async function logged<Name extends string>(
  path: string, variables: readonly Name[], count: number,
): Promise<readonly Record<Name, string>[]> {
  for (let tries = 0; tries < 100; tries++) {
    const lines = (existsSync(path) ? readFileSync(path, 'latin1') : '').split('\n').filter(Boolean);
    if (lines.length >= count) return lines.map((line) => {
      const cells = line.split('\t');
      return Object.fromEntries(variables.map((name, index) => [name, cells[index]])) as Record<Name, string>;
    });
    await wait(50);
  }
  throw new Error(`nginx told of fewer than ${count} requests`);
}
