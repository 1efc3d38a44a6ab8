import type { TLSSocket } from 'node:tls';
import { monotonicNow } from '../clock.ts';
import type { ServerEvent } from '../messages.ts';

/** What a handshake that has just ended came to; `startAt` is when its first byte was read. To be asked at once. */
export function securedBy(socket: TLSSocket, startAt: number | undefined): Extract<ServerEvent, { type: 'secured' }> {
  const at = monotonicNow();
  const { alpnProtocol, servername } = socket as TLSSocket & { servername?: string | false };
  return {
    type: 'secured', startAt: startAt ?? at, at, version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName, resumed: socket.isSessionReused(),
    ...(alpnProtocol ? { alpn: alpnProtocol } : {}), ...(servername ? { serverName: servername } : {}),
  };
}
