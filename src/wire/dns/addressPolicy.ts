import { isIPv4, isIPv6 } from 'node:net';
import { addressBytes, isWithinPrefix } from './addressBytes.ts';

// The policy table of address selection (RFC 6724 §2.1): which destinations are better, and which sources go with them.

interface Row {
  readonly prefix: Buffer;
  /** Of 128 bits; IPv4 as `::ffff:0:0/96`. */
  readonly length: number;
  readonly value: number;
}

export interface AddressPolicy {
  readonly precedences: readonly Row[];
  readonly labels: readonly Row[];
}

function row(prefix: string, length: number, value: number): Row {
  return { prefix: addressBytes(prefix), length, value };
}

/** RFC 6724 §2.1, the default table. */
export const defaultPolicy: AddressPolicy = {
  precedences: [
    row('::1', 128, 50), row('::ffff:0:0', 96, 35), row('::', 96, 1), row('2001::', 32, 5), row('2002::', 16, 30),
    row('3ffe::', 16, 1), row('fec0::', 10, 1), row('fc00::', 7, 3), row('::', 0, 40),
  ],
  labels: [
    row('::1', 128, 0), row('::ffff:0:0', 96, 4), row('::', 96, 3), row('2001::', 32, 5), row('2002::', 16, 2),
    row('3ffe::', 16, 12), row('fec0::', 10, 11), row('fc00::', 7, 13), row('::', 0, 1),
  ],
};

/** gai.conf(5): the C library of GNU keeps to the table of RFC 3484 §2.1, with labels of its own for later networks. */
export const gnuPolicy: AddressPolicy = {
  precedences: [
    row('::1', 128, 50), row('2002::', 16, 30), row('::', 96, 20), row('::ffff:0:0', 96, 10), row('::', 0, 40),
  ],
  labels: [
    row('::1', 128, 0), row('2002::', 16, 2), row('::', 96, 3), row('::ffff:0:0', 96, 4), row('fec0::', 10, 5),
    row('fc00::', 7, 6), row('2001::', 32, 7), row('::', 0, 1),
  ],
};

/** More lines than this are not read. */
const rowLimit = 200;

/**
 * Takes the text of gai.conf(5) and gives the policy. One line of `precedence` or `label` replaces the whole table of
 * that kind; lines that make no sense are skipped.
 */
export function parseGaiConf(text: string): AddressPolicy {
  const rows: Record<'precedence' | 'label', Row[]> = { precedence: [], label: [] };
  for (const line of text.split(/\r?\n/, rowLimit)) {
    const [, kind, address = '', lengthText = '', value = ''] =
      /^\s*(precedence|label)\s+([\da-f:.]{2,45})\/(\d{1,3})\s+(\d{1,6})\s*(?:#.*)?$/i.exec(line) ?? [];
    const length = Number(lengthText);
    const is4 = isIPv4(address);
    if (kind === undefined || !(is4 || isIPv6(address)) || length > (is4 ? 32 : 128)) continue;
    rows[kind as 'precedence' | 'label'].push(row(address, is4 ? length + 96 : length, Number(value)));
  }
  return {
    precedences: rows.precedence.length > 0 ? rows.precedence : gnuPolicy.precedences,
    labels: rows.label.length > 0 ? rows.label : gnuPolicy.labels,
  };
}

/** The value of the longest prefix that fits an address of 16 bytes; an own table need not have one (0). */
export function valueOf(bytes: Buffer, rows: readonly Row[]): number {
  let best: Row | undefined;
  for (const one of rows) {
    if ((best === undefined || one.length > best.length) && isWithinPrefix(bytes, one.prefix, one.length)) best = one;
  }
  return best?.value ?? 0;
}
