import type { BodyPiece } from './data.ts';
import type { Argument } from './flags.ts';
import type { Word } from './word.ts';
import { meantWord, partOf } from './word.ts';

/** The multipart body of `-F` (RFC 7578), and its media type with the boundary. */
export function formBody(form: readonly Argument[], unsupported: Word[]): { type: string; pieces: BodyPiece[] } {
  const boundary = boundaryFor(form.map(({ value }) => value!.text).join('\n'));
  const pieces: BodyPiece[] = [];
  for (const argument of form) {
    const part = partFor(argument, unsupported);
    const head = `--${boundary}\r\n${part.head}\r\n`;
    pieces.push({ kind: 'text', word: meantWord(head, argument.flag) }, ...part.content);
    pieces.push({ kind: 'text', word: meantWord('\r\n', argument.flag) });
  }
  pieces.push({ kind: 'text', word: meantWord(`--${boundary}--\r\n`, form.at(-1)!.flag) });
  return { type: `multipart/form-data; boundary=${boundary}`, pieces };
}

/** The same for the same form, and unlike anything in it. */
function boundaryFor(text: string): string {
  let hash = 0x811c9dc5;
  let boundary = '';
  do {
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
    hash = Math.imul(hash ^ 0x5f, 0x01000193) >>> 0;
    boundary = `----------------roundtrip${hash.toString(16).padStart(8, '0')}`;
  } while (text.includes(boundary));
  return boundary;
}

interface Part {
  readonly head: string;
  readonly content: BodyPiece[];
}

function partFor({ name, value }: Argument, unsupported: Word[]): Part {
  const word = value!;
  const equals = Math.max(0, word.text.indexOf('='));
  const field = word.text.slice(0, equals);
  const disposition = `Content-Disposition: form-data; name="${escaped(field)}"`;
  const plain = (content: Word): BodyPiece[] => content.text === '' ? [] : [{ kind: 'text', word: content }];
  if (name === 'form-string') return { head: `${disposition}\r\n`, content: plain(partOf(word, equals + 1)) };
  const mark = word.text[equals + 1];
  const isFile = mark === '@' || mark === '<';
  const { content, attributes } = splitAttributes(word, isFile ? equals + 2 : equals + 1);
  const type = attributes.get('type');
  const typeLine = (found: string | undefined) => found === undefined ? '' : `Content-Type: ${found}\r\n`;
  if (isFile && content.text === '-') unsupported.push(word);
  if (mark !== '@') {
    const pieces: BodyPiece[] = isFile ? [{ kind: 'file', path: content }] : plain(content);
    return { head: `${disposition}\r\n${typeLine(type)}`, content: pieces };
  }
  const filename = attributes.get('filename') ?? content.text.split(/[\\/]/).at(-1)!;
  return {
    head: `${disposition}; filename="${escaped(filename)}"\r\n${typeLine(type ?? typeOfName(filename))}`,
    content: [{ kind: 'file', path: content }],
  };
}

/** HTML's way to write a name in a quoted string, which RFC 7578 §4.2 leaves to it. */
function escaped(name: string): string {
  return name.replace(/["\r\n]/g, (one) => one === '"' ? '%22' : one === '\r' ? '%0D' : '%0A');
}

/** `content;type=text/plain;filename="a b"`: white space before, and quotes around the content, go. */
function splitAttributes(word: Word, start: number): { content: Word; attributes: Map<string, string> } {
  let at = start;
  while (/\s/.test(word.text[at] ?? '')) at++;
  const first = quotedOrPlain(word.text, at);
  const content = first.text === word.text.slice(at, first.end)
    ? partOf(word, at, first.end) : meantWord(first.text, partOf(word, at, first.end));
  const attributes = new Map<string, string>();
  at = first.end;
  while (word.text[at] === ';') {
    const found = /^;\s{0,20}(type|filename)=/i.exec(word.text.slice(at, at + 40));
    const value = quotedOrPlain(word.text, at + (found ? found[0].length : 1));
    // A media type has parameters of its own: `type=text/plain;charset=utf-8`.
    const charset = /^;\s{0,20}charset=[\w-]{1,40}/i.exec(word.text.slice(value.end, value.end + 70));
    const more = found?.[1]!.toLowerCase() === 'type' ? charset?.[0] ?? '' : '';
    if (found) attributes.set(found[1]!.toLowerCase(), value.text + more);
    at = value.end + more.length;
  }
  return { content, attributes };
}

/** A text up to the next `;`, or a quoted one with its escapes. */
function quotedOrPlain(text: string, start: number): { text: string; end: number } {
  if (text[start] === '"') {
    let value = '';
    for (let at = start + 1; at < text.length; at++) {
      if (text[at] === '"') {
        const end = text.indexOf(';', at);
        return { text: value, end: end < 0 ? text.length : end };
      }
      if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at++;
      value += text[at];
    }
  }
  const end = text.indexOf(';', start);
  return { text: text.slice(start, end < 0 ? text.length : end), end: end < 0 ? text.length : end };
}

/** The few types that curl knows by a name's end. */
function typeOfName(name: string): string {
  const end = /\.([a-z]{3,4})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return types[end] ?? 'application/octet-stream';
}

const types: Readonly<Record<string, string>> = {
  gif: 'image/gif', jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', svg: 'image/svg+xml', txt: 'text/plain',
  htm: 'text/html', html: 'text/html', pdf: 'application/pdf', xml: 'application/xml',
};
