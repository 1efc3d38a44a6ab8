import type { Socket } from 'node:net';
import type { ConnectionEvent } from '../../trace/event.ts';
import type { CertificateFacts } from '../../trace/tls/facts.ts';
import type { Failure } from '../../trace/failure.ts';
import { monotonicNow } from '../clock.ts';
import type { Capture, Teller } from '../tap/capture.ts';
import type { StreamCapture } from '../tap/streamCapture.ts';
import type { ConnectOptions } from '../connection.ts';
import { TlsCarrier } from '../tap/tlsCarrier.ts';
import { TransportTap, transportTapsAllowed } from '../tap/transportTap.ts';
import { TlsDecoder } from './decoder.ts';
import type { HandshakeOptions } from './handshake.ts';
import { TlsRecording } from './recording.ts';
import { SeenSoFar } from './seen.ts';

/**
 * A watch for a handshake with the server or with the proxy of a hop, where the bytes are kept, and where its secrets
 * go.
 */
export function watching(
  { capture, emit, onSecret }: ConnectOptions, hop?: number,
): Pick<HandshakeOptions, 'watch' | 'onSecret'> {
  const watch = capture && transportTapsAllowed() ? { watch: new TlsWatch(capture, emit, hop) } : {};
  return onSecret ? { ...watch, onSecret } : watch;
}

/**
 * Watches the TLS of one connection: keeps its records and the secrets to read them, and reads them when it is asked,
 * off the way of the request.
 */
export class TlsWatch implements Teller {
  readonly #capture: Capture;
  readonly #hop: number | undefined;
  readonly #emit: (event: ConnectionEvent) => void;
  #recording: TlsRecording | undefined;
  /** Made when there is something to read: most connections of a load test are never read. */
  #reader: { readonly decoder: TlsDecoder; readonly seen: SeenSoFar } | undefined;
  /** Lines of the key log that it does not know yet. */
  #keys: string[] = [];
  #chain: readonly CertificateFacts[] = [];

  /** `hop` is the proxy that is spoken to, absent for the server itself. */
  constructor(capture: Capture, emit: (event: ConnectionEvent) => void, hop?: number) {
    this.#capture = capture;
    this.#hop = hop;
    this.#emit = emit;
    capture.tellers.push(this);
  }

  /** What TLS is to be spoken over: `below` if it is a tap or a carrier, else a tap over it. */
  over(below: Socket): Socket {
    if (below instanceof TlsCarrier) {
      below.recording = this.#recordingOf(this.#capture.transport);
      return below;
    }
    const isTap = (below as Socket | TransportTap) instanceof TransportTap;
    const tap = isTap ? below as unknown as TransportTap : new TransportTap(below);
    // Inside the TLS of a proxy nobody else keeps what passes.
    tap.recording = this.#recordingOf(isTap ? this.#capture.transport : undefined);
    tap.carryTls();
    return tap as unknown as Socket;
  }

  #recordingOf(kept: StreamCapture | undefined): TlsRecording {
    this.#recording = new TlsRecording(kept);
    return this.#recording;
  }

  /** A line of the key log, as Node gives it. */
  readonly addKey = (line: Buffer): void => {
    const text = line.toString('latin1').trim();
    this.#capture.keyLog.push(text);
    this.#keys.push(text);
  };

  /** The failure as it is once the bytes were seen: that no TLS was spoken is then no guess. */
  judge(failure: Failure): Failure {
    const isSeen = failure.code === 'tls-not-spoken' && this.#recording?.isStrange;
    return isSeen ? { ...failure, confidence: 'certain' } : failure;
  }

  handshakeOver(chain: readonly CertificateFacts[]): void {
    this.#chain = chain;
    this.#recording?.handshakeOver();
  }

  get untold(): number {
    return this.#recording?.size ?? 0;
  }

  keepOwn(): void {
    this.#recording?.readLeft();
  }

  putOff(): void {
    if (this.untold > 0) this.#emit(this.#ofHop({ type: 'tls-unread', at: monotonicNow() }));
  }

  /** Tells the messages that were not told yet, if there are any. */
  tell(): void {
    const records = this.#recording?.take() ?? [];
    if (records.length === 0) return;
    const { decoder, seen: soFar } = this.#reader ??= { decoder: new TlsDecoder(), seen: new SeenSoFar() };
    for (const line of this.#keys) decoder.addKey(line);
    this.#keys = [];
    const messages = decoder.decode(records).map((decoded) => soFar.add(decoded));
    if (messages.length === 0) return;
    const seen = soFar.seen(this.#chain);
    this.#emit(this.#ofHop({ type: 'tls-messages', at: monotonicNow(), messages, seen }));
  }

  #ofHop<Event extends object>(event: Event): Event & { readonly hop?: number } {
    return this.#hop === undefined ? event : { ...event, hop: this.#hop };
  }
}
