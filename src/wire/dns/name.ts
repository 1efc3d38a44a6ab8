// Domain names as text: what may be asked, and how two of them compare.

/** Why a name cannot be put into a question. */
export type NameProblem =
  'empty' | 'empty-label' | 'label-too-long' | 'name-too-long' | 'forbidden-character';

/**
 * Takes a name as it stands in a URL (IDNA names already in punycode; one trailing dot allowed) and
 * gives why it cannot be asked, or undefined when it can. RFC 1035 §2.3.4: labels of 1 to 63
 * octets, 255 in all.
 */
export function nameProblem(name: string): NameProblem | undefined {
  const text = name.endsWith('.') ? name.slice(0, -1) : name;
  if (text === '') return 'empty';
  // A backslash would be an escape in presentation form (RFC 4343 §2.1); the rest cannot come out
  // of a URL.
  if (!/^[\x21-\x5b\x5d-\x7e]*$/.test(text)) return 'forbidden-character';
  // On the wire every label has a length octet and the root ends the name: text length + 2.
  if (text.length + 2 > 255) return 'name-too-long';
  const labels = text.split('.');
  if (labels.includes('')) return 'empty-label';
  return labels.some((label) => label.length > 63) ? 'label-too-long' : undefined;
}

/** Gives the form in which names are compared: lower case (RFC 4343), without the trailing dot. */
export function canonicalName(name: string): string {
  const text = name.endsWith('.') ? name.slice(0, -1) : name;
  return text.toLowerCase();
}

/**
 * True if a canonical `name` is the canonical `zone` or below it; the root, `''`, has everything
 * below it.
 */
export function isWithin(name: string, zone: string): boolean {
  return zone === '' || name === zone || name.endsWith(`.${zone}`);
}

/** The number of dots in a name, as `ndots` of resolv.conf(5) counts them. */
export function countDots(name: string): number {
  return name.split('.').length - 1;
}
