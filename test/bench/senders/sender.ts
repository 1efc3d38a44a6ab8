/** One way of sending: `send` resolves when the response has been read. */
export interface Sender {
  send(): Promise<void>;
  close(): Promise<void>;
}

/** How requests are sent in one comparison. */
export interface Setting {
  readonly name: string;
  readonly scheme: 'http' | 'https';
  /** Each request on a connection of its own. */
  readonly fresh: boolean;
  readonly atOnce: number;
}

/** Where the requests go; `authority` in PEM. */
export interface Origin {
  readonly port: number;
  readonly url: string;
  readonly authority: string;
}

/** What our own send adds: the peers and the floor send the same request. */
export const sameFields = {
  'user-agent': 'roundtrip/0.0.0', accept: '*/*', 'accept-encoding': 'gzip, deflate, br, zstd',
};

/** Of the server's answer. */
export const contentSize = 19;
