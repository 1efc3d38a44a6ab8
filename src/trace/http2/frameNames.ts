/** RFC 9113 §6, RFC 7838 §4, RFC 8336, RFC 9218 §7.1. */
export const frameType = {
  data: 0x0, headers: 0x1, priority: 0x2, resetStream: 0x3, settings: 0x4, pushPromise: 0x5, ping: 0x6, goaway: 0x7,
  windowUpdate: 0x8, continuation: 0x9, alternativeService: 0xa, origin: 0xc, priorityUpdate: 0x10,
} as const;

const typeNames: Readonly<Record<number, string>> = {
  0x0: 'DATA', 0x1: 'HEADERS', 0x2: 'PRIORITY', 0x3: 'RST_STREAM', 0x4: 'SETTINGS', 0x5: 'PUSH_PROMISE', 0x6: 'PING',
  0x7: 'GOAWAY', 0x8: 'WINDOW_UPDATE', 0x9: 'CONTINUATION', 0xa: 'ALTSVC', 0xc: 'ORIGIN', 0x10: 'PRIORITY_UPDATE',
};

export const frameFlag = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

const { endStream, ack, endHeaders, padded, priority } = frameFlag;

const flagNames: Readonly<Record<number, readonly (readonly [flag: number, name: string])[]>> = {
  [frameType.data]: [[endStream, 'END_STREAM'], [padded, 'PADDED']],
  [frameType.headers]: [
    [endStream, 'END_STREAM'], [endHeaders, 'END_HEADERS'], [padded, 'PADDED'], [priority, 'PRIORITY'],
  ],
  [frameType.settings]: [[ack, 'ACK']],
  [frameType.pushPromise]: [[endHeaders, 'END_HEADERS'], [padded, 'PADDED']],
  [frameType.ping]: [[ack, 'ACK']],
  [frameType.continuation]: [[endHeaders, 'END_HEADERS']],
};

/** RFC 9113 §6.5.2, RFC 8441 §3, RFC 9218 §2.1. */
export const settingId = {
  headerTableSize: 0x1, enablePush: 0x2, maxConcurrentStreams: 0x3, initialWindowSize: 0x4, maxFrameSize: 0x5,
  maxHeaderListSize: 0x6, enableConnectProtocol: 0x8, noPriorities: 0x9,
} as const;

const settingNames: Readonly<Record<number, string>> = {
  0x1: 'HEADER_TABLE_SIZE', 0x2: 'ENABLE_PUSH', 0x3: 'MAX_CONCURRENT_STREAMS', 0x4: 'INITIAL_WINDOW_SIZE',
  0x5: 'MAX_FRAME_SIZE', 0x6: 'MAX_HEADER_LIST_SIZE', 0x8: 'ENABLE_CONNECT_PROTOCOL', 0x9: 'NO_RFC7540_PRIORITIES',
};

const errorNames = [
  'NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT', 'STREAM_CLOSED',
  'FRAME_SIZE_ERROR', 'REFUSED_STREAM', 'CANCEL', 'COMPRESSION_ERROR', 'CONNECT_ERROR', 'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED',
] as const;

/** The name of a frame's type; its number where it has none. */
export function frameName(type: number): string {
  return typeNames[type] ?? `0x${type.toString(16)}`;
}

/** The names of the flags that are set, as far as the type has them; the rest as one number. */
export function flagsOf(type: number, flags: number): string[] {
  const set = (flagNames[type] ?? []).filter(([flag]) => flags & flag);
  const rest = set.reduce((left, [flag]) => left & ~flag, flags);
  return [...set.map(([, name]) => name), ...(rest ? [`0x${rest.toString(16)}`] : [])];
}

/** RFC 9113 §6.5.2: the name of a setting by its identifier; the number itself, in hex, where it has none. */
export function settingName(identifier: number): string {
  return settingNames[identifier] ?? `0x${identifier.toString(16)}`;
}

/** RFC 9113 §7: the name of an error code; a number of its own where it has none. */
export function errorName(code: number): string {
  return errorNames[code] ?? `0x${code.toString(16)}`;
}
