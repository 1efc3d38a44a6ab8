import type { Exchange } from '../trace/exchange.ts';
import type { ServerEvent } from '../trace/serverEvent.ts';
import { serverEvent } from './serverPhases.ts';
import type { Summary } from './summary.ts';
import type { Language } from './text/language.ts';
import { sessionTexts } from './text/session.ts';
import { say } from './text/text.ts';
import type { Places } from './text/text.ts';

type Loaded = Extract<ServerEvent, { type: 'session-loaded' }>;
type SessionText = keyof typeof sessionTexts;

/**
 * Why a server refused what was asked, where that is for the session's sake; and what is wrong with a login that was
 * not refused. By the server's own account; undefined when there is nothing to say.
 */
export function explainSessionOutcome(exchange: Exchange, language: Language): Summary | undefined {
  const tell = (strong: SessionText, text: SessionText, places: Places = {}): Summary => ({
    strong: say(sessionTexts, language, strong, places), text: say(sessionTexts, language, text, places),
  });
  const refused = serverEvent(exchange, 'refused');
  if (refused && isOfForm(refused.reason)) return tell('form-strong', refused.reason, { target: refused.target });
  const loaded = serverEvent(exchange, 'session-loaded');
  if (loaded?.outcome === 'kept') return tell('kept-strong', 'kept', { user: loaded.user ?? '' });
  const isRefused = [401, 503].includes(exchange.response?.statusCode ?? 0);
  const ids = loaded && isRefused ? textsOf(loaded) : undefined;
  if (!loaded || !ids) return undefined;
  return tell(...ids, {
    worker: loaded.worker ?? '', code: loaded.code === undefined ? '' : ` (${loaded.code})`,
  });
}

function isOfForm(reason: string): reason is 'foreign-origin' | 'no-form-token' | 'wrong-form-token' {
  return reason === 'foreign-origin' || reason === 'no-form-token' || reason === 'wrong-form-token';
}

function textsOf({ outcome, expiry, failure, store, worker }: Loaded): [SessionText, SessionText] | undefined {
  switch (outcome) {
    case 'tampered': return ['tampered-strong', 'tampered'];
    case 'expired': return ['expired-strong', expiry ? `expired-${expiry}` : 'expired'];
    case 'failed': return ['failed-strong', `failed-${failure ?? 'unreachable'}`];
    case 'unknown':
      if (store === 'redis') return ['unknown-strong', 'unknown-redis'];
      if (store === 'memory' && worker !== undefined) return ['elsewhere-strong', 'elsewhere'];
      return ['unknown-strong', 'unknown'];
    default: return undefined;
  }
}
