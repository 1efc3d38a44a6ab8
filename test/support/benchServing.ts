import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Row } from '../bench/row.ts';

/** The benchmarks' server as a process of its own: its work is not counted as the client's. */
export interface Serving {
  readonly pid: number;
  readonly port: number;
  /** Over TLS, with a certificate of `authority`, which is in PEM. */
  readonly securePort: number;
  readonly authority: string;
  /** Of HTTP/2 in the clear, by prior knowledge. */
  readonly http2Port: number;
  close(): Promise<void>;
}

export async function startServing(): Promise<Serving> {
  const child = spawn(process.execPath, [`${import.meta.dirname}/benchServer.ts`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data') as [Buffer];
  return {
    pid: child.pid!,
    ...JSON.parse(line.toString()) as Pick<Serving, 'port' | 'securePort' | 'http2Port' | 'authority'>,
    async close() {
      const exit = once(child, 'exit');
      child.stdin.end();
      await exit;
    },
  };
}

/** For a benchmark that is run by itself. */
export function printRows(rows: readonly Row[]): void {
  const text = (value: number): string => value >= 100 ? value.toFixed(0) : value.toFixed(2);
  for (const { name, value, unit, spread, limit, atLeast } of rows) {
    const figure = text(value);
    console.log(`${name.padEnd(64)} ${figure.padStart(10)} ${unit}${spread ? `  [${text(spread[0])}, ${text(spread[1])}]` : ''}${limit === undefined ? '' : ` (≤ ${limit})`}${atLeast === undefined ? '' : ` (≥ ${atLeast})`}`);
  }
}
