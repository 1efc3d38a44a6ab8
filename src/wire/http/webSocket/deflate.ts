import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { DeflateAgreement } from '../../../trace/webSocket.ts';

/** RFC 7692 §7.2.1: the end of a flushed block, which is left out of every message. */
const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** The window of deflate: what a message may refer back to in the messages before it, in bytes. */
const windowSize = 32 * 1024;

/** Shorter payloads grow when they are compressed: the limit is our own, in bytes. */
const worthwhile = 64;

/** A message that is longer than the limit once it is inflated. */
export class TooLarge extends Error {}

/**
 * Compresses and decompresses the messages of one WebSocket. The window of the messages before is carried on as a
 * dictionary.
 */
export class Deflating {
  readonly #agreement: DeflateAgreement;
  #sent: Buffer = Buffer.alloc(0);
  #received: Buffer = Buffer.alloc(0);

  constructor(agreement: DeflateAgreement) {
    this.#agreement = agreement;
  }

  /** The compressed payload, or undefined where the message is better sent as it is. */
  compress(payload: Buffer): Buffer | undefined {
    const { clientMaxWindowBits: windowBits = 15, clientNoContextTakeover } = this.#agreement;
    // zlib knows no window of 2^8 bytes for raw deflate, and takes the next larger one, which the server cannot read.
    if (payload.length < worthwhile || windowBits < 9) return undefined;
    const deflated = deflateRawSync(payload, {
      windowBits, finishFlush: constants.Z_SYNC_FLUSH, ...dictionaryOf(this.#sent),
    });
    if (!clientNoContextTakeover) this.#sent = windowAfter(this.#sent, payload, 2 ** windowBits);
    return deflated.subarray(0, deflated.length - tail.length);
  }

  /**
   * The payload of a message of at most `limit` bytes.
   *
   * @throws TooLarge for a longer one, and zlib's error for what is no deflate.
   */
  decompress(payload: Buffer, limit: number): Buffer {
    let inflated: Buffer;
    try {
      inflated = inflateRawSync(Buffer.concat([payload, tail]), {
        finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: limit, ...dictionaryOf(this.#received),
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new TooLarge();
      throw error;
    }
    if (!this.#agreement.serverNoContextTakeover) this.#received = windowAfter(this.#received, inflated, windowSize);
    return inflated;
  }
}

function dictionaryOf(window: Buffer): { dictionary?: Buffer } {
  return window.length === 0 ? {} : { dictionary: window };
}

/** The last bytes of all that has passed. */
function windowAfter(window: Buffer, payload: Buffer, size: number): Buffer {
  if (payload.length >= size) return Buffer.from(payload.subarray(payload.length - size));
  const kept = window.subarray(Math.max(0, window.length + payload.length - size));
  return Buffer.concat([kept, payload]);
}
