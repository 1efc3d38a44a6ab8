import { endToEnd } from '../../forwarding/hopFields.ts';
import type { Call } from '../gateway.ts';

/** Where a program is, and what came after its name in the path. */
export interface ProgramPlace {
  readonly scriptName: string;
  readonly pathInfo: string;
  readonly query: string;
}

/**
 * RFC 3875 §4.1.18: not for programs, or told in variables of their own. `Proxy` would become HTTP_PROXY, by which many
 * programs choose whom they ask.
 */
const withheld: ReadonlySet<string> = new Set(['authorization', 'proxy', 'content-length', 'content-type']);

/** The meta-variables of a request (RFC 3875 §4.1). `size`: bytes of its body. */
export function metaVariables(
  { head, request, visitor }: Call, place: ProgramPlace, size: number,
): Record<string, string> {
  const [, name = 'lab.test', port = ''] = /^(.*?)(?::(\d+))?$/.exec(head.authority ?? '') ?? [];
  const type = head.first('content-type');
  return {
    REQUEST_METHOD: head.method,
    SCRIPT_NAME: place.scriptName,
    ...(place.pathInfo === '' ? {} : { PATH_INFO: place.pathInfo }),
    QUERY_STRING: place.query,
    ...(size === 0 ? {} : { CONTENT_LENGTH: String(size) }),
    ...(size === 0 || type === undefined ? {} : { CONTENT_TYPE: type }),
    REMOTE_ADDR: visitor.peerAddress,
    SERVER_NAME: name,
    SERVER_PORT: port || '80',
    SERVER_PROTOCOL: `HTTP/${head.httpVersion}`,
    SERVER_SOFTWARE: 'Roundtrip-Lab',
    GATEWAY_INTERFACE: 'CGI/1.1',
    ...fieldVariables(request.rawHeaders),
  };
}

/** RFC 3875 §4.1.18. `X_Y` would be taken for `X-Y`: only letters, digits and `-` may stand in a name. */
function fieldVariables(raw: readonly string[]): Record<string, string> {
  const variables = new Map<string, string>();
  for (const [field, value] of endToEnd(raw)) {
    const isMeant = /^[a-z0-9-]+$/i.test(field) && !withheld.has(field.toLowerCase());
    if (!isMeant) continue;
    const name = `HTTP_${field.toUpperCase().replaceAll('-', '_')}`;
    const before = variables.get(name);
    variables.set(name, before === undefined ? value : `${before}${name === 'HTTP_COOKIE' ? '; ' : ', '}${value}`);
  }
  return Object.fromEntries(variables);
}

const shownSize = { value: 200, all: 4000 } as const;

/** For the account: short, and without the values of fields, which the client has, and some of which are secret. */
export function shownVariables(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${name.startsWith('HTTP_') ? '…' : value.slice(0, shownSize.value)}`)
    .join(' ').slice(0, shownSize.all);
}
