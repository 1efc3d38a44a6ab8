import { request } from 'node:http';
import type { RunningLab } from './running.ts';

/** A response of the lab as node:http sees it; names of fields in lower case. */
export interface Called {
  readonly statusCode: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly content: string;
  readonly bytes: Buffer;
}

/** Sends a request to the lab over HTTP/1.1, its path as it is, and reads the response whole. */
export function call(
  running: RunningLab, method: string, path: string, headers: Record<string, string> = {}, body?: string,
): Promise<Called> {
  const { port } = running.lab.addresses.http;
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1', port, method, path, agent: false, timeout: 10_000,
      headers: {
        Host: `lab.test:${port}`, ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }), ...headers,
      },
    }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject).on('end', () => {
        const bytes = Buffer.concat(chunks);
        const { rawHeaders: raw, statusCode = 0 } = response;
        const fields = raw.flatMap((name, index) =>
          (index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ''] as const] : []));
        resolve({ statusCode, headers: fields, content: bytes.toString(), bytes });
      });
    });
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error('no response in time')));
    sent.end(body);
  });
}

/** All lines of a field, joined; empty: it is absent. */
export function fieldOf({ headers }: Called, name: string): string {
  return headers.filter(([field]) => field === name).map(([, value]) => value).join(', ');
}
