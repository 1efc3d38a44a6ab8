import type { Completion } from './completionItem.ts';
import { sortKey } from './completionItem.ts';
import type { Token } from './context.ts';

/** Options of curl that requests are written with, those of every day first; with what follows them. */
const options: readonly (readonly [name: string, letter: string, value?: string])[] = [
  ['request', 'X', '${1|GET,POST,PUT,PATCH,DELETE,HEAD|}'], ['header', 'H', "'${1:Name}: ${2:value}'"],
  ['data', 'd', "'${1:text}'"], ['json', '', "'${1:{\\}}'"], ['data-raw', '', "'${1:text}'"],
  ['data-binary', '', "'${1:@file}'"], ['data-urlencode', '', "'${1:name}=${2:value}'"],
  ['form', 'F', "'${1:name}=${2:value}'"], ['form-string', '', "'${1:name}=${2:value}'"], ['get', 'G'], ['head', 'I'],
  ['url', '', "'${1:https://example.com/}'"], ['url-query', '', "'${1:name}=${2:value}'"],
  ['user', 'u', "'${1:name}:${2:password}'"], ['oauth2-bearer', '', "'${1:token}'"],
  ['cookie', 'b', "'${1:name}=${2:value}'"],
  ['user-agent', 'A', "'${1:name}'"], ['referer', 'e', "'${1:url}'"], ['range', 'r', '${1:0-99}'],
  ['upload-file', 'T', '${1:file}'], ['location', 'L'], ['max-redirs', '', '${1:5}'], ['insecure', 'k'],
  ['max-time', 'm', '${1:10}'], ['connect-timeout', '', '${1:5}'], ['proxy', 'x', '${1:http://127.0.0.1:3128}'],
  ['compressed', ''], ['http1.1', ''], ['http2', ''], ['http2-prior-knowledge', ''],
];

/**
 * The options that a word beginning with a hyphen may become: the letter where one hyphen is written, if there is one.
 */
export function completeCurlOptions({ typed, range }: Token): Completion[] {
  return options.map(([name, letter, value], index): Completion => {
    const isLong = typed.startsWith('--') || letter === '';
    const option = isLong ? `--${name}` : `-${letter}`;
    return {
      label: letter === '' ? `--${name}` : `-${letter}, --${name}`, kind: 'parameter', range, sort: sortKey(1, index),
      filter: letter === '' ? `--${name}` : `--${name} -${letter}`,
      insert: value === undefined ? option : `${option} ${value}`, ...(value === undefined ? {} : { snippet: true }),
      topic: { area: 'curl', id: name },
    };
  });
}
