import { webSocketLimits } from '../../../trace/webSocket.ts';
import type { WebSocketKind, WebSocketMessage } from '../../../trace/webSocket.ts';

/** Of a payload: its size in bytes, and as much of it as is shown. */
export function shownMessage(
  kind: WebSocketKind, payload: Buffer,
): Pick<WebSocketMessage, 'size' | 'text' | 'bytes' | 'cut'> {
  const { shownMessage: limit } = webSocketLimits;
  const size = payload.length;
  if (kind === 'close' || (size === 0 && kind !== 'text')) return { size };
  const cut = size > limit ? { cut: true as const } : {};
  if (kind === 'text') return { size, text: payload.toString('utf8', 0, wholeCharacters(payload, limit)), ...cut };
  // A copy of its own: the payload is part of a larger chunk.
  return { size, bytes: new Uint8Array(payload.subarray(0, limit)), ...cut };
}

/** The end of the last character that lies before `limit`: UTF-8 says of each byte whether it continues one. */
function wholeCharacters(payload: Buffer, limit: number): number {
  if (payload.length <= limit) return payload.length;
  let end = limit;
  while (end > 0 && (payload[end]! & 0xc0) === 0x80) end -= 1;
  return end;
}
