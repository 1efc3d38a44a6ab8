import { ByteReader, asciiOf, hexOf } from '../../trace/tls/byteReader.ts';
import { readHandshake, tls13 } from '../../trace/tls/handshake.ts';
import type { HandshakeBody } from '../../trace/tls/handshake.ts';
import type { ClientHello, ServerHello } from '../../trace/tls/hello.ts';
import type { TlsField, TlsMessage, TlsMessageName } from '../../trace/tls/message.ts';
import { alertName, suiteName } from '../../trace/tls/names.ts';
import { recordTypes, shortRecord } from './recording.ts';
import type { PassedRecord } from './recording.ts';
import { createKeyLog, tls12Keys, tls13Keys } from './trafficKeys.ts';
import type { RecordKeys } from './trafficKeys.ts';

/** A handshake message may be this long (a chain of certificates is); a longer one is not read, nor what follows it. */
const longestMessage = 256 * 1024;
/** At most so many messages of one connection are told; a peer may send as many as it likes. */
const mostMessages = 500;
/** Of records that cannot be read, at most so many of each direction. */
const mostUnreadable = 8;

/** A message with what it was read from. */
export interface Decoded {
  readonly message: TlsMessage;
  readonly body: HandshakeBody | undefined;
}

/** One direction of the connection. */
interface Side {
  readonly direction: PassedRecord['direction'];
  keys: RecordKeys | undefined;
  /** What comes is encrypted, whether or not we have the keys. */
  isEncrypted: boolean;
  /** Both ends have finished, in TLS 1.3: what follows is data, mostly. */
  isData: boolean;
  /** The index of the first record under these keys. */
  firstIndex: number;
  nextIndex: number;
  /** Of handshake messages: they may be cut anywhere (RFC 8446 §5.1). */
  pending: Uint8Array;
  unreadable: number;
  isLost: boolean;
}

/**
 * Reads the messages of a TLS connection out of its records, with the secrets of its key log those that are encrypted,
 * too. What is decoded never throws: what does not fit is told as it is.
 */
export class TlsDecoder {
  readonly #keyLog = createKeyLog();
  readonly #sides = { sent: newSide('sent'), received: newSide('received') };
  #count = 0;
  #clientHello: ClientHello | undefined;
  #serverHello: ServerHello | undefined;
  #decoded: Decoded[] = [];

  addKey(line: string): void {
    this.#keyLog.add(line);
  }

  /** The messages in further records. Those that are not complete yet come with later ones. */
  decode(records: readonly PassedRecord[]): readonly Decoded[] {
    this.#decoded = [];
    for (const record of records) this.#read(record, this.#sides[record.direction]);
    return this.#decoded;
  }

  #read(record: PassedRecord, side: Side): void {
    const { type, fragment } = record;
    side.nextIndex = record.index + 1;
    if (type === undefined) return this.#strange(record);
    if (side.isLost) return;
    const isTls13 = this.#version === tls13;
    // RFC 8446 §5: in TLS 1.3 only application_data is encrypted, and the rest is for appearances.
    const isEncrypted = side.isEncrypted && (isTls13 ? type === recordTypes.applicationData : true);
    if (!isEncrypted) {
      if (isTls13 && side.isEncrypted && type === recordTypes.changeCipherSpec) side.firstIndex += 1;
      return this.#content(record, side, type, fragment, false);
    }
    if (!isTls13 && type === recordTypes.applicationData) return;
    // Between data we send nothing but alerts and new keys.
    if (side.isData && side.direction === 'sent' && fragment.length > shortRecord) return;
    const opened = side.keys?.open(record, record.index - side.firstIndex);
    if (opened) this.#content(record, side, opened.type, opened.content, true);
    else if (!side.isData) this.#unreadable(record, side);
  }

  get #version(): number {
    return this.#serverHello?.version ?? 0;
  }

  #content(record: PassedRecord, side: Side, type: number, content: Uint8Array, encrypted: boolean): void {
    switch (type) {
      case recordTypes.handshake: return this.#handshake(record, side, content, encrypted);
      case recordTypes.alert: return this.#alert(record, content, encrypted);
      case recordTypes.changeCipherSpec:
        this.#add(record, 'change_cipher_spec', content.length, encrypted, []);
        // In TLS 1.3 it means nothing, and may come before the version is known (RFC 8446 §5).
        if (this.#serverHello && this.#version !== tls13) this.#changeTls12(side);
        return;
      case recordTypes.heartbeat: return this.#add(record, 'heartbeat', content.length, encrypted, []);
      default: // Data is not told.
    }
  }

  #handshake(record: PassedRecord, side: Side, content: Uint8Array, encrypted: boolean): void {
    side.pending = side.pending.length === 0 ? content : Buffer.concat([side.pending, content]);
    while (side.pending.length >= 4 && !side.isLost) {
      const reader = new ByteReader(side.pending);
      const type = reader.number(1);
      const size = reader.number(3);
      if (size > longestMessage) {
        side.isLost = true;
        return this.#add(record, 'unknown_handshake', size + 4, encrypted, [{ name: 'type', values: [String(type)] }]);
      }
      if (reader.left < size) return;
      const body = reader.bytes(size);
      side.pending = reader.rest();
      this.#message(record, side, type, body, encrypted);
    }
  }

  #message(record: PassedRecord, side: Side, type: number, bytes: Uint8Array, encrypted: boolean): void {
    const suite = this.#serverHello ? suiteName(this.#serverHello.cipherSuite) : '';
    const { isMalformed, ...body } = readHandshake(type, bytes, { version: this.#version, suite });
    const { name, fields, extensions } = body;
    if (this.#count < mostMessages) {
      this.#count += 1;
      this.#decoded.push({
        body,
        message: {
          at: record.at, direction: record.direction, name, size: bytes.length + 4, encrypted, fields,
          ...(extensions ? { extensions } : {}), ...(isMalformed ? { malformed: true } : {}),
        },
      });
    }
    this.#follow(side, body);
  }

  /** What a message changes for those after it. */
  #follow(side: Side, { name, clientHello, serverHello }: HandshakeBody): void {
    if (clientHello && side.direction === 'sent') this.#clientHello = clientHello;
    else if (serverHello && side.direction === 'received' && !serverHello.isRetry) {
      this.#serverHello = serverHello;
      if (serverHello.version !== tls13) return;
      this.#change(this.#sides.received, this.#tls13Keys('SERVER_HANDSHAKE_TRAFFIC_SECRET'));
      this.#change(this.#sides.sent, this.#tls13Keys('CLIENT_HANDSHAKE_TRAFFIC_SECRET'));
    } else if (this.#version === tls13 && name === 'finished') {
      const from = side.direction === 'sent' ? 'CLIENT' : 'SERVER';
      this.#change(side, this.#tls13Keys(`${from}_TRAFFIC_SECRET_0`));
      side.isData = true;
    } else if (this.#version === tls13 && name === 'key_update') this.#change(side, side.keys?.next());
  }

  #tls13Keys(label: string): RecordKeys | undefined {
    const { cipherSuite } = this.#serverHello!;
    const secret = this.#keyLog.find(label, hexOf(this.#clientHello?.random ?? new Uint8Array()));
    return secret && tls13Keys(suiteName(cipherSuite), secret);
  }

  /** RFC 5246 §7.1: what comes after it is under the keys just agreed on. */
  #changeTls12(side: Side): void {
    const random = this.#clientHello?.random ?? new Uint8Array();
    const master = this.#keyLog.find('CLIENT_RANDOM', hexOf(random));
    const hello = this.#serverHello;
    const keys = master && hello ? tls12Keys(suiteName(hello.cipherSuite), master, random, hello.random) : undefined;
    this.#change(side, keys?.[side.direction]);
  }

  #change(side: Side, keys: RecordKeys | undefined): void {
    side.keys = keys;
    side.isEncrypted = true;
    side.firstIndex = side.nextIndex;
  }

  #alert(record: PassedRecord, content: Uint8Array, encrypted: boolean): void {
    const [level = 0, description = 0] = content;
    this.#add(record, 'alert', content.length, encrypted, [
      { name: 'level', values: [level === 1 ? 'warning' : level === 2 ? 'fatal' : String(level)] },
      { name: 'description', values: [alertName(description), String(description)] },
    ]);
  }

  #unreadable(record: PassedRecord, side: Side): void {
    side.unreadable += 1;
    if (side.unreadable <= mostUnreadable) this.#add(record, 'unreadable', record.fragment.length, true, []);
  }

  #strange(record: PassedRecord): void {
    this.#add(record, 'not_tls', record.fragment.length, false, [{ name: 'text', values: [asciiOf(record.fragment)] }]);
  }

  #add(
    record: PassedRecord, name: TlsMessageName, size: number, encrypted: boolean, fields: readonly TlsField[],
  ): void {
    if (this.#count >= mostMessages) return;
    this.#count += 1;
    const { at, direction } = record;
    this.#decoded.push({ body: undefined, message: { at, direction, name, size, encrypted, fields } });
  }
}

function newSide(direction: PassedRecord['direction']): Side {
  return {
    direction, keys: undefined, isEncrypted: false, isData: false, firstIndex: 0, nextIndex: 0,
    pending: new Uint8Array(), unreadable: 0, isLost: false,
  };
}
