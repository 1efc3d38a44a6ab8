const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes in base64 (RFC 4648 §4), with padding; runs in any host, so it needs neither `Buffer` nor `btoa`. */
export function base64(bytes: Uint8Array): string {
  const groups: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) groups.push(group(bytes, i));
  return groups.join('');
}

function group(bytes: Uint8Array, i: number): string {
  const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]];
  const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
  const digit = (shift: number): string => alphabet.charAt((bits >> shift) & 63);
  return digit(18) + digit(12) + (b === undefined ? '=' : digit(6)) + (c === undefined ? '=' : digit(0));
}
