import type { Connection } from '../trace/exchange.ts';
import type { ConsideredService } from '../trace/serviceBinding.ts';
import type { Language } from './text/language.ts';
import { serviceTexts } from './text/service.ts';
import { say } from './text/text.ts';

/** What was made of the HTTPS records of a connection, in sentences; none where there were no records. */
export function explainService({ service, host, port }: Connection, language: Language): string[] {
  if (!service || service.considered.length === 0) return [];
  const { endpoint, aliases } = service;
  const followed = aliases.length === 0
    ? [] : [say(serviceTexts, language, 'aliases', { aliases: aliases.join(' → ') })];
  if (!endpoint) return [say(serviceTexts, language, 'used-none'), ...followed];
  const isSame = endpoint.target === host.toLowerCase() && endpoint.port === port;
  const { target, port: at, protocols, hinted } = endpoint;
  return [
    isSame ? say(serviceTexts, language, 'used-same') : say(
      serviceTexts, language, 'used-endpoint', { target, port: at },
    ),
    ...followed,
    say(serviceTexts, language, 'protocols', { protocols: protocols.join(', ') }),
    ...(hinted.length > 0 ? [say(serviceTexts, language, 'hinted')] : []),
  ];
}

/** Why a record was not used; undefined for one that was. */
export function explainServiceReason(
  { used, reason, about = '' }: ConsideredService, language: Language,
): string | undefined {
  return used || reason === undefined ? undefined : say(serviceTexts, language, `because-${reason}`, { about });
}

/** `used` or `not used`. */
export function serviceVerdict({ used }: ConsideredService, language: Language): string {
  return say(serviceTexts, language, used ? 'used' : 'not-used');
}
