import { pathToFileURL } from 'node:url';
import { parse } from '../../src/httpFile/parse.ts';

/** One figure of a benchmark; `limit` is what it must not exceed. */
export interface Row {
  name: string;
  value: number;
  unit: string;
  limit?: number;
}

/**
 * To look at each line once is the least work there is; a tree of ten thousand requests, with every header and range,
 * costs a few times that, half of it memory. On a busy machine the ratio is the only figure to trust.
 */
const largestRatio = 6;

const rounds = 40;

/** A full parse of 10,000 requests against "split lines, and one regular expression a line", taken in turn. */
export async function bench(): Promise<Row[]> {
  const text = requestFile(10_000);
  const parsed: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < rounds; round++) {
    floors.push(time(() => floor(text)));
    parsed.push(time(() => parse(text).requests.length));
  }
  const ratio = median(parsed) / median(floors);
  return [
    { name: 'size of the file', value: text.length / 1e6, unit: 'MB' },
    { name: 'lines', value: text.split('\n').length, unit: '' },
    { name: 'floor: split lines, one regular expression a line', value: median(floors), unit: 'ms' },
    { name: 'parse 10,000 requests', value: median(parsed), unit: 'ms' },
    { name: 'parse ÷ floor', value: ratio, unit: '×', limit: largestRatio },
  ];
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

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
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
  for (const { name, value, unit, limit } of await bench()) {
    const most = limit === undefined ? '' : ` (at most ${limit})`;
    process.stdout.write(`${name}: ${value.toFixed(2)} ${unit}${most}\n`);
  }
}
