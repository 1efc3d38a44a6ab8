import type { Exchange } from '../trace/exchange.ts';
import { proxiesIn } from '../trace/proxyDecision.ts';
import { formatProxies } from './proxies.ts';
import { eventOf } from './serverPhases.ts';
import { explainStatusCode } from './statusCodes.ts';
import type { Language } from './text/language.ts';
import { proxyTexts } from './text/proxy.ts';
import { say } from './text/text.ts';

/** What the status of a response means, and who said it where that is, or may be, a proxy. */
export function explainStatus(exchange: Exchange, language: Language): string {
  const statusCode = exchange.response?.statusCode ?? 0;
  const id = `own-${statusCode}`;
  const meaning = answererOf(exchange) === 'proxy' && isText(id) ? say(proxyTexts, language, id)
    : explainStatusCode(statusCode, language);
  const who = explainWhoAnswered(exchange, language);
  return who === undefined ? meaning : `${who} ${meaning}`;
}

/** That a proxy refused by itself, or that it may have; undefined where it is the server's answer or nothing tells. */
export function explainWhoAnswered(exchange: Exchange, language: Language): string | undefined {
  const answerer = answererOf(exchange);
  if (answerer === undefined || answerer === 'server') return undefined;
  const last = proxiesIn(exchange.spec.options.proxy ?? '').at(-1) ?? '';
  return say(proxyTexts, language, answerer === 'proxy' ? 'answered-itself' : 'answered-maybe', {
    proxy: formatProxies(last),
  });
}

/** RFC 9112 §3.2.2: the absolute form of a request is for a proxy. */
const absoluteForm = /^https?:\/\//i;

/** Who sent a response of 4xx or 5xx to a request that a proxy was to pass on; undefined where none was, or none can say. */
function answererOf({ request, response, spec, servers = [] }: Exchange): 'proxy' | 'maybe-proxy' | 'server' | undefined {
  if (!response || response.statusCode < 400 || spec.options.proxy === undefined) return undefined;
  // RFC 9110 §15.5.8: the meaning of 407 names the proxy already.
  if (!absoluteForm.test(request?.requestTarget ?? '') || response.statusCode === 407) return undefined;
  const side = servers.findLast((one) => absoluteForm.test(eventOf(one, 'head-parsed')?.target ?? ''));
  if (side) return eventOf(side, 'forwarded')?.statusCode === undefined ? 'proxy' : 'server';
  // RFC 9110 §7.6.3: a proxy names itself in what it passes on. Some do in their own answers, too.
  return response.headers.some(([name]) => name.toLowerCase() === 'via') ? undefined : 'maybe-proxy';
}

function isText(id: string): id is keyof typeof proxyTexts {
  return Object.hasOwn(proxyTexts, id);
}
