// Which name a client wants is in the first message it sends, in the clear (RFC 8446 §4.1.2, RFC 6066 §3). It is read
// before TLS begins, because more than the certificate depends on it: versions, and whether clients need one too.

/** What the first bytes of a connection tell: the name, that there is none, or that more bytes are needed. */
export type Greeting =
  | { readonly complete: true; readonly serverName?: string }
  | { readonly complete: false };

const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;
/** A ClientHello of more than this is somebody else's to refuse. */
const maxSize = 65_536;

/** Reads the ClientHello at the start of `bytes`; what is none is complete and names nobody: TLS will refuse it. */
export function readGreeting(bytes: Buffer): Greeting {
  const handshake = handshakeBytes(bytes);
  if (handshake === 'more') return bytes.length < maxSize ? { complete: false } : { complete: true };
  try {
    const serverName = handshake && serverNameIn(handshake);
    return { complete: true, ...(serverName === undefined ? {} : { serverName }) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { complete: true };
  }
}

/** RFC 8446 §5.1: a message may come in several records. */
function handshakeBytes(bytes: Buffer): Buffer | 'more' | undefined {
  const fragments: Buffer[] = [];
  let held = 0;
  for (let offset = 0; ;) {
    if (offset < bytes.length && bytes[offset] !== handshakeRecord) return undefined;
    if (bytes.length < offset + 5) return 'more';
    const end = offset + 5 + bytes.readUInt16BE(offset + 3);
    if (bytes.length < end) return 'more';
    fragments.push(bytes.subarray(offset + 5, end));
    held += end - offset - 5;
    offset = end;
    if (held < 4) continue;
    const message = Buffer.concat(fragments);
    if (message[0] !== clientHello) return undefined;
    if (held >= 4 + message.readUIntBE(1, 3)) return message.subarray(4);
  }
}

/** Reading past the end throws. */
function serverNameIn(hello: Buffer): string | undefined {
  let offset = 2 + 32;
  offset += 1 + hello.readUInt8(offset);
  offset += 2 + hello.readUInt16BE(offset);
  offset += 1 + hello.readUInt8(offset);
  for (offset += 2; offset < hello.length;) {
    const type = hello.readUInt16BE(offset);
    const size = hello.readUInt16BE(offset + 2);
    // list length, name type 0, name length, name
    if (type === serverNameExtension && size > 5) {
      return hello.toString('latin1', offset + 9, offset + 9 + hello.readUInt16BE(offset + 7));
    }
    offset += 4 + size;
  }
  return undefined;
}
