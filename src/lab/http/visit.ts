import type { FieldLine } from '../messages.ts';
import { SessionAccess } from '../shop/sessionAccess.ts';
import type { Account } from './account.ts';
import type { LabConnection } from './connection.ts';
import type { LabRequest } from './handler.ts';
import type { OwnPorts } from './ownNames.ts';
import { pairs } from './requestHead.ts';
import type { RequestHead } from './requestHead.ts';
import { isOver, sendEarlyHints } from './send.ts';
import type { NodeRequest, NodeResponse } from './send.ts';
import type { ServiceOptions } from './service.ts';

const noBytes = Buffer.alloc(0);

/** One request on its way through the lab. What few handlers ask for is made when they do. */
export class Visit implements LabRequest {
  readonly options: ServiceOptions;
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  readonly connection: LabConnection;
  readonly head: RequestHead;
  readonly account: Account;
  body: Buffer = noBytes;
  parameters: Readonly<Record<string, string>> = {};
  #gone: AbortController | undefined;

  constructor(
    options: ServiceOptions, request: NodeRequest, response: NodeResponse, connection: LabConnection, head: RequestHead,
    account: Account,
  ) {
    this.options = options;
    this.request = request;
    this.response = response;
    this.connection = connection;
    this.head = head;
    this.account = account;
  }

  /** The client went away, or has its answer. */
  get isOver(): boolean { return isOver(this.response); }

  get signal(): AbortSignal {
    const { response, request } = this;
    if (!this.#gone) {
      const gone = this.#gone = new AbortController();
      const leave = (): void => gone.abort();
      if (this.isOver) leave();
      response.on('close', leave);
      request.on('error', leave);
    }
    return this.#gone.signal;
  }

  get stream(): NodeRequest { return this.request; }
  get serverName(): string | undefined { return this.connection.secured?.serverName; }
  get ports(): OwnPorts { return this.options.ports(); }
  get trailers(): readonly FieldLine[] { return pairs(this.request.rawTrailers); }
  get session(): SessionAccess { return new SessionAccess(this.head, this.options.sessions, this.account); }
  get peer(): { readonly address: string; readonly port: number } {
    return { address: this.connection.peerAddress, port: this.connection.peerPort };
  }

  get sendEarlyHints() {
    return (headers: readonly FieldLine[]): void => sendEarlyHints(this.response, headers);
  }
}
