import { Session } from 'node:inspector/promises';

// A process of its own that counts how often each block of the reader's code runs: unlike time, that is the same on
// every machine and every run. Prints, for each text of `pathological`, the counts for it and for one twice as long.

const [size = 0] = process.argv.slice(2).map(Number);
const session = new Session();
session.connect();
await session.post('Profiler.enable');
// Only code that is compiled from here on is counted by the block, so the reader is imported afterwards.
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
const { parse } = await import('../../src/httpFile/parse.ts');
const { pathological } = await import('./pathological.ts');

async function countOf(text: string): Promise<number> {
  await session.post('Profiler.takePreciseCoverage');
  parse(text);
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const ranges = result.filter(({ url }) => url.includes('/src/httpFile/'))
    .flatMap(({ functions }) => functions).flatMap(({ ranges }) => ranges);
  return ranges.reduce((sum, { count }) => sum + count, 0);
}

const counts: Record<string, [number, number]> = {};
for (const [name, make] of Object.entries(pathological)) {
  counts[name] = [await countOf(make(size)), await countOf(make(2 * size))];
}
process.stdout.write(JSON.stringify(counts));
