import type { Exchange } from '../trace/exchange.ts';
import { durationOf, phasesOf, serverPhasesOf } from '../trace/phases.ts';
import { wasUnverified } from '../trace/verification.ts';
import type { WebSocketSide } from '../trace/webSocket.ts';
import { failureMessage } from '../explain/failure.ts';
import type { LabState } from '../explain/failure.ts';
import type { Language } from '../explain/text/language.ts';
import { decodeText } from '../run/charset.ts';

/**
 * An exchange as `roundtrip send --json` prints it: one value for one line.
 *
 * `request` is what was really sent (`sent: true`), or else what the file asks for. `content` is text when
 * the bytes are text, otherwise base64 with `contentEncoding: 'base64'`; it may be shorter than `contentSize`.
 * `unverified` stands where nobody verified who answered.
 * All times are ms, those of `phases` from the start of the exchange.
 */
export function toJson(
  exchange: Exchange, content: Uint8Array | undefined, language: Language, lab: LabState,
): object {
  const { spec, connection } = exchange;
  return {
    id: exchange.id,
    name: spec.name,
    source: spec.source,
    startedAt: exchange.startedAt,
    startAt: exchange.startAt,
    endAt: exchange.endAt,
    duration: durationOf(exchange),
    resendOf: exchange.resendOf,
    request: requestOf(exchange),
    response: exchange.response && {
      ...exchange.response, ...contentOf(exchange, content),
    },
    failure: exchange.failure && {
      ...exchange.failure, message: failureMessage(exchange.failure, exchange, language, lab),
    },
    redirect: exchange.redirect,
    stream: exchange.stream,
    reconnect: exchange.reconnect,
    switchedTo: exchange.switchedTo,
    webSocket: exchange.webSocket && webSocketOf(exchange.webSocket),
    graphql: exchange.graphql,
    graphqlUnread: exchange.graphqlUnread,
    authorization: exchange.authorization,
    challenge: exchange.challenge,
    reused: exchange.reused,
    idle: exchange.idle,
    proxyDecision: spec.options.proxyDecision,
    ...(wasUnverified(exchange) ? { unverified: true } : {}),
    connection,
    frames: exchange.frames,
    cookies: exchange.cookies,
    phases: phasesOf(exchange),
    servers: exchange.servers?.map((side) => ({
      ...side,
      phases: serverPhasesOf(exchange, side).map(({ name, start, duration }) => ({ name, start, duration })),
    })),
  };
}

/** Bytes as base64, as contents are. */
function webSocketOf({ messages, ...side }: WebSocketSide): object {
  return {
    ...side,
    messages: messages.map(({ bytes, ...message }) =>
      bytes ? { ...message, bytes: Buffer.from(bytes).toString('base64') } : message),
  };
}

function requestOf(exchange: Exchange): object {
  if (exchange.request) return { sent: true, ...exchange.request };
  const { method, url, headers } = exchange.spec;
  return { sent: false, method, url, headers };
}

function contentOf(exchange: Exchange, content: Uint8Array | undefined): object {
  if (!content || !exchange.response) return {};
  const text = decodeText(content, exchange.response.headers);
  return text === undefined
    ? { content: Buffer.from(content).toString('base64'), contentEncoding: 'base64' }
    : { content: text };
}
