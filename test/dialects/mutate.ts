import { createRandom } from './random.ts';
import type { Random } from './random.ts';

/** What is repeated by the thousand, put between and swapped in: everything that opens, closes or quotes. */
const pieces: readonly string[] = [
  '{{', '}}', '{{{', '{', '}', '[', ']', '#', '##', '###', '### ', '\n###\n', ' ###\n', ' ', '\t', '\u00a0', '<', '<@',
  '< ./a.json\n',
  '=', '==', '"', "'", '`', '\\', '\\\\', '^', '%', '%}', '> {%', '> {%\n', '< {%\n', '/*', '*/', '/*\n', '//', '//\n',
  '#\n', '# @', '@', '@a=',
  '@a = {{a}}\n', '@b={{c}}\n', '&', '?', '&\n', '  ?a\n', ':', ': ', 'a:\n', 'a: b\n', ' c\n', '...', '??',
  '?? status\n', '>', '> a\n', '> a.js\n',
  '>> ', '>>! a\n', '<> a\n', '{{\n', '}}\n', '{{@response\n', 'GET ', 'GET https://a.lab.test/\n', 'get /\n',
  'GET {{a}}\n', 'HTTP/1.1',
  'HTTP/1.1 200 OK\n', ' HTTP/2', 'curl ', 'curl a \\\n', "curl '", 'curl "', '$(', "$'", '-H ', '--data ', '\n',
  '\n\n', '\r', '\r\n', '\n\r', '\r\r\n',
  '\u2028', '\u0085', '\ufeff', '\u0000', '\ud800', '\udc00', '\ud83d\ude00', '한글', 'é', 'ﬀ', '\u202e', '{{$guid}}',
  '{{%a}}', '{{a.response.body.$.b}}',
  '# @name a\n', '# @timeout 1\n', '# @prompt a\n', 'import a.http\n', 'run #a\n', '--B\n', '```http\n', '```\n',
  '~~~\n', 'a=1&', 'a.', 'a-', '[[', ']]',
  'Content-Type: application/json\n', 'Content-Type: text/markdown\n',
  'Content-Type: multipart/form-data; boundary=B\n', '===\n', '=== wait-for-server\n',
  '(', ')', '$.', '$..', '[*]', '/', '//a', '@x := ', 'query { a }\n', '[0]', '.5', '1e9', '-1 d', ';', ',',
  'x'.repeat(200),
];

type Mutation = (text: string, random: Random, seeds: readonly string[]) => string;

const mutations: readonly Mutation[] = [
  function remove(text, random) {
    const [from, to] = span(text, random);
    return text.slice(0, from) + text.slice(to);
  },
  function duplicate(text, random) {
    const [from, to] = span(text, random);
    return text.slice(0, to) + text.slice(from);
  },
  function splice(text, random, seeds) {
    const other = random.pick(seeds);
    return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));
  },
  function put(text, random) {
    return inserted(text, random, random.pick(pieces));
  },
  function swap(text, random) {
    const [from, to] = span(text, random, 3);
    return text.slice(0, from) + random.pick(pieces) + text.slice(to);
  },
  function repeat(text, random) {
    const piece = random.pick(pieces);
    const most = random.below(20) === 0 ? 60_000 : 4_000;
    return inserted(text, random, piece.repeat(random.below(Math.max(2, Math.min(most, 400_000 / piece.length)))));
  },
  function alternate(text, random) {
    const both = random.pick(pieces) + random.pick(pieces);
    return inserted(text, random, both.repeat(random.below(Math.max(2, Math.min(2_000, 200_000 / both.length)))));
  },
  function flip(text, random) {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + String.fromCharCode(random.below(4) === 0 ? random.below(0x10000) : random.below(0x80))
      + text.slice(at + 1);
  },
  function noise(text, random) {
    const units = Array.from({ length: random.below(40) }, () => random.below(0x10000));
    return inserted(text, random, String.fromCharCode(...units));
  },
  function shuffleLines(text, random) {
    const lines = text.split('\n');
    const [from, to] = [random.below(lines.length), random.below(lines.length)];
    lines.splice(to, 0, ...lines.splice(from, 1 + random.below(4)));
    return lines.join('\n');
  },
  function indent(text, random) {
    const space = random.pick([' ', '\t', '    ', '\u00a0']);
    return text.split('\n').map((line) => random.below(3) === 0 ? space + line : line).join('\n');
  },
  function unindent(text) {
    return text.replace(/^[ \t]{1,8}/gm, '');
  },
  function mixLineEnds(text, random) {
    return text.replace(/\n/g, () => random.pick(['\r', '\r\n', '\n', '\n', '\n\r', '\r\r\n', '']));
  },
  function oneLine(text, random) {
    return text.replace(/\n/g, random.pick(['', ' ', '\\n', '\u2028']));
  },
  function grow(text, random) {
    const times = random.below(Math.max(2, Math.min(40, 300_000 / (text.length + 1))));
    return random.below(6) === 0 ? text.repeat(times) : text + text;
  },
];

/** Two offsets in order; mostly near each other. */
function span(text: string, random: Random, most = 80): [number, number] {
  const from = random.below(text.length + 1);
  const length = random.below(8) === 0 ? text.length : 1 + random.below(most);
  return [from, Math.min(text.length, from + length)];
}

function inserted(text: string, random: Random, piece: string): string {
  const at = random.below(3) === 0 ? afterLineEnd(text, random) : random.below(text.length + 1);
  return text.slice(0, at) + piece + text.slice(at);
}

function afterLineEnd(text: string, random: Random): number {
  return text.indexOf('\n', random.below(text.length + 1)) + 1;
}

/** The input of a seed: some of `seeds` one after another, changed one to six times. The same for the same seed. */
export function mutatedInput(seed: number, seeds: readonly string[]): string {
  const random = createRandom(seed);
  let text = random.pick(seeds);
  for (let more = random.below(4); more > 0; more--) text += random.pick(['\n', '###\n', '']) + random.pick(seeds);
  for (let left = 1 + random.below(6); left > 0; left--) {
    text = random.pick(mutations)(text, random, seeds);
    if (text.length > largest) text = text.slice(0, largest);
  }
  return text;
}

/** Characters: enough to see a cost that grows with the square, few enough for thousands of inputs. */
const largest = 1_500_000;
