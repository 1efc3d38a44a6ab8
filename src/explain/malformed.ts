import type { Failure } from '../trace/failure.ts';
import type { Id } from './failureCase.ts';

/** The rule that a response breaks, by what the parsers of undici (llhttp) and Node (nghttp2) say of it. */
const rules: readonly (readonly [said: RegExp, rule: Id])[] = [
  [/CONTENT_LENGTH_MISMATCH|^Content-Length can't|Transfer-Encoding can't|present with/i, 'rule-lengths'],
  [/Content-Length/i, 'rule-content-length'],
  [/Transfer-Encoding/i, 'rule-transfer-encoding'],
  [/chunk/i, 'rule-chunk'],
  [/Expected (CR|LF)|Missing expected/i, 'rule-line-end'],
  [/Expected HTTP\//i, 'rule-start'],
  [/version/i, 'rule-version'],
  [/status/i, 'rule-status'],
  [/header (field|token|value) ?(char)?|Unexpected (white)?space|token/i, 'rule-field'],
  [/^ERR_HTTP2|NGHTTP2|Protocol error/, 'rule-frames'],
];

/**
 * Which rule a response breaks that cannot be read, as the id of a text; undefined when the parser did not say. A
 * response that breaks another rule than `rule-start` is one of HTTP.
 */
export function ruleBroken({ code, cause }: Failure): Id | undefined {
  if (code !== 'malformed-response' || !cause) return undefined;
  const said = `${cause.code ?? ''} ${cause.message}`.trim();
  return rules.find(([one]) => one.test(said))?.[1];
}
