import type { Exchange } from '../trace/exchange.ts';
import { formatStatus } from './statusCodes.ts';
import type { Language } from './text/language.ts';
import { redirectTexts } from './text/redirect.ts';
import { say } from './text/text.ts';

/**
 * What a redirect changed, from the record's words (`method POST GET`, `body`, `field
 * Authorization`…); words that are not known here are given as they are.
 */
export function explainRedirectChange(change: string, language: Language): string {
  const [kind = '', from = '', to = ''] = change.split(' ');
  if (!Object.hasOwn(redirectTexts, kind)) return change;
  return say(redirectTexts, language, kind as keyof typeof redirectTexts, { from, to });
}

/**
 * What a response of 3xx asks for and why it was followed or not; nothing for other responses, nor for 304, which leads
 * nowhere (RFC 9110 §15.4).
 */
export function explainRedirect(
  { request, response, redirect, failure, spec }: Exchange, language: Language,
): readonly string[] {
  const method = request?.method ?? spec.method;
  const id = `asked-${response?.statusCode}`;
  if (!response || !Object.hasOwn(redirectTexts, id)) return [];
  const tell = (text: keyof typeof redirectTexts): string => say(redirectTexts, language, text, { method });
  const kept = `${id}-kept`;
  // What becomes of POST is nothing to a request that is none.
  const isKept = method !== 'POST' && Object.hasOwn(redirectTexts, kept);
  const asked = tell((isKept ? kept : id) as keyof typeof redirectTexts);
  const isFollowable = ![300, 305, 306].includes(response.statusCode);
  if (redirect || failure || !isFollowable) return [asked];
  const hasLocation = response.headers.some(([name]) => name.toLowerCase() === 'location');
  if (!hasLocation) return [asked, tell('without-location')];
  return spec.options.followRedirects === false ? [asked, tell('not-followed')] : [asked];
}

/** Why a request was sent that nobody wrote: a redirect of the one before it; nothing where it is none. */
export function explainArrival(
  exchange: Exchange, before: Exchange | undefined, language: Language,
): readonly string[] {
  const { redirect, response } = before ?? {};
  if (!before || !response || redirect?.exchangeId !== exchange.id) return [];
  const named = response.headers.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? redirect.location;
  const because = say(redirectTexts, language, 'sent-because', {
    request: `${before.request?.method ?? before.spec.method} ${before.spec.url}`, location: named,
    status: formatStatus(response.statusCode, response.reasonPhrase),
  });
  const { changes = [] } = redirect;
  const told = changes.length === 0 ? [say(redirectTexts, language, 'unchanged')]
    : changes.map((change) => explainRedirectChange(change, language));
  return [because, ...explainRedirect(before, language), ...told];
}

/** A change to be warned of: the connection or a secret is less safe than before. */
export function isWorrying(change: string): boolean {
  return change.startsWith('scheme ') || change === 'secret-body' || change === 'secret-messages';
}
