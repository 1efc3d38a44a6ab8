import type { TemplateResult } from 'lit';
import type { SystemLookup } from '../../src/trace/systemLookup.ts';
import { factList, mono } from './factList.ts';
import type { View } from './state.ts';

/** What the operating system's resolver was asked, and what its files say it goes by. */
export function systemFacts({ t }: View, system: SystemLookup): TemplateResult {
  const { call, candidates, search, ndots, servers, configuredIn, sources, stub } = system;
  const list = (values: readonly string[]): TemplateResult | string => values.length === 0 ? t('none')
    : mono(values.join(', '));
  return factList([
    [t('system-call'), mono(`getaddrinfo("${call.name}", ${call.family}, ${call.socketType})`)],
    [t('system-candidates'), mono(candidates.join(' → '))],
    [t('system-search'), configuredIn === undefined ? undefined : list(search)],
    [t('system-ndots'), configuredIn === undefined ? undefined : mono(ndots)],
    [t('system-servers'), configuredIn === undefined ? undefined : list(servers)],
    [t('system-stub'), stub && list(stub.upstream)],
    [t('system-sources'), sources && mono(sources.join(' '))],
    [
      t('system-file'),
      configuredIn === undefined ? undefined : mono([configuredIn, stub?.configuredIn].filter(Boolean).join(', ')),
    ],
  ]);
}
