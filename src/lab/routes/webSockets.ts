import type { WebSocket } from 'ws';
import { problem } from '../http/answer.ts';
import type { Outcome } from '../http/answer.ts';
import type { Handler, LabRequest, Route } from '../http/handler.ts';
import type { RequestHead } from '../http/requestHead.ts';
import type { Conversation, Say } from '../webSocket/conversation.ts';
import { wholeNumber } from './numbers.ts';

const maxCount = 1000;
const maxInterval = 10_000;

/** RFC 9110 §7.8: what the request wants to go over to, and says so for this connection. */
function wantsWebSocket(head: RequestHead): boolean {
  const has = (field: string, word: string): boolean =>
    head.all(field).some((value) => value.toLowerCase().split(',').some((one) => one.trim() === word));
  return head.method === 'GET' && head.httpVersion === '1.1' && has('upgrade', 'websocket')
    && has('connection', 'upgrade');
}

/** Everybody else hears what to ask for (RFC 9110 §15.5.22). */
function speaking(conversation: (request: LabRequest) => Conversation | undefined): Handler {
  return (request): Outcome => {
    const { head } = request;
    if (!wantsWebSocket(head)) {
      return problem(426, 'This page speaks WebSocket over HTTP/1.1 only.',
        head.httpVersion === '2' ? [] : [['Upgrade', 'websocket'], ['Connection', 'Upgrade']]);
    }
    const talk = conversation(request);
    return talk
      ? { talk } : problem(400, `Counts go up to ${maxCount}, times up to ${maxInterval} ms, codes from 1000 to 4999.`);
  };
}

/** RFC 6455 §1.9: the one that `?protocol=` names, else the first that is offered. */
const chooseOf = ({ query }: RequestHead): Conversation['choose'] => (offered) => {
  const wanted = query.get('protocol');
  return wanted === null ? offered[0] : offered.find((one) => one === wanted);
};

/** RFC 6455 §7.4.1: these codes are for use in a close frame. */
function closeCode(text: string | null): number | undefined {
  const code = wholeNumber(text ?? '1000', 1000, 4999);
  return code === undefined || [1004, 1005, 1006].includes(code) || (code > 1014 && code < 3000) ? undefined : code;
}

interface Echoing {
  readonly code: number;
  readonly reason: string;
  /** Closes after so many messages; 0: never. */
  readonly after: number;
  /** ms between pings; 0: none. */
  readonly ping: number;
  /** Cuts the connection instead of closing. */
  readonly isRude: boolean;
}

function echoingIn({ query }: RequestHead): Echoing | undefined {
  const code = closeCode(query.get('close'));
  const after = wholeNumber(query.get('after') ?? (query.has('close') || query.has('drop') ? '1' : '0'), 0, maxCount);
  const ping = wholeNumber(query.get('ping') ?? '0', 0, maxInterval);
  if (code === undefined || after === undefined || ping === undefined) return undefined;
  return {
    code, after, ping: ping > 0 ? Math.max(ping, 20) : 0, isRude: query.has('drop'),
    reason: (query.get('reason') ?? '').slice(0, 40),
  };
}

function echo(socket: WebSocket, say: Say, { code, reason, after, ping, isRude }: Echoing): void {
  let heard = 0;
  const timer = ping > 0 ? setInterval(() => socket.ping('are you there?'), ping) : undefined;
  socket.on('close', () => clearInterval(timer));
  socket.on('message', (message: Buffer, isBinary: boolean) => {
    heard += 1;
    say(message, isBinary);
    if (heard !== after) return;
    // RFC 6455 §7.1.7: a connection that ends without a close frame.
    if (isRude) setTimeout(() => socket.terminate(), 50);
    else socket.close(code, reason);
  });
}

const echoing = speaking(({ head }) => {
  const asked = echoingIn(head);
  return asked && { choose: chooseOf(head), begin: (socket, say) => echo(socket, say, asked) };
});

const counting = speaking(({ head }) => {
  const count = wholeNumber(head.query.get('count') ?? '3', 0, maxCount);
  const interval = wholeNumber(head.query.get('interval') ?? '100', 1, maxInterval);
  return count === undefined || interval === undefined ? undefined
    : { choose: chooseOf(head), begin: (socket, say) => countTo(socket, say, count, interval) };
});

function countTo(socket: WebSocket, say: Say, count: number, interval: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    if (sent === count) return socket.close(1000, 'that was all');
    sent += 1;
    say(JSON.stringify({ message: sent, of: count }));
  }, interval);
  socket.on('close', () => clearInterval(timer));
}

export const webSocketRoutes: readonly Route[] = [
  {
    pattern: 'GET /ws/echo', name: 'webSockets/echo', handler: echoing,
    summary: {
      en: 'WebSocket that sends messages back: ?close=code&after=n&reason=, ?ping=ms, ?drop=1 cuts it, ?protocol=.',
      ko: '받은 메시지를 그대로 돌려주는 WebSocket입니다: ?close=코드&after=n&reason=, ?ping=밀리초, ?drop=1은 끊기, ?protocol=입니다.',
    },
  },
  {
    pattern: 'GET /ws/count', name: 'webSockets/count', handler: counting,
    summary: {
      en: 'WebSocket that sends ?count= messages of its own, one each ?interval= ms, and closes.',
      ko: '?interval=밀리초마다 메시지를 하나씩 ?count=개 보낸 뒤 닫는 WebSocket입니다.',
    },
  },
];
