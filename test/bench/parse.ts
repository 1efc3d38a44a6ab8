import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from '../../src/httpFile/parse.ts';
import type { HttpFile, Range } from '../../src/httpFile/syntax.ts';
import { median } from './row.ts';
import type { Row } from './row.ts';

/**
 * To look at each line once is the least work there is. A parse costs a few times that, most of it the memory for the
 * tree. On a busy machine the ratio is the only figure to trust. Where a share of the work is done once, or memory is
 * what costs, the time that the main thread has the processor is measured instead of what the clock says: such work
 * takes long enough to be interrupted.
 */
const limits = { large: 4, small: 5, walked: 7, first: 2.5, growth: 11 };

/** A full parse against "split lines, and one regular expression a line", taken in turn. */
export async function bench(): Promise<Row[]> {
  const text = requestFile(10_000);
  const large = compare(text, 40);
  const small = compare(requestFile(100), 2000);
  const walked = compareWalk(text);
  const first = compareFirst();
  return [
    { name: 'size of the file', value: text.length / 1e6, unit: 'MB' },
    { name: 'lines', value: text.split('\n').length, unit: '' },
    { name: 'floor: split lines, one regular expression a line', value: large.floor, unit: 'ms' },
    { name: 'parse 10,000 requests', value: large.parse, unit: 'ms' },
    { name: 'parse ÷ floor', value: large.parse / large.floor, unit: '×', limit: limits.large },
    { name: 'parse 10,000 requests, and ask for every text and place (processor time)', value: walked.parse, unit: 'ms' },
    { name: 'parse and ask ÷ floor', value: walked.parse / walked.floor, unit: '×', limit: limits.walked },
    { name: 'parse 100 requests', value: small.parse, unit: 'ms' },
    { name: 'parse 100 requests ÷ floor', value: small.parse / small.floor, unit: '×', limit: limits.small },
    { name: 'first parse in a process (processor time)', value: first.parse, unit: 'ms' },
    { name: 'first parse ÷ first floor', value: first.parse / first.floor, unit: '×', limit: limits.first },
    { name: '100,000 requests ÷ 10,000', value: growth(text), unit: '×', limit: limits.growth },
    ...await (await import('./parsePeers.ts')).peerRows(requestFile),
  ];
}

interface Comparison { readonly floor: number; readonly parse: number }

function compare(text: string, rounds: number): Comparison {
  const parsed: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < rounds; round++) {
    floors.push(time(() => floor(text)));
    parsed.push(time(() => parse(text).requests.length));
  }
  return { floor: median(floors), parse: median(parsed) };
}

/** A parse and a walk against the floor: means, as the processor's clock counts whole ticks. */
function compareWalk(text: string): Comparison {
  const rounds = 30;
  let parsed = 0;
  let floors = 0;
  for (let round = 0; round < rounds; round++) {
    floors += processorTime(() => floor(text));
    parsed += processorTime(() => walk(parse(text)));
  }
  return { floor: floors / rounds, parse: parsed / rounds };
}

/**
 * The first time in a process, when nothing is compiled yet: each in processes of its own, in turn. What counts is the
 * time that the main thread has the processor: on a busy machine a process that has just started waits most of all.
 */
function compareFirst(): Comparison {
  const parsed: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < 11; round++) {
    floors.push(firstIn('floor'));
    parsed.push(firstIn('parse'));
  }
  return { floor: median(floors), parse: median(parsed) };
}

function firstIn(work: 'floor' | 'parse'): number {
  const { stdout, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), work], { encoding: 'utf8' });
  if (status !== 0) throw new Error('A first parse broke off.');
  return Number(stdout);
}

/**
 * How many times longer 100,000 requests take than 10,000: once the large file (without the limit on its size) against
 * the small one ten times, in turn. All ten trees are kept until the last is done, as one of 100,000 requests is: so
 * both leave equally much memory behind, and what it costs to keep it counts for both.
 */
function growth(text: string): number {
  const larger = requestFile(100_000);
  const ratios: number[] = [];
  for (let round = 0; round < 9; round++) {
    const ten = processorTime(() => Array.from({ length: 10 }, () => parse(text)).length);
    const one = processorTime(() => parse(larger, { largest: Infinity }).requests.length);
    ratios.push(one / (ten / 10));
  }
  return median(ratios);
}

/** Asks each node of a tree for each of its texts and places once. */
function walk({ requests, variables, problems }: HttpFile): number {
  let sum = 0;
  for (const request of requests) {
    const { method, url, httpVersion, name, title, range, requestLine, methodRange, urlRange, urlPieces } = request;
    sum += method.length + url.length + (httpVersion?.length ?? 0) + (name?.length ?? 0) + (title?.length ?? 0);
    sum += request.index + request.line + size(range) + size(requestLine) + size(methodRange ?? range) + size(urlRange);
    for (const piece of urlPieces ?? []) sum += size(piece);
    for (const { name, value, range, nameRange, valueRange } of request.headers) {
      sum += name.length + value.length + size(range) + size(nameRange) + size(valueRange);
    }
    for (const { key, value, range } of request.metadata) sum += key.length + value.length + size(range);
    for (const segment of request.body ?? []) {
      sum += size(segment.range) + (segment.kind === 'text' ? segment.text : segment.path).length;
    }
    sum += request.elements.length;
  }
  for (const { name, value, range, nameRange, valueRange } of variables) {
    sum += name.length + value.length + size(range) + size(nameRange) + size(valueRange);
  }
  for (const { code, range } of problems) sum += code.length + size(range);
  return sum;
}

function size({ start, end }: Range): number {
  return end.line - start.line + end.character - start.character;
}

function floor(text: string): number {
  let found = 0;
  for (const line of text.split('\n')) if (/^(?:#{3}|[A-Z]+ |[\w-]+:)/.test(line)) found++;
  return found;
}

function time(work: () => number): number {
  const start = performance.now();
  if (work() === 0) throw new Error('The benchmark found nothing to do.');
  return performance.now() - start;
}

/** The milliseconds that this thread has the processor. */
function processorTime(work: () => number): number {
  const before = process.threadCpuUsage();
  if (work() === 0) throw new Error('The benchmark found nothing to do.');
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** What people write: comments, names, variables, headers, JSON bodies, queries over several lines. */
export function requestFile(count: number): string {
  const blocks = ['@host = https://shop.lab.test\n@token = {{login.response.body.$.token}}\n'];
  for (let index = 0; index < count; index++) blocks.push(block(index));
  return blocks.join('\n');
}

function block(index: number): string {
  const headers = 'Accept: application/json\nAuthorization: Bearer {{token}}\nX-Request-Id: {{$guid}}\n';
  const title = `### Request number ${index}\n`;
  if (index % 3 === 0) {
    return `${title}# @name list${index}\nGET {{host}}/products?page=${index}\n  &size=20\n  &sort=price\n${headers}\n`;
  }
  const body = `{\n  "id": ${index},\n  "name": "Product ${index}",\n  "price": 12.5,\n`
    + `  "note": "made by the benchmark",\n  "tags": ["one", "two", "three"]\n}\n`;
  return `${title}// changes one product\n# @name change${index}\nPUT {{host}}/products/${index} HTTP/1.1\n`
    + `Content-Type: application/json\n${headers}\n${body}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , work] = process.argv;
  if (work === undefined) {
    for (const { name, value, unit, limit } of await bench()) {
      const most = limit === undefined ? '' : ` (at most ${limit})`;
      process.stdout.write(`${name}: ${value.toFixed(2)} ${unit}${most}\n`);
    }
  } else {
    const text = requestFile(10_000);
    process.stdout.write(`${processorTime(() => work === 'floor' ? floor(text) : parse(text).requests.length)}`);
  }
}
