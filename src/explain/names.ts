/**
 * The name a person knows a certificate's subject or issuer by: its CN, else its O, else the whole.
 * Takes both `CN=a, O=b` and one attribute a line, as Node prints them.
 */
export function commonName(distinguishedName: string): string {
  const attribute = (type: string): string | undefined =>
    new RegExp(`(?:^|[\\n,+]\\s*)${type}=("[^"]*"|[^\\n,+]*)`)
      .exec(distinguishedName)?.[1]
      ?.replaceAll('"', '')
      .trim();
  return attribute('CN') || attribute('O') || distinguishedName.trim();
}

/**
 * A subject alternative name without its kind: `shop.lab.test` for `DNS:shop.lab.test`. An IPv6
 * address gets its short form (RFC 5952): `::1` for `IP Address:0:0:0:0:0:0:0:1`.
 */
export function plainName(subjectAltName: string): string {
  const name = subjectAltName.replace(/^(?:DNS|IP Address|IP|URI|email):/, '');
  if (!/^[\da-f]*:[\da-f:.]+$/i.test(name)) return name;
  return URL.parse(`http://[${name}]`)?.hostname.slice(1, -1) ?? name;
}

/**
 * Whether a presented name matches the one asked for (RFC 9525 §6.3): equal without case, or a
 * wildcard as the whole left-most label that stands for exactly one label.
 */
export function nameMatches(presented: string, asked: string): boolean {
  const pattern = plainName(presented).toLowerCase();
  const name = asked.toLowerCase().replace(/\.$/, '').replace(/^\[|\]$/g, '');
  if (pattern === name) return true;
  if (!pattern.startsWith('*.')) return false;
  const dot = name.indexOf('.');
  return dot > 0 && name.slice(dot) === pattern.slice(1);
}
