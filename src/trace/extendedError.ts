import type { Edns } from './dnsMessage.ts';

// What a name server adds to an answer about why it is as it is (RFC 8914).

/** One option of EDNS; `text` is for people, in whatever language the server has it. */
export interface ExtendedError {
  readonly code: number;
  readonly text?: string;
}

const optionCode = 15;
/** So many of one answer, and so many letters of each, are enough. */
const errorLimit = 8;
const textLimit = 200;

/** RFC 8914 §2: two octets of INFO-CODE and text in UTF-8, which may end in a zero. */
export function extendedErrorsOf({ options }: Pick<Edns, 'options'>): ExtendedError[] {
  return options.filter(({ code, hex }) => code === optionCode && hex.length >= 4).slice(0, errorLimit)
    .map(({ hex }) => {
      const octets = Uint8Array.from(hex.slice(4).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      const text = [...new TextDecoder().decode(octets).replace(/\p{Cc}+/gu, ' ').trim()].slice(0, textLimit).join('');
      return { code: Number.parseInt(hex.slice(0, 4), 16), ...(text !== '' && { text }) };
    });
}

/** IANA's registry of them: RFC 8914 §5.2, and what was added since. */
const names: Readonly<Record<number, string>> = {
  0: 'Other Error', 1: 'Unsupported DNSKEY Algorithm', 2: 'Unsupported DS Digest Type', 3: 'Stale Answer',
  4: 'Forged Answer', 5: 'DNSSEC Indeterminate', 6: 'DNSSEC Bogus', 7: 'Signature Expired',
  8: 'Signature Not Yet Valid', 9: 'DNSKEY Missing', 10: 'RRSIGs Missing', 11: 'No Zone Key Bit Set',
  12: 'NSEC Missing', 13: 'Cached Error', 14: 'Not Ready', 15: 'Blocked', 16: 'Censored', 17: 'Filtered',
  18: 'Prohibited', 19: 'Stale NXDOMAIN Answer', 20: 'Not Authoritative', 21: 'Not Supported',
  22: 'No Reachable Authority', 23: 'Network Error', 24: 'Invalid Data',
  25: 'Signature Expired before Valid', 26: 'Too Early', 27: 'Unsupported NSEC3 Iterations Value',
  28: 'Unable to conform to policy', 29: 'Synthesized', 30: 'Invalid Query Type',
};

/** `EDE 6 (DNSSEC Bogus)`, or without a name that IANA gives. */
export function extendedErrorName(code: number): string {
  const name = names[code];
  return name === undefined ? `EDE ${code}` : `EDE ${code} (${name})`;
}
