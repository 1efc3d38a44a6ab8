import { createDecipheriv, createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { PassedRecord } from './recording.ts';

/** What a cipher suite's name says of how records are protected. */
interface Protection {
  readonly algorithm: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305' | 'aes-128-ccm' | 'aes-256-ccm';
  readonly keyLength: number;
  readonly tagLength: number;
  readonly hash: 'sha256' | 'sha384';
}

const protections = new Map<string, Protection | undefined>();

/** Undefined for suites without AEAD: their records stay unread. */
function protectionOf(suite: string): Protection | undefined {
  if (!protections.has(suite)) protections.set(suite, readProtection(suite));
  return protections.get(suite);
}

function readProtection(suite: string): Protection | undefined {
  const hash = suite.endsWith('SHA384') ? 'sha384' : 'sha256';
  if (suite.includes('CHACHA20_POLY1305')) {
    return { algorithm: 'chacha20-poly1305', keyLength: 32, tagLength: 16, hash };
  }
  const [, bits, mode, short] = /AES_(128|256)_(GCM|CCM)(_8)?/.exec(suite) ?? [];
  if (bits === undefined) return undefined;
  const algorithm = `aes-${bits as '128' | '256'}-${mode === 'GCM' ? 'gcm' : 'ccm'}` as const;
  return { algorithm, keyLength: Number(bits) / 8, tagLength: short ? 8 : 16, hash };
}

/** The keys of one direction, as long as they are in use. */
export interface RecordKeys {
  /** A record's content, or undefined when it does not fit the keys; `sequence` counts the records under these keys. */
  open(record: PassedRecord, sequence: number): Opened | undefined;
  /** RFC 8446 §7.2: the keys after a KeyUpdate. */
  next(): RecordKeys | undefined;
}

export interface Opened {
  readonly type: number;
  readonly content: Uint8Array;
}

/** RFC 8446 §7.3: keys from a traffic secret. */
export function tls13Keys(suite: string, secret: Buffer): RecordKeys | undefined {
  const protection = protectionOf(suite);
  if (!protection) return undefined;
  const { hash, keyLength } = protection;
  let derived: { readonly key: KeyObject; readonly iv: Buffer } | undefined;
  // Some are never needed. Of plain bytes Node makes a key object each time, in ten times the time.
  const derive = (): NonNullable<typeof derived> => {
    const base = createSecretKey(secret);
    return { key: createSecretKey(expandLabel(hash, base, 'key', keyLength)), iv: expandLabel(hash, base, 'iv', 12) };
  };
  return {
    open({ header, fragment }, sequence) {
      derived ??= derive();
      const inner = decrypt(protection, derived.key, nonceOf(derived.iv, sequence), header, fragment);
      if (!inner) return undefined;
      // RFC 8446 §5.4: the content, its type, and zeros as padding.
      let end = inner.length;
      while (end > 0 && inner[end - 1] === 0) end -= 1;
      return end === 0 ? undefined : { type: inner[end - 1]!, content: inner.subarray(0, end - 1) };
    },
    next: () => tls13Keys(suite, expandLabel(hash, createSecretKey(secret), 'traffic upd', secret.length)),
  };
}

/** RFC 5246 §6.3: both directions' keys from the master secret. */
export function tls12Keys(
  suite: string, master: Buffer, clientRandom: Uint8Array, serverRandom: Uint8Array,
): Record<PassedRecord['direction'], RecordKeys> | undefined {
  const protection = protectionOf(suite);
  if (!protection) return undefined;
  // RFC 5288 §3 and RFC 6655 §3 send 8 of 12 bytes of the nonce along, RFC 7905 §2 none.
  const isExplicit = protection.algorithm !== 'chacha20-poly1305';
  const ivLength = isExplicit ? 4 : 12;
  const { hash, keyLength } = protection;
  const seed = Buffer.concat([Buffer.from('key expansion'), serverRandom, clientRandom]);
  const block = expand(hash, master, seed, 2 * (keyLength + ivLength));
  const keysAt = (place: number): RecordKeys => {
    const key = createSecretKey(block.subarray(place * keyLength, (place + 1) * keyLength));
    const ivStart = 2 * keyLength + place * ivLength;
    return { open: openTls12(protection, key, block.subarray(ivStart, ivStart + ivLength)), next: () => undefined };
  };
  return { sent: keysAt(0), received: keysAt(1) };
}

function openTls12(protection: Protection, key: KeyObject, iv: Buffer): RecordKeys['open'] {
  const explicitLength = 12 - iv.length;
  return ({ header, fragment, type }, sequence) => {
    const size = fragment.length - explicitLength - protection.tagLength;
    if (size < 0) return undefined;
    const nonce = explicitLength > 0
      ? Buffer.concat([iv, fragment.subarray(0, explicitLength)]) : nonceOf(iv, sequence);
    // RFC 5246 §6.2.3.3: the sequence number, and the header with the length of the content.
    const additional = Buffer.alloc(13);
    additional.writeBigUInt64BE(BigInt(sequence));
    additional.set(header.subarray(0, 3), 8);
    additional.writeUInt16BE(size, 11);
    const content = decrypt(protection, key, nonce, additional, fragment.subarray(explicitLength));
    return content && { type: type!, content };
  };
}

/** RFC 8446 §5.3 */
function nonceOf(iv: Buffer, sequence: number): Buffer {
  const nonce = Buffer.from(iv);
  let left = sequence;
  for (let index = 11; left > 0 && index >= 4; index--) {
    nonce[index]! ^= left % 256;
    left = Math.floor(left / 256);
  }
  return nonce;
}

function decrypt(
  { algorithm, tagLength }: Protection, key: KeyObject, nonce: Buffer, additional: Uint8Array, fragment: Uint8Array,
): Buffer | undefined {
  const size = fragment.length - tagLength;
  if (size < 0) return undefined;
  try {
    // The types of CCM and of the others exclude each other.
    const decipher = createDecipheriv(algorithm as 'aes-128-ccm', key, nonce, { authTagLength: tagLength });
    decipher.setAuthTag(fragment.subarray(size));
    decipher.setAAD(additional, { plaintextLength: size });
    const content = decipher.update(fragment.subarray(0, size));
    decipher.final();
    return content;
  } catch {
    return undefined;
  }
}

/** RFC 8446 §7.1; one block of the hash is enough for every key. */
function expandLabel(hash: Protection['hash'], secret: KeyObject, label: string, length: number): Buffer {
  return createHmac(hash, secret).update(labelOf(label, length)).digest().subarray(0, length);
}

const labels = new Map<string, Buffer>();

/** HkdfLabel without a context, and the number of the block; there are only so many. */
function labelOf(label: string, length: number): Buffer {
  const key = `${label} ${length}`;
  let info = labels.get(key);
  if (info) return info;
  const name = Buffer.from(`tls13 ${label}`);
  info = Buffer.concat([Buffer.from([length >> 8, length & 255, name.length]), name, Buffer.from([0, 1])]);
  labels.set(key, info);
  return info;
}

/** RFC 5246 §5: P_hash. */
function expand(hash: Protection['hash'], secret: Buffer, seed: Buffer, length: number): Buffer {
  const blocks: Buffer[] = [];
  const key = createSecretKey(secret);
  let a = seed;
  for (let size = 0; size < length; size += blocks.at(-1)!.length) {
    a = createHmac(hash, key).update(a).digest();
    blocks.push(createHmac(hash, key).update(a).update(seed).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** The secrets of an NSS key log, by their label and the random of the ClientHello. */
export function createKeyLog(): {
  add(line: string): void;
  find(label: string, clientRandom: string): Buffer | undefined;
} {
  const secrets = new Map<string, Buffer>();
  return {
    add(line) {
      const [label, random, secret] = line.trim().split(' ');
      if (secret !== undefined) secrets.set(`${label} ${random}`, Buffer.from(secret, 'hex'));
    },
    find: (label, clientRandom) => secrets.get(`${label} ${clientRandom}`),
  };
}
