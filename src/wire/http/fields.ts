import { isUtf8 } from 'node:buffer';
import type { FieldLine } from '../../trace/request.ts';

const beyondAscii = /[^\x00-\x7f]/;

/**
 * Field text from its octets, given as a latin1 string. RFC 9110 §5.5 leaves octets above 127
 * opaque: they are read as UTF-8 where they are UTF-8, else as latin1, so nothing is lost.
 */
export function fieldText(octets: string): string {
  if (!beyondAscii.test(octets)) return octets;
  const bytes = Buffer.from(octets, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : octets;
}

/**
 * The octets of a field as a latin1 string: what is beyond ASCII goes out as UTF-8, as in the file
 * it was typed in.
 */
export function fieldOctets(text: string): string {
  return beyondAscii.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** Field lines from a flat list of names and values, as octets or as text in latin1. */
export function linesOf(flat: readonly (Buffer | string)[]): FieldLine[] {
  const lines: FieldLine[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    lines.push([latin1(flat[index]!), fieldText(latin1(flat[index + 1]!))]);
  }
  return lines;
}

function latin1(value: Buffer | string): string {
  return typeof value === 'string' ? value : value.toString('latin1');
}

/**
 * The first value of the field `name` (given in lower case), or undefined. RFC 9110 §5.1: names
 * ignore case.
 */
export function fieldValue(lines: readonly FieldLine[], name: string): string | undefined {
  for (const line of lines) {
    if (line[0].length === name.length && line[0].toLowerCase() === name) return line[1];
  }
  return undefined;
}

/** Every value of the field `name` (given in lower case), in order. */
export function fieldValues(lines: readonly FieldLine[], name: string): string[] {
  const values: string[] = [];
  for (const line of lines) {
    if (line[0].length === name.length && line[0].toLowerCase() === name) values.push(line[1]);
  }
  return values;
}

/** The members of a list-based field (RFC 9110 §5.6.1), in lower case. */
export function listMembers(lines: readonly FieldLine[], name: string): string[] {
  return fieldValues(lines, name)
    .flatMap((value) => value.split(','))
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== '');
}

/** RFC 9110 §5.6.2: a token. */
export function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}

/** RFC 9110 §5.5: no control characters but tab in a field's value. */
export function isFieldContent(octets: string): boolean {
  return !/[\x00-\x08\x0a-\x1f\x7f]/.test(octets);
}
