/** The ids of a `traceparent` field (W3C Trace Context §3.2), in lower-case hex. */
export interface TraceParent {
  readonly traceId: string;
  readonly parentId: string;
}

const noTraceId = '0'.repeat(32);
const noParentId = '0'.repeat(16);

/** Reads a `traceparent` field value; undefined for anything the specification calls invalid. */
export function parseTraceParent(value: string | undefined): TraceParent | undefined {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(value ?? '');
  if (!match) return undefined;
  const [, version, traceId = '', parentId = '', more] = match;
  // §3.2.2: version ff is invalid, and version 00 has nothing after the flags.
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (traceId === noTraceId || parentId === noParentId) return undefined;
  return { traceId, parentId };
}
