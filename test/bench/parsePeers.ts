import { loadHttpYac } from '../dialects/peers.ts';
import { parse } from '../../src/httpFile/parse.ts';
import { median } from './row.ts';
import type { Row } from './row.ts';

/**
 * httpYac's own parser (the package that is a test dependency) on the file that ours is measured with. It takes seconds
 * for 10,000 requests, so it reads that file once, after smaller ones that let it warm up. Ours is the median of
 * twenty, and comes first, as httpYac leaves much to be collected.
 */
export async function peerRows(requestFile: (count: number) => string): Promise<Row[]> {
  const text = requestFile(10_000);
  const ours = Array.from({ length: 20 }, () => time(() => { parse(text); }));
  const parseFile = loadHttpYac();
  const warmUp = requestFile(200);
  await parseFile('/warmUp.http', warmUp);
  const small = await measured(() => parseFile('/small.http', requestFile(1000)), 1000);
  const theirs = await measured(() => parseFile('/large.http', text), 10_000);
  return [
    { name: 'httpYac: parse 1,000 requests, once', value: small, unit: 'ms' },
    { name: 'httpYac: parse 10,000 requests, once', value: theirs, unit: 'ms' },
    { name: 'Roundtrip: parse 10,000 requests', value: median(ours), unit: 'ms' },
    { name: 'httpYac ÷ ours, 10,000 requests', value: theirs / median(ours), unit: '×' },
  ];
}

async function measured(
  work: () => Promise<readonly { readonly request?: unknown }[]>, expected: number,
): Promise<number> {
  const start = performance.now();
  const regions = await work();
  const taken = performance.now() - start;
  const found = regions.filter(({ request }) => request !== undefined).length;
  if (found !== expected) throw new Error(`httpYac found ${found} requests, not ${expected}.`);
  return taken;
}

function time(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
