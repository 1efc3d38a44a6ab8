import { Session } from 'node:inspector/promises';

// As countWork.ts, for what the editor asks of a file: prints, for each text and each service, the counts for the text
// and for one four times as long.

const [size = 0] = process.argv.slice(2).map(Number);
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
const { documentOf, services, texts } = await import('./serviceWork.ts');

/** What ran since the last time this was asked. */
async function countSince(): Promise<number> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const ranges = result.filter(({ url }) => url.includes('/src/httpFile/'))
    .flatMap(({ functions }) => functions).flatMap(({ ranges }) => ranges);
  return ranges.reduce((sum, { count }) => sum + count, 0);
}

const counts: Record<string, Record<string, [number, number]>> = {};
for (const [name, make] of Object.entries(texts)) {
  const documents = [documentOf(make(size)), documentOf(make(4 * size))] as const;
  counts[name] = {};
  await countSince();
  for (const [service, ask] of Object.entries(services)) {
    await ask(documents[0]);
    const single = await countSince();
    await ask(documents[1]);
    counts[name][service] = [single, await countSince()];
  }
}
process.stdout.write(JSON.stringify(counts));
