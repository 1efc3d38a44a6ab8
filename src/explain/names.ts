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
