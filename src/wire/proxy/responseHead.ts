import { defaultHeadLimits } from '../../trace/request.ts';
import type { FieldLine, HeadLimits } from '../../trace/request.ts';

export type HeadResult =
  | { readonly state: 'incomplete' }
  | {
    readonly state: 'malformed';
    readonly code: 'proxy-malformed' | 'response-head-too-large';
    /** What is wrong, or what there was too much of, beside its limit. */
    readonly detail: Readonly<Record<string, string | number>>;
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
export function createHeadReader(limits: HeadLimits = defaultHeadLimits): HeadReader {
  let buffered: Buffer = Buffer.alloc(0);
  let interim = 0;
  return {
    get started() {
      return buffered.length > 0 || interim > 0;
    },
    read(chunk) {
      buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
      for (;;) {
        if (!startsLikeHttp(buffered)) return wrong('not an HTTP response');
        const end = endOfHead(buffered);
        const size = end ?? buffered.length;
        if (size > limits.size) return tooLarge({ size, limit: limits.size });
        if (end === undefined) return incomplete;
        const result = parseHead(buffered.subarray(0, end), buffered.subarray(end), limits.fields);
        if (result.state !== 'complete' || result.statusCode >= 200) return result;
        if ((interim += 1) > limits.interimResponses) {
          return { ...malformed, detail: { interimResponses: interim, limit: limits.interimResponses } };
        }
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

function parseHead(head: Buffer, rest: Buffer, maxFields: number): HeadResult {
  // Octets, not characters, hence latin1 (RFC 9110 §5.5).
  const [statusLine = '', ...lines] = head.toString('latin1').split(/\r?\n/).slice(0, -2);
  const status = /^HTTP\/1\.\d ([1-9]\d\d)(?: (.*))?$/.exec(statusLine);
  if (!status) return wrong('status line');
  const headers: FieldLine[] = [];
  for (const line of lines) {
    // RFC 9112 §5.2: a folded line continues the one before.
    const previous = headers.at(-1);
    if (/^[ \t]/.test(line) && previous) {
      headers[headers.length - 1] = [previous[0], `${previous[1]} ${line.trim()}`];
      continue;
    }
    const field = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (!field) return wrong('field line');
    headers.push([field[1] as string, field[2] as string]);
  }
  if (headers.length > maxFields) return tooLarge({ fields: headers.length, limit: maxFields });
  const [, statusCode, reasonPhrase = ''] = status;
  return { state: 'complete', statusCode: Number(statusCode), reasonPhrase, headers, rest };
}

const malformed = { state: 'malformed', code: 'proxy-malformed' } as const;

function wrong(reason: string): HeadResult {
  return { ...malformed, detail: { reason } };
}

function tooLarge(detail: Readonly<Record<string, number>>): HeadResult {
  return { state: 'malformed', code: 'response-head-too-large', detail };
}
