/** Tag, definite length, value (X.690 §8.1), up to 65535 bytes. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value]);
  if (length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, length]), value]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), value]);
}

/** An element and where the next one begins. Reads what we wrote ourselves: sizes are not doubted. */
export function readDer(bytes: Buffer, offset: number): {
  readonly whole: Buffer; readonly value: Buffer; readonly end: number;
} {
  const first = bytes.readUInt8(offset + 1);
  const lengthSize = first < 0x80 ? 0 : first & 0x7f;
  const length = lengthSize === 0 ? first : bytes.readUIntBE(offset + 2, lengthSize);
  const start = offset + 2 + lengthSize;
  return {
    whole: bytes.subarray(offset, start + length), value: bytes.subarray(start, start + length), end: start + length,
  };
}

/** The elements within a constructed one, in their order. */
export function childrenOf(value: Buffer): Buffer[] {
  const children: Buffer[] = [];
  for (let offset = 0; offset < value.length;) {
    const { whole, end } = readDer(value, offset);
    children.push(whole);
    offset = end;
  }
  return children;
}
