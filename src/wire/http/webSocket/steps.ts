import { webSocketLimits } from '../../../trace/webSocket.ts';
import type { WebSocketStep } from '../../../trace/webSocket.ts';
import { openBody } from '../requestBody.ts';
import type { RequestBody } from '../transmission.ts';
import type { WebSocketSession } from './session.ts';

/** Told of a file of a message that cannot be read, or of a message that is too long to be sent. */
export interface StepListener {
  unreadable(path: string, error: Error): void;
  tooLarge(size: number): void;
}

/** Does what the request asks for on its WebSocket, one step after another; then it stays open. */
export async function takeSteps(
  session: WebSocketSession, steps: readonly WebSocketStep[], listener: StepListener,
): Promise<void> {
  // A wait is for a message that came after what was sent before, and each of several waits for one more.
  let seen = 0;
  for (const step of steps) {
    if (!session.isOpen) return;
    if (step.do === 'close') return session.close();
    if (step.do === 'wait') {
      seen += 1;
      if (session.received < seen) await received(session, seen);
      continue;
    }
    const opened = await openBody(step.parts);
    if (!opened.ok) return listener.unreadable(opened.path, opened.error);
    const content = opened.body ? await bytesOf(opened.body) : Buffer.alloc(0);
    if (content.length <= webSocketLimits.message) await room(session, content.length);
    seen = session.received;
    if (session.isOpen && !session.send(content)) return listener.tooLarge(content.length);
  }
}

/** Until so many messages came. */
function received(session: WebSocketSession, count: number): Promise<void> {
  return new Promise((resolve) => {
    session.onReceived = () => {
      if (session.received < count) return;
      session.onReceived = undefined;
      resolve();
    };
  });
}

/** Until there is room for so many bytes, or nothing is sent any more. */
function room(session: WebSocketSession, size: number): Promise<void> | undefined {
  const isThere = (): boolean => !session.isOpen || session.hasRoomFor(size);
  if (isThere()) return undefined;
  return new Promise((resolve) => {
    session.onRoom = () => {
      if (!isThere()) return;
      session.onRoom = undefined;
      resolve();
    };
  });
}

async function bytesOf(body: RequestBody): Promise<Buffer> {
  if (body.bytes) return body.bytes;
  const pieces: Buffer[] = [];
  for await (const piece of body.open()) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
