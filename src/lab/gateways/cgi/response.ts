import type { FieldLine } from '../../messages.ts';

/** What a program answered (RFC 3875 §6). */
export interface ProgramResponse {
  readonly statusCode: number;
  readonly headers: readonly FieldLine[];
  readonly body: Buffer;
  /** §6.2.2: go on there instead, within this server. */
  readonly localRedirect?: string;
}

/** The gateway frames the response and keeps the connection itself. */
const gatewayOwn: ReadonlySet<string> = new Set([
  'status', 'content-length', 'connection', 'keep-alive', 'transfer-encoding', 'trailer', 'upgrade', 'date',
]);

/** Reads a program's output; a text that says what is wrong with it, when it is no CGI response. */
export function readResponse(output: Buffer): ProgramResponse | string {
  const end = /\r?\n\r?\n/.exec(output.toString('latin1'));
  if (!end) return 'it wrote no head that ends in an empty line';
  const lines = output.toString('latin1', 0, end.index).split(/\r?\n/);
  const body = output.subarray(end.index + end[0].length);
  const headers: FieldLine[] = [];
  for (const line of lines) {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return 'a line of its head is no field';
    headers.push([name, value]);
  }
  const valueOf = (wanted: string): string | undefined => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const location = valueOf('location');
  if (location?.startsWith('/') && headers.length === 1) {
    return { statusCode: 200, headers: [], body, localRedirect: location };
  }
  const status = valueOf('status');
  if (status !== undefined && !/^[2-5]\d\d(?: |$)/.test(status)) return 'its Status is none';
  // §6.3.1, §6.2.1
  if (body.length > 0 && valueOf('content-type') === undefined) return 'it wrote a body without a Content-Type';
  if (location === undefined && status === undefined && valueOf('content-type') === undefined) {
    return 'its head says nothing';
  }
  return {
    statusCode: status === undefined ? location === undefined ? 200 : 302 : Number(status.slice(0, 3)),
    headers: headers.filter(([name]) => !gatewayOwn.has(name.toLowerCase())), body,
  };
}
