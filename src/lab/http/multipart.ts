/** A part of a form (RFC 7578 §4); `headers` in order, names as written. */
export interface FormPart {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly name: string | undefined;
  readonly fileName: string | undefined;
  readonly content: Buffer;
}

const maxParts = 100;

/** The boundary that a Content-Type names (RFC 2046 §5.1.1), quoted or not. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  const match =
    /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType ?? '');
  return match?.[1] ?? match?.[2];
}

/** Takes a form apart; a string says what is wrong with it. */
export function readForm(body: Buffer, boundary: string): readonly FormPart[] | string {
  // RFC 2046 §5.1.1: a delimiter begins a line; the first may begin the body.
  const text = Buffer.concat([Buffer.from('\r\n'), body]);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const parts: FormPart[] = [];
  let at = text.indexOf(delimiter);
  if (at === -1) return `The boundary ${boundary} does not occur in the body.`;
  for (;;) {
    const start = at + delimiter.length;
    if (text.subarray(start, start + 2).equals(Buffer.from('--'))) return parts;
    const next = text.indexOf(delimiter, start);
    if (next === -1) return 'The last boundary is missing: it ends with two hyphens.';
    const part = readPart(text.subarray(start, next));
    if (typeof part === 'string') return part;
    if (parts.push(part) > maxParts) return `A form of more than ${maxParts} parts is not read.`;
    at = next;
  }
}

/** From the end of the delimiter, on whose line there may be spaces, to the next one. */
function readPart(bytes: Buffer): FormPart | string {
  const line = bytes.indexOf('\r\n');
  if (line === -1 || bytes.toString('latin1', 0, line).trim() !== '') return 'A boundary is not a line of its own.';
  // A part without header fields begins with the empty line at once.
  const end = bytes.indexOf('\r\n\r\n', line);
  if (end === -1) return 'A part has no empty line between its headers and its content.';
  const lines = bytes.toString('utf8', line + 2, Math.max(line + 2, end)).split('\r\n').filter((one) => one !== '');
  const headers = lines.map((one): [string, string] => {
    const colon = one.indexOf(':');
    return [one.slice(0, Math.max(0, colon)).trim(), one.slice(colon + 1).trim()];
  });
  const disposition = headers.find(([name]) => name.toLowerCase() === 'content-disposition')?.[1];
  return {
    headers, name: parameter(disposition, 'name'), fileName: parameter(disposition, 'filename'),
    content: bytes.subarray(end + 4),
  };
}

/** RFC 7578 §4.2: quoted, percent-encoded quotes as browsers write them. */
function parameter(field: string | undefined, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(field ?? '');
  return match?.[1]?.replace(/\\(.)/g, '$1').replace(/%22/g, '"') ?? match?.[2];
}
