import type { RequestSpec } from '../../trace/request.ts';
import { typedNames } from './requestFields.ts';
import { trailerFields } from './trailers.ts';
import { handshakeFields } from './webSocket/handshake.ts';

/** The request with the fields that a WebSocket or trailers need, as if they had been typed. */
export function withImpliedFields(spec: RequestSpec): RequestSpec {
  const { headers, trailers, webSocket } = spec;
  if (webSocket) return { ...spec, headers: [...headers, ...handshakeFields(typedNames(spec))] };
  if (trailers && trailers.length > 0) return { ...spec, headers: [...headers, ...trailerFields(trailers, headers)] };
  return spec;
}
