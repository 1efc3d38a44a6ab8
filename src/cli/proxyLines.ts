import { explainHop } from '../explain/hopFacts.ts';
import { explainProxyDecision, explainProxyRule, isProxyNotable } from '../explain/proxies.ts';
import { inspectorTexts } from '../explain/text/inspector.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type { Exchange } from '../trace/exchange.ts';
import { hang, heading } from './columns.ts';
import { factLines } from './factLines.ts';
import { fieldLines } from './messageLines.ts';
import { dim, printable } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** Which proxy was chosen and why, where one is used or was named and is not. */
export function proxyChoiceLines(exchange: Exchange, language: Language, terminal: Terminal): string[] {
  const told = isProxyNotable(exchange) ? explainProxyDecision(exchange, language) : undefined;
  if (told === undefined) return [];
  return hang('', printable(told.replaceAll('`', '')), terminal, { shade: (line) => dim(line, terminal) });
}

/**
 * `--verbose`: every source that was asked for a proxy, where one was named, and what was said to each proxy on the
 * way; the chart has its times.
 */
export function proxyLines(exchange: Exchange, language: Language, terminal: Terminal): string[] {
  const { connection, reused, failure, spec } = exchange;
  const considered = isProxyNotable(exchange) ? spec.options.proxyDecision?.considered ?? [] : [];
  // One alone stands above the chart.
  const rules = considered.length < 2
    ? [] : considered.map((rule) => ({ name: rule.name, text: explainProxyRule(rule, language) }));
  const { proxies = [], proxy } = connection ?? {};
  const hops = reused ? [] : proxies.length === 0 && proxy ? [proxy] : proxies;
  return [
    ...(rules.length === 0 ? [] : [
      '', heading(say(inspectorTexts, language, 'proxy-considered'), '', terminal), ...factLines(rules, 2, terminal),
    ]),
    ...hops.flatMap((hop, index) => {
      const { way, answer } = explainHop(hop, language);
      const title = hops.length === 1
        ? say(inspectorTexts, language, 'proxy') : say(inspectorTexts, language, 'proxy-hop', { number: index + 1 });
      // Those of a refusal stand below the chart.
      const isRefusal = failure?.code === 'proxy-refused' && index === hops.length - 1;
      const fields = isRefusal ? [] : fieldLines(hop.headers ?? [], terminal);
      return [
        '', heading(`${title} ${printable(hop.proxy)}`, '', terminal), ...factLines([...way, ...answer], 2, terminal),
        ...fields.map((line) => `  ${line}`),
      ];
    }),
  ];
}
