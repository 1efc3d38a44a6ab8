import { problem } from './answer.ts';
import type { Answer } from './answer.ts';
import { isOwnAuthority, isOwnOrigin, parseAuthority } from './ownNames.ts';
import type { OwnPorts } from './ownNames.ts';
import type { RequestHead } from './requestHead.ts';

/** Refuses what was not meant for this server; undefined lets the request pass. */
export function refuseStrangers(head: RequestHead, ports: OwnPorts): Answer | undefined {
  // RFC 9112 §3.2: more than one Host field, or an invalid one, is a bad request.
  if (head.all('host').length > 1) return problem(400, 'The request has more than one Host field.');
  if (head.authority === undefined) {
    return head.httpVersion === '1.0' ? undefined : problem(400, 'The request names no host.');
  }
  // RFC 9113 §8.3.1: a Host field beside :authority must say the same.
  const [host] = head.httpVersion === '2' ? head.all('host') : [];
  if (host !== undefined && host !== head.authority) {
    return problem(400, 'Host and :authority name different servers.');
  }
  const authority = parseAuthority(head.authority);
  if (!authority) return problem(400, 'The host of the request is malformed.');
  if (isOwnAuthority(authority, head.scheme, ports)) return undefined;
  return problem(421,
    `This server answers for the lab's own names and ports only, not for ${head.authority}.`);
}

/**
 * Refuses a host that is shown another certificate than the one this connection was opened with, or asks its clients
 * for one: RFC 9110 §7.4, §15.5.20. `identityOf` gives the same name for hosts that share a certificate.
 */
export function refuseMisdirected(
  head: RequestHead, secured: { readonly serverName?: string } | undefined,
  identityOf: ((host: string | undefined) => string) | undefined,
): Answer | undefined {
  if (!secured || !identityOf || head.authority === undefined) return undefined;
  const host = parseAuthority(head.authority)?.host;
  const { serverName } = secured;
  if (identityOf(serverName) === identityOf(host)) return undefined;
  return problem(421, `TLS was spoken for ${serverName ?? 'no name'}; ${host} has a certificate of its own, `
    + 'and so wants a connection of its own.');
}

/**
 * Refuses what another site made a browser send. Nothing but the lesson about CORS allows cross-origin reading, so a
 * plain GET of a page that shows nothing personal is harmless and stays possible, for example as a link; so is to ask
 * by OPTIONS what is allowed.
 */
export function refuseOtherSites(
  head: RequestHead, ports: OwnPorts, isPublic: boolean,
): Answer | undefined {
  if (isPublic && isRead(head)) return undefined;
  const origins = head.all('origin');
  const isForeign = origins.some((origin) => !isOwnOrigin(origin, ports));
  if (!isForeign && head.first('sec-fetch-site') !== 'cross-site') return undefined;
  return problem(403, 'The request comes from another site, and the lab answers its own pages only.');
}

/** RFC 9110 §9.2.1: these change nothing. */
export function isRead({ method }: RequestHead): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
