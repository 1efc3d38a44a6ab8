import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { Agent, IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Called {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly content: string;
}

export interface Wanted {
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly agent?: Agent;
}

/** One request to a port of the lab, on a connection of its own unless an agent keeps one. */
export function call(
  port: number, path: string, { method = 'GET', host = 'lab.test', headers = {}, body, agent }: Wanted = {},
): Promise<Called> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1', port, method, path, agent: agent ?? false, timeout: 20_000,
      headers: {
        Host: `${host}:${port}`, ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }), ...headers,
      },
    }, (response) => {
      let content = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { content += chunk; }).on('error', reject)
        .on('end', () => resolve({ statusCode: response.statusCode ?? 0, headers: response.headers, content }));
    });
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error('no response in time'))).end(body);
  });
}

export async function workerOf(port: number, wanted?: Wanted): Promise<{ worker: number; pid: number }> {
  const { headers, content } = await call(port, '/worker', wanted);
  return { ...JSON.parse(content) as { worker: number }, pid: Number(headers['lab-process']) };
}

export async function isThere(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    // A zombie has ended.
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Killed, and the primary, which is this process, knows. */
export async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(5);
  }
}

/** Logs ada in under a host of the lab. */
export function login(port: number, host: string): Promise<Called> {
  return call(port, '/login', {
    method: 'POST', host, headers: { 'Content-Type': 'application/json' }, body: '{"user":"ada","password":"lovelace"}',
  });
}

/** The first cookie that was set, as it is sent back. */
export function cookieOf({ headers }: Called): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}
