import type { ProxyHop } from '../trace/exchange.ts';
import type { Fact } from './fact.ts';
import { formatDuration, formatTlsVersion } from './format.ts';
import {
  explainProxyAnswer, explainProxyKind, explainSocksMethod, proxyStepLabel, schemesAsked,
} from './proxies.ts';
import { inspectorTexts } from './text/inspector.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';

/** A proxy on the way in rows, by what they are about. */
interface HopFacts {
  /** How it is spoken to, and for what. */
  readonly way: readonly Fact[];
  readonly times: readonly Fact[];
  /** What TLS with it and the lookup for it came to. */
  readonly before: readonly Fact[];
  /** What it said. */
  readonly answer: readonly Fact[];
}

/** What passed between us and a proxy, before the request. */
export function explainHop(hop: ProxyHop, language: Language): HopFacts {
  const { kind, target, startAt, endAt, steps = [], socks, headers = [], statusCode } = hop;
  const name = (id: keyof typeof inspectorTexts): string => say(inspectorTexts, language, id);
  const plain = (id: keyof typeof inspectorTexts, text: string | undefined): Fact[] =>
    text === undefined ? [] : [{ name: name(id), text }];
  const code = (id: keyof typeof inspectorTexts, text: string | undefined): Fact[] =>
    text === undefined ? [] : [{ name: name(id), text, code: 'text' }];
  const asked = statusCode === 407 ? schemesAsked(headers).join(', ') : '';
  return {
    way: [...plain('proxy-kind', kind && explainProxyKind(kind, language)), ...code('proxy-target', target)],
    times: [
      ...plain('proxy-time', endAt === undefined ? undefined : formatDuration(endAt - startAt, language)),
      ...steps.map((step): Fact => ({
        name: proxyStepLabel(step.name, language),
        text: step.endAt === undefined ? '…' : formatDuration(step.endAt - step.startAt, language),
      })),
    ],
    before: [...code('proxy-tls', tlsText(hop)), ...code('proxy-lookup', lookupText(hop))],
    answer: [
      ...plain('proxy-method', socks?.method === undefined ? undefined : explainSocksMethod(socks.method, language)),
      ...plain('proxy-answer', explainProxyAnswer(hop, language)),
      ...code('proxy-asks', asked === '' ? undefined : asked), ...code('proxy-bound', socks?.bound),
    ],
  };
}

function lookupText({ lookup }: ProxyHop): string | undefined {
  if (!lookup || lookup.addresses.length === 0) return undefined;
  return `${lookup.name} → ${lookup.addresses.map(({ address }) => address).join(', ')}`;
}

function tlsText({ tls }: ProxyHop): string | undefined {
  if (!tls) return undefined;
  return [formatTlsVersion(tls.version), tls.cipher, tls.group].filter((part) => part !== undefined).join(', ');
}
