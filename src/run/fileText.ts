/** The text of a file, or what its bytes seem to be instead. */
type FileText = { readonly text: string } | { readonly encoding: string };

/**
 * Decodes the bytes of a text file: UTF-8 (RFC 3629), or UTF-16 with a byte order mark (RFC 2781 §3.2). A byte order
 * mark is not part of the text. Bytes that hold NUL otherwise are no text; what they look like is told.
 */
export function decodeFile(bytes: Uint8Array): FileText {
  const marked = markedEncoding(bytes);
  const text = new TextDecoder(marked ?? 'utf-8').decode(bytes);
  if (!text.includes('\0')) return { text };
  return { encoding: marked ? 'UTF-32' : likelyEncoding(bytes) };
}

function markedEncoding([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** Half of the bytes of ASCII in UTF-16 are NUL, and all of them on the same side. */
function likelyEncoding(bytes: Uint8Array): string {
  const sides: [number, number] = [0, 0];
  const looked = Math.min(bytes.length, 4096);
  for (let at = 0; at < looked; at++) if (bytes[at] === 0) sides[at & 1 ? 1 : 0]++;
  const [even, odd] = sides;
  if (odd * 4 > looked && even * 8 < odd) return 'UTF-16LE';
  return even * 4 > looked && odd * 8 < even ? 'UTF-16BE' : 'binary';
}
