// The shape of an HTTP Archive 1.2, with the fields of our own and of Chrome's that begin with `_`.

export interface HarPair { readonly name: string; readonly value: string }

export interface HarCookie extends HarPair {
  readonly path?: string;
  readonly domain?: string;
  readonly expires?: string;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
}

export interface HarTimings {
  readonly blocked: number;
  readonly dns: number;
  /** Includes `ssl` (HAR 1.2 §timings) and the exchange with a proxy. */
  readonly connect: number;
  readonly ssl: number;
  readonly send: number;
  readonly wait: number;
  readonly receive: number;
}

export interface HarEntry {
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: {
    readonly method: string; readonly url: string; readonly httpVersion: string;
    readonly cookies: readonly HarCookie[]; readonly headers: readonly HarPair[];
    readonly queryString: readonly HarPair[];
    readonly postData?: { readonly mimeType: string; readonly text: string; readonly _encoding?: 'base64' };
    readonly headersSize: number; readonly bodySize: number;
  };
  readonly response: {
    readonly status: number; readonly statusText: string; readonly httpVersion: string;
    readonly cookies: readonly HarCookie[]; readonly headers: readonly HarPair[];
    readonly content: {
      readonly size: number; readonly compression?: number; readonly mimeType: string;
      readonly text?: string; readonly encoding?: 'base64'; readonly comment?: string;
    };
    readonly redirectURL: string; readonly headersSize: number; readonly bodySize: number;
  };
  readonly cache: Record<string, never>;
  readonly timings: HarTimings;
  readonly serverIPAddress?: string;
  readonly connection?: string;
  /** As Chrome writes them: `time` in seconds of the epoch, binary as base64 (opcode 2). */
  readonly _resourceType?: 'websocket';
  readonly _webSocketMessages?: readonly {
    readonly type: 'send' | 'receive'; readonly time: number; readonly opcode: 1 | 2; readonly data: string;
  }[];
  readonly comment?: string;
  readonly _roundtrip: Record<string, unknown>;
}

export interface HarLog {
  readonly log: {
    readonly version: '1.2';
    readonly creator: { readonly name: string; readonly version: string };
    readonly entries: readonly HarEntry[];
  };
}
