import type { FieldLine } from '../../trace/request.ts';

/** SAFETY, Limits: a response head. */
const maxHead = 64 * 1024;
const maxFields = 256;
const maxInterim = 32;

export type HeadResult =
  | { readonly state: 'incomplete' }
  | {
    readonly state: 'malformed';
    readonly code: 'proxy-malformed' | 'response-head-too-large';
    readonly reason: string;
  }
  | {
    readonly state: 'complete';
    readonly statusCode: number;
    readonly reasonPhrase: string;
    readonly headers: readonly FieldLine[];
    /** What came behind the head. */
    readonly rest: Buffer;
  };

interface HeadReader {
  /** Anything at all has come. */
  readonly started: boolean;
  read(chunk: Buffer): HeadResult;
}

const incomplete: HeadResult = { state: 'incomplete' };

/**
 * Reads the head of an HTTP/1 response (RFC 9112 §2.1) from chunks cut anywhere; interim responses (1xx)
 * are passed over. To be asked until its result is no longer `incomplete`.
 */
export function createHeadReader(): HeadReader {
  let buffered: Buffer = Buffer.alloc(0);
  let interim = 0;
  return {
    get started() {
      return buffered.length > 0 || interim > 0;
    },
    read(chunk) {
      buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
      for (;;) {
        if (!startsLikeHttp(buffered)) return malformed('not an HTTP response');
        const end = endOfHead(buffered);
        if ((end ?? buffered.length) > maxHead) return tooLarge(`more than ${maxHead} bytes`);
        if (end === undefined) return incomplete;
        const result = parseHead(buffered.subarray(0, end), buffered.subarray(end));
        if (result.state !== 'complete' || result.statusCode >= 200) return result;
        if ((interim += 1) > maxInterim) return tooLarge(`more than ${maxInterim} interim responses`);
        buffered = Buffer.from(result.rest);
      }
    },
  };
}

/** Known from the first bytes, so that what is no HTTP is not waited for until the time is up. */
function startsLikeHttp(bytes: Buffer): boolean {
  const start = 'HTTP/1.';
  const length = Math.min(bytes.length, start.length);
  return bytes.toString('latin1', 0, length) === start.slice(0, length);
}

/** RFC 9112 §2.2: a line may end with a single LF. */
function endOfHead(bytes: Buffer): number | undefined {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return at + 2;
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3;
  }
  return undefined;
}

function parseHead(head: Buffer, rest: Buffer): HeadResult {
  // Octets, not characters, hence latin1 (RFC 9110 §5.5).
  const [statusLine = '', ...lines] = head.toString('latin1').split(/\r?\n/).slice(0, -2);
  const status = /^HTTP\/1\.\d ([1-9]\d\d)(?: (.*))?$/.exec(statusLine);
  if (!status) return malformed('status line');
  const headers: FieldLine[] = [];
  for (const line of lines) {
    // RFC 9112 §5.2: a folded line continues the one before.
    const previous = headers.at(-1);
    if (/^[ \t]/.test(line) && previous) {
      headers[headers.length - 1] = [previous[0], `${previous[1]} ${line.trim()}`];
      continue;
    }
    const field = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (!field) return malformed('field line');
    headers.push([field[1] as string, field[2] as string]);
    if (headers.length > maxFields) return tooLarge(`more than ${maxFields} fields`);
  }
  const [, statusCode, reasonPhrase = ''] = status;
  return { state: 'complete', statusCode: Number(statusCode), reasonPhrase, headers, rest };
}

function malformed(reason: string): HeadResult {
  return { state: 'malformed', code: 'proxy-malformed', reason };
}

function tooLarge(reason: string): HeadResult {
  return { state: 'malformed', code: 'response-head-too-large', reason };
}
