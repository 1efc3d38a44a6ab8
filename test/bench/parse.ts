import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from '../../src/httpFile/parse.ts';
import type { HttpFile } from '../../src/httpFile/syntax.ts';
import { median } from './row.ts';
import type { Row } from './row.ts';

/**
 * To look at each line once is the least work there is. A parse costs a few times that, most of it the memory for the
 * tree. On a busy machine the ratio is the only figure to trust.
 */
const limits = { large: 4, small: 5, first: 2.5, growth: 11 };

/** A full parse against "split lines, and one regular expression a line", taken in turn. */
export async function bench(): Promise<Row[]> {
  const text = requestFile(10_000);
  const large = compare(text, 40);
  const small = compare(requestFile(100), 2000);
  const whole = Array.from({ length: 10 }, () => time(() => walk(parse(text))));
  const first = compareFirst();
  return [
    { name: 'size of the file', value: text.length / 1e6, unit: 'MB' },
    { name: 'lines', value: text.split('\n').length, unit: '' },
    { name: 'floor: split lines, one regular expression a line', value: large.floor, unit: 'ms' },
    { name: 'parse 10,000 requests', value: large.parse, unit: 'ms' },
    { name: 'parse ÷ floor', value: large.parse / large.floor, unit: '×', limit: limits.large },
    { name: 'parse 10,000 requests, and ask for every node', value: median(whole), unit: 'ms' },
    { name: 'parse 100 requests', value: small.parse, unit: 'ms' },
    { name: 'parse 100 requests ÷ floor', value: small.parse / small.floor, unit: '×', limit: limits.small },
    { name: 'first parse in a process', value: first.parse, unit: 'ms' },
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

/** The first time in a process, when nothing is compiled yet: each in processes of its own, in turn. */
function compareFirst(): Comparison {
  const parsed: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < 9; round++) {
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

/** A file ten times as large, without the limit on its size. */
function growth(text: string): number {
  const larger = requestFile(100_000);
  const parsed: number[] = [];
  const small: number[] = [];
  for (let round = 0; round < 5; round++) {
    parsed.push(time(() => parse(larger, { largest: Infinity }).requests.length));
    // As many requests in all, so that memory is cleared as often.
    const ten = Array.from({ length: 10 }, () => time(() => parse(text, { largest: Infinity }).requests.length));
    small.push(ten.reduce((sum, one) => sum + one) / 10);
  }
  return median(parsed) / median(small);
}

/** Asks for everything that a tree holds. */
function walk({ requests, variables, problems }: HttpFile): number {
  let places = 0;
  for (const request of requests) {
    places += request.range.end.line + request.requestLine.end.line + request.urlRange.end.line + request.url.length;
    for (const { name, value, valueRange } of request.headers) places += name.length + value.length + valueRange.end.line;
    for (const { range } of request.metadata) places += range.end.line;
    for (const { range } of request.body ?? []) places += range.end.line;
  }
  for (const { range } of [...variables, ...problems]) places += range.end.line;
  return places;
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
    process.stdout.write(`${time(() => work === 'floor' ? floor(text) : parse(text).requests.length)}`);
  }
}
