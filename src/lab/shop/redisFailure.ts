import { StoreFailure } from './sessions.ts';
import { publicName } from './storeSetting.ts';

/** Not in the words of the client library: some of its messages repeat what was sent. */
export function explainRedis(url: string, error: unknown): StoreFailure {
  const { message = '', code } = error as { message?: string; code?: string };
  const word = /^[A-Z]{2,20}\b/.exec(message)?.[0];
  const isRefused = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/.test(message);
  if (isRefused) return failureOf(url, 'refused', word);
  if (/timeout/i.test(message)) return failureOf(url, 'timeout');
  return failureOf(url, 'unreachable', code ?? word);
}

const setting = 'roundtrip.lab.sessionStore, --session-store';
const other = `memory or shared (${setting})`;

const advice = {
  unreachable: ['cannot be used now',
    `Start Redis there: sessions that it kept are there again. Or keep them in ${other}.`],
  timeout: ['does not answer in time',
    `See whether Redis is busy or stopped there, or keep sessions in ${other}.`],
  refused: ['refuses the connection', `Check user and password in its URL (${setting}).`],
} as const;

function failureOf(url: string, failure: keyof typeof advice, code?: string): StoreFailure {
  const [what, next] = advice[failure];
  const why = code === undefined ? '' : ` (${code})`;
  return new StoreFailure(failure, `The session store ${publicName(url)} ${what}${why}. ${next}`, code);
}
