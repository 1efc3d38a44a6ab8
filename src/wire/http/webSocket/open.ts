import type { ExchangeEvent } from '../../../trace/event.ts';
import type { Failure } from '../../../trace/failure.ts';
import type { FieldLine } from '../../../trace/request.ts';
import { webSocketLimits } from '../../../trace/webSocket.ts';
import type { WebSocketStep } from '../../../trace/webSocket.ts';
import type { Tap } from '../../connection.ts';
import { unreadableBody } from '../failure.ts';
import { agreementOf } from './handshake.ts';
import { WebSocketSession } from './session.ts';
import type { SessionOwner } from './session.ts';
import { takeSteps } from './steps.ts';

/** What a WebSocket is opened from: the answer of 101, and what the request asks for. */
export interface Opening {
  readonly tap: Tap;
  /** What came behind the answer's head. */
  readonly rest: Buffer;
  /** When the answer had come, ms. */
  readonly at: number;
  readonly sent: readonly FieldLine[];
  readonly received: readonly FieldLine[];
  readonly steps: readonly WebSocketStep[];
}

/** Checks the answer and begins; or says why it is no WebSocket, and leaves the connection to the caller. */
export function openWebSocket(
  { tap, rest, at, sent, received, steps }: Opening, owner: SessionOwner,
): { readonly session: WebSocketSession } | { readonly failure: Failure } {
  const agreement = agreementOf(sent, received);
  if (!agreement.ok) {
    const { part, found, expected } = agreement;
    const detail = { part, found, expected };
    return { failure: { phase: 'receive', code: 'web-socket-handshake', confidence: 'certain', detail } };
  }
  const { protocol, deflate } = agreement;
  const open: ExchangeEvent = {
    type: 'web-socket-open', at, ...(protocol === undefined ? {} : { protocol }), ...(deflate ? { deflate } : {}),
  };
  owner.emit(open);
  const session = new WebSocketSession(tap, deflate, owner);
  session.start(rest, at);
  const failed = (failure: Failure): void => {
    session.close(1001);
    owner.broken(failure);
  };
  takeSteps(session, steps, {
    unreadable: (path, error) => failed(unreadableBody(path, error)),
    tooLarge: (size) => failed({
      phase: 'send', code: 'invalid-request', confidence: 'certain',
      detail: { part: 'message', size, limit: webSocketLimits.message },
    }),
  }).catch((error: Error) => failed({
    phase: 'send', code: 'internal', confidence: 'certain', cause: { message: error.message },
  }));
  return { session };
}
