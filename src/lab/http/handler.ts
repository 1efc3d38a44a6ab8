import type { Readable } from 'node:stream';
import type { FieldLine } from '../messages.ts';
import type { SessionAccess } from '../shop/sessionAccess.ts';
import type { Account } from './account.ts';
import type { Outcome } from './answer.ts';
import type { OwnPorts } from './ownNames.ts';
import type { RequestHead } from './requestHead.ts';

/** A request as a handler sees it. */
export interface LabRequest {
  readonly head: RequestHead;
  readonly parameters: Readonly<Record<string, string>>;
  /** The body, read whole; empty for routes with `streamsBody`, which read `stream` themselves. */
  readonly body: Buffer;
  readonly stream: Readable;
  /** Fields behind the body, known once it was read. */
  readonly trailers: readonly FieldLine[];
  readonly peer: { readonly address: string; readonly port: number };
  /** Whom the client named in its TLS handshake (SNI, RFC 6066 §3). */
  readonly serverName: string | undefined;
  readonly ports: OwnPorts;
  readonly session: SessionAccess;
  /** What the server tells of the request; a handler adds what else it does. */
  readonly account: Pick<Account, 'add'>;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  /** Sends `103 Early Hints` (RFC 8297). */
  sendEarlyHints(headers: readonly FieldLine[]): void;
}

export type Handler = (request: LabRequest) => Outcome | Promise<Outcome>;

/** A route and how it is described on the front page. */
export interface Route {
  readonly pattern: string;
  /** The handler's name in the account of a request. */
  readonly name: string;
  readonly summary: { readonly en: string; readonly ko: string };
  /** A link to try on the front page; absent where there is nothing to click. */
  readonly example?: string;
  /** Shows nothing personal: other sites may link to it. */
  readonly isPublic?: boolean;
  /** Reads its body as it comes, without the limit. */
  readonly streamsBody?: boolean;
  /** Answers without reading the body or asking for it. */
  readonly leavesBody?: boolean;
  readonly handler: Handler;
}
