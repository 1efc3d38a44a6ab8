import { isToken } from '../../httpFile/parser/header.ts';
import { rangeWithin } from '../../httpFile/position.ts';
import { problem } from '../../httpFile/problem.ts';
import type { ProblemCode } from '../../httpFile/problem.ts';
import type { BodySegment, HeaderField, Range } from '../../httpFile/syntax.ts';
import type { FieldLine } from '../../trace/request.ts';
import { typedCredentials } from '../authentication/typed.ts';
import { isForSender } from './prepareCertificate.ts';
import { resolved } from './preparation.ts';
import type { DefaultHeaders, Preparation } from './preparation.ts';

type TextSegment = Extract<BodySegment, { kind: 'text' }>;

/** The field lines of a request, in order, checked; with those that variables of the file stand for (C1). */
export function prepareHeaders(
  preparation: Preparation, credentials: { user: string; password: string } | undefined,
): FieldLine[] {
  const lines: FieldLine[] = [];
  const { headers } = preparation.request;
  for (const [at, header] of headers.entries()) {
    const name = wholeVariable(header);
    if (name === undefined) {
      lines.push(...prepareHeader(preparation, header));
      continue;
    }
    const { fields, rest } = splitFields(preparation.splitLines(header.name));
    lines.push(...fields.flatMap((line) => fieldFromLine(preparation, header.range, line)));
    if (rest === undefined) continue;
    startBody(preparation, header, rest, headers.slice(at + 1));
    break;
  }
  lines.push(...fieldsBeforeBody(preparation));
  if (credentials && !preparation.credentials && !lines.some(([name]) => name.toLowerCase() === 'authorization')) {
    lines.push(['Authorization', basic(`${credentials.user}:${credentials.password}`)]);
  }
  lines.push(...defaultsFor(preparation, lines));
  return joinCookies(lines);
}

/** What `rest-client.defaultHeaders` holds: names with texts; undefined when it is no such thing. */
export function defaultHeadersIn(setting: unknown): DefaultHeaders | undefined {
  if (typeof setting !== 'object' || setting === null) return undefined;
  return Object.fromEntries(Object.entries(setting).filter(([, value]) => typeof value === 'string'));
}

/** The headers of settings, those that the request has itself left out. */
function defaultsFor(preparation: Preparation, lines: readonly FieldLine[]): FieldLine[] {
  const written = new Set(lines.map(([name]) => name.toLowerCase()));
  const { requestLine: range } = preparation.request;
  const place = { range, nameRange: range, valueRange: range };
  return Object.entries(preparation.context.defaultHeaders ?? {}).flatMap(([name, value]) =>
    written.has(name.toLowerCase()) ? [] : checkedHeader(preparation, place, name, value.trim()));
}

function prepareHeader(preparation: Preparation, header: HeaderField): FieldLine[] {
  if (isForSender(header)) return [];
  const { problems } = preparation;
  const before = problems.length;
  const name = resolved(preparation, header.name, () => header.nameRange);
  const value = resolved(preparation, header.value,
    ({ offset, length }) => rangeWithin(header.valueRange, offset, length));
  if (problems.length > before) return [];
  // A pseudo-header field (RFC 9113 §8.3) is the author's to write, no value's.
  const isPseudo = name.startsWith(':') && !header.name.startsWith(':');
  if (!isPseudo) return checkedHeader(preparation, header, name, fieldText(name, value.trim()));
  problems.push(problem('header-name-invalid', header.nameRange, { name }));
  return [];
}

/** `Host: https://a.test/` gives a path its origin (C32); what is sent has the authority only (RFC 9110 §7.2). */
function fieldText(name: string, value: string): string {
  const authority = name.toLowerCase() === 'host' && /^https?:\/\/([^/?#]{1,300})/i.exec(value)?.[1];
  return authority || value;
}

// --- header lines from variables (C1) ----------------------------------------------------------------

/** The name of the variable that is all of a header line. */
function wholeVariable({ name, value }: HeaderField): string | undefined {
  return value === '' && /^\{\{[^{}]{1,200}\}\}$/.test(name) ? name.slice(2, -2).trim() : undefined;
}

/** Lines up to the first empty one are fields; what comes after it is body. */
function splitFields(lines: readonly string[]): { fields: string[]; rest: string | undefined } {
  const empty = lines.findIndex((line, at) => line.trim() === '' && at < lines.length - 1);
  const fields = empty < 0 ? lines : lines.slice(0, empty);
  return {
    fields: fields.filter((line) => line.trim() !== ''),
    rest: empty < 0 ? undefined : lines.slice(empty + 1).join('\n'),
  };
}

/**
 * One line of a file variable's value. Names of other origin are still in their braces and are put into the name and
 * the value each for itself, so that they cannot make a line.
 */
function fieldFromLine(preparation: Preparation, range: Range, line: string): FieldLine[] {
  const { problems } = preparation;
  const colon = colonIn(line);
  if (colon === undefined) {
    const isName = line.includes('{{');
    problems.push(problem(isName ? 'header-from-value' : 'header-name-invalid', range, { name: line.trim() }));
    return [];
  }
  const before = problems.length;
  const name = resolved(preparation, line.slice(0, colon).trim(), () => range);
  const value = resolved(preparation, line.slice(colon + 1).trim(), () => range);
  const header = { range, nameRange: range, valueRange: range };
  return problems.length > before ? [] : checkedHeader(preparation, header, name, value.trim());
}

/** Where the first colon is that is not within braces; the one that begins `:authority` does not count. */
function colonIn(line: string): number | undefined {
  const start = line.search(/\S/) + 1;
  let from = Math.max(start, 1);
  for (;;) {
    const colon = line.indexOf(':', from);
    const open = line.indexOf('{{', from - 1);
    if (colon < 0) return undefined;
    if (open < 0 || colon < open) return colon;
    const close = line.indexOf('}}', open);
    if (close < 0) return colon;
    from = close + 2;
  }
}

/** An empty line in the value: the rest of it, and the header lines that follow, begin the body. */
function startBody(
  preparation: Preparation, header: HeaderField, rest: string, following: readonly HeaderField[],
): void {
  const { request } = preparation;
  const lines = following.map((one) => wholeVariable(one) === undefined ? `${one.name}: ${one.value}` : one.name);
  const text = [...rest === '' ? [] : [rest], ...lines].join('\n');
  const [first, ...others] = request.body ?? [];
  const gap = lines.length > 0 && first ? '\n\n' : text !== '' && first ? '\n' : '';
  if (first?.kind === 'text') {
    preparation.body = [{ ...textOf(first), text: text + gap + first.text }, ...others];
  } else if (text !== '') {
    preparation.body = [{ kind: 'text', text: text + gap, range: header.range }, ...request.body ?? []];
  }
}

/** A line of the header section that starts with a variable and is no field begins the body as parsed (C5). */
function fieldsBeforeBody(preparation: Preparation): FieldLine[] {
  const { request } = preparation;
  const [first, ...others] = preparation.body ?? request.body ?? [];
  if (first?.kind !== 'text' || !first.text.trimStart().startsWith('{{')) return [];
  if (!isWithoutBlankLine(preparation, first)) return [];
  const end = first.text.indexOf('\n');
  const line = end < 0 ? first.text : first.text.slice(0, end);
  const expanded = preparation.splitLines(line);
  const { fields, rest } = splitFields(expanded);
  if (expanded.length === 1 || rest === undefined) return [];
  preparation.body = [{ ...textOf(first), text: rest + (end < 0 ? '' : first.text.slice(end)) }, ...others];
  return fields.flatMap((field) => fieldFromLine(preparation, first.range, field));
}

function isWithoutBlankLine({ request }: Preparation, { range }: TextSegment): boolean {
  const last = request.headers.at(-1)?.range ?? request.urlRange;
  return range.start.line === last.end.line + 1;
}

/** Nodes have members that are computed: they are read one by one. */
function textOf({ kind, text, range, removed }: TextSegment): TextSegment {
  return { kind, text, range, ...(removed ? { removed } : {}) };
}

// --- checks ------------------------------------------------------------------------------------------

type Placed = Pick<HeaderField, 'range' | 'nameRange' | 'valueRange'>;

/** RFC 9110 §5.1, §5.5: a name is a token; a value has no line end and no octet above 255. */
function checkedHeader(
  preparation: Preparation, header: Placed, name: string, value: string,
): FieldLine[] {
  const { problems } = preparation;
  const wrong = (code: ProblemCode, range: Range): FieldLine[] => {
    problems.push(problem(code, range, { name }));
    return [];
  };
  // RFC 9113 §8.3.1: it takes the place of Host, which all versions are written with here.
  if (name.toLowerCase() === ':authority') return checkedHeader(preparation, header, 'Host', fieldText('host', value));
  if (/^:(?:method|scheme|path)$/i.test(name)) return wrong('header-pseudo', header.nameRange);
  if (!isToken(name)) return wrong('header-name-invalid', header.nameRange);
  if (/[\r\n\0]/.test(value)) return wrong('header-line-break', header.valueRange);
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) return wrong('header-characters', header.valueRange);
  if (name.toLowerCase() !== 'authorization') return [[name, value]];
  if (isFetched(value)) return wrong('authorization-token-unsupported', header.valueRange);
  const credentials = typedCredentials(value);
  if (!credentials) return [[name, authorization(value)]];
  if ('unsupported' in credentials) {
    problems.push(problem('authorization-unsupported', header.valueRange, { scheme: credentials.unsupported }));
  } else {
    // A field is computed from them when the request is sent.
    preparation.credentials = { typed: credentials, range: header.valueRange };
  }
  return [];
}

/** `OAuth2 client_credentials name` and `openid password name` ask for a token to be fetched, as httpYac does. */
function isFetched(value: string): boolean {
  return /^(?:oauth2|openid)(?:\s|$)/i.test(value);
}

/** C44: `Basic user password` and `Basic user:password` are encoded (RFC 7617); what is encoded already stays. */
function authorization(value: string): string {
  const credentials = /^basic\s+(\S.*)$/i.exec(value)?.[1];
  if (credentials === undefined || !/[\s:]/.test(credentials)) return value;
  const separator = credentials.search(/[\s:]/);
  const password = credentials.slice(separator + 1);
  const isSpaced = /\s/.test(credentials[separator]!);
  return basic(`${credentials.slice(0, separator)}:${isSpaced ? password.trimStart() : password}`);
}

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`;
}

/** RFC 6265 §5.4: one `Cookie` field. */
function joinCookies(lines: FieldLine[]): FieldLine[] {
  const isCookie = ([name]: FieldLine) => name.toLowerCase() === 'cookie';
  const cookies = lines.filter(isCookie);
  if (cookies.length < 2) return lines;
  const joined: FieldLine = [cookies[0]![0], cookies.map(([, value]) => value).join('; ')];
  return lines.flatMap((line) => line === cookies[0] ? [joined] : isCookie(line) ? [] : [line]);
}
