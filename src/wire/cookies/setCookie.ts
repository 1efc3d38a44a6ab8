/** RFC 6265bis §5.6: limits in octets of name and value together, and of an attribute's value. */
export const cookieLimits = { pair: 4096, attribute: 1024 } as const;

/** RFC 6265bis §5.6: a cookie whose name and value are longer together is ignored. */
export function tooLong(name: string, value: string): boolean {
  return Buffer.byteLength(name) + Buffer.byteLength(value) > cookieLimits.pair;
}

/** RFC 6265bis §5.6: a value of a `Set-Cookie` field without its attributes that are too long. */
export function shortened(setCookie: string): string {
  if (setCookie.length <= cookieLimits.attribute) return setCookie;
  const [pair, ...attributes] = setCookie.split(';');
  const short = attributes.filter((attribute) => {
    const value = attribute.slice(attribute.indexOf('=') + 1).trim();
    return Buffer.byteLength(value) <= cookieLimits.attribute;
  });
  return [pair, ...short].join(';');
}
