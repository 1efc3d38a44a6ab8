/** The name in `{{%name}}`, without the sign that asks for percent-encoding (C35). */
export function bareName(name: string): string {
  return name.startsWith('%') ? name.slice(1).trim() : name;
}

/** RFC 3986 §2.1 for everything that is not unreserved (§2.3); a lone surrogate becomes U+FFFD. */
export function percentEncode(value: string): string {
  return encodeURIComponent(value.replace(/[\ud800-\udfff]/g, (unit, at: number) =>
    isPaired(value, at) ? unit : '\ufffd'));
}

function isPaired(value: string, at: number): boolean {
  const code = value.charCodeAt(at);
  return code < 0xdc00
    ? (value.charCodeAt(at + 1) & 0xfc00) === 0xdc00
    : (value.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}
