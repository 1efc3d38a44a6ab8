import type { Socket } from 'node:net';

// Server names under which the lab refuses TLS: it answers the ClientHello with a fatal alert and nothing else.

/** RFC 8446 §6, by the label below `alert.lab.test`. */
const alerts: Readonly<Record<string, number>> = {
  'close-notify': 0, 'unexpected-message': 10, 'bad-record-mac': 20, 'record-overflow': 22, 'handshake-failure': 40,
  'bad-certificate': 42, 'certificate-expired': 45, 'certificate-unknown': 46, 'illegal-parameter': 47,
  'access-denied': 49, 'decode-error': 50, 'protocol-version': 70, 'insufficient-security': 71, 'internal-error': 80,
  'inappropriate-fallback': 86,
  'missing-extension': 109, 'unrecognized-name': 112, 'certificate-required': 116, 'no-application-protocol': 120,
};

export const alertNames: readonly string[] = Object.keys(alerts);

const zone = 'alert.lab.test';

/** The alert that a server name stands for: `alert.lab.test` itself is `handshake-failure`. */
export function alertFor(serverName: string | undefined): string | undefined {
  const name = serverName?.toLowerCase();
  if (name === zone) return 'handshake-failure';
  const label = name?.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : '';
  return Object.hasOwn(alerts, label) ? label : undefined;
}

/** Sends the alert as one record (RFC 8446 §5.1, §6) and closes; what the client still sends is read for a second. */
export function sendAlert(socket: Socket, name: string): void {
  const level = name === 'close-notify' ? 1 : 2;
  socket.end(Buffer.of(21, 3, 3, 0, 2, level, alerts[name] ?? 80));
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), 1000).unref();
  socket.on('end', () => socket.destroy());
  socket.on('close', () => clearTimeout(timer));
}
