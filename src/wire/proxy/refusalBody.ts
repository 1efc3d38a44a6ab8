import type { ProxyBody } from '../../trace/event.ts';
import type { FieldLine } from '../../trace/request.ts';

/** Of what a proxy says with a refusal, so much is kept, in bytes. */
const maxRefusalBody = 64 * 1024;

export interface RefusalBodyReader {
  /** True when nothing more is wanted: it is whole, or long enough. */
  read(chunk: Buffer): boolean;
  /** What came so far; `closed`: the proxy has ended. */
  body(closed: boolean): ProxyBody;
}

/** Reads what comes with a refusal as far as it is kept (RFC 9112 §6.3). */
export function createRefusalBodyReader(statusCode: number, headers: readonly FieldLine[]): RefusalBodyReader {
  const field = (wanted: string): string | undefined =>
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1].trim().toLowerCase();
  const isChunked = field('transfer-encoding')?.endsWith('chunked') === true;
  const written = field('content-length');
  const length = statusCode === 204 || statusCode === 304 ? 0
    : !isChunked && written !== undefined && /^\d{1,15}$/.test(written) ? Number(written) : undefined;
  const chunks = isChunked ? createChunkReader() : undefined;
  const parts: Buffer[] = [];
  let size = 0;
  const keep = (part: Buffer): void => {
    const kept = part.subarray(0, Math.min(length ?? Infinity, maxRefusalBody) - size);
    parts.push(kept);
    size += kept.length;
  };
  const isWhole = (): boolean => chunks ? chunks.isEnded : length !== undefined && size >= length;
  return {
    read(chunk) {
      if (!chunks) keep(chunk);
      else chunks.read(chunk, keep);
      return isWhole() || size >= maxRefusalBody || chunks?.isBroken === true;
    },
    body(closed) {
      const isUntilClose = !chunks && length === undefined;
      const complete = isWhole() || (isUntilClose && closed && size < maxRefusalBody);
      const text = textOf(Buffer.concat(parts), headers, complete);
      return { ...(text === undefined ? {} : { text }), size, complete };
    },
  };
}

/** RFC 9112 §7.1; cut anywhere. */
function createChunkReader() {
  let line = '';
  let left = 0;
  let state: 'size' | 'data' | 'data-end' | 'trailers' | 'ended' | 'broken' = 'size';
  const endLine = (): void => {
    const text = line.replace(/\r$/, '');
    line = '';
    if (state === 'data-end') state = text === '' ? 'size' : 'broken';
    else if (state === 'trailers') state = text === '' ? 'ended' : 'trailers';
    else {
      const size = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i.exec(text)?.[1];
      left = Number.parseInt(size ?? '0', 16);
      state = size === undefined ? 'broken' : left === 0 ? 'trailers' : 'data';
    }
  };
  return {
    get isEnded() { return state === 'ended'; },
    get isBroken() { return state === 'broken'; },
    read(chunk: Buffer, keep: (part: Buffer) => void) {
      for (let at = 0; at < chunk.length && state !== 'ended' && state !== 'broken';) {
        if (state === 'data') {
          const part = chunk.subarray(at, at + left);
          keep(part);
          at += part.length;
          left -= part.length;
          if (left === 0) state = 'data-end';
          continue;
        }
        const octet = chunk[at++]!;
        if (octet === 10) endLine();
        else if (line.length < 1024) line += String.fromCharCode(octet);
        else state = 'broken';
      }
    },
  };
}

/** As text, when it is one: not encoded, in a known charset, without NUL. */
function textOf(bytes: Buffer, headers: readonly FieldLine[], complete: boolean): string | undefined {
  const coding = headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1].trim().toLowerCase();
  if (bytes.includes(0) || (coding !== undefined && coding !== 'identity')) return undefined;
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const charset = /;\s*charset="?([^";\s]+)/i.exec(type)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes, { stream: !complete });
  } catch {
    return undefined;
  }
}
