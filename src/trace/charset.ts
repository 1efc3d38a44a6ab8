import type { FieldLine } from './request.ts';

/** Where it says which charset a content is in; `default` where nothing does. */
export type CharsetSource = 'bom' | 'content-type' | 'xml' | 'meta' | 'json' | 'default';

/** The charset of a content: a label of the WHATWG Encoding standard, or the name as given where that has none. */
export interface Charset {
  readonly label: string;
  readonly from: CharsetSource;
  /** What the Content-Type said, where something before it says otherwise. */
  readonly otherwise?: string;
}

/** How far into a content a declaration is looked for (HTML, "prescan a byte stream"). */
const prescanned = 1024;

/**
 * Which charset a content is in, by its first bytes and its fields: a byte order mark before all (Encoding, "decode"),
 * then the Content-Type (RFC 9110 §8.3.2), then the XML declaration (XML 1.0 appendix F) or `<meta charset>` of HTML.
 * JSON is UTF-8 whatever is said (RFC 8259 §8.1) unless its zeros show UTF-16; without any word it is UTF-8.
 */
export function findCharset(bytes: Uint8Array, headers: readonly FieldLine[]): Charset {
  const contentType = valueOf(headers, 'content-type');
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  const declared = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
  const bom = byteOrderMark(bytes);
  // Two bytes alone are no mark of text where nothing says that it is one.
  const isText = declared !== undefined || /^text\/|[/+](?:json|xml|javascript)$/.test(type);
  if (bom !== undefined && (isText || bom === 'utf-8')) {
    const differs = declared !== undefined && labelOf(declared).replace(/^utf-16$/, bom) !== bom;
    return { label: bom, from: 'bom', ...(differs ? { otherwise: declared } : {}) };
  }
  // RFC 2781 §4.3: without a mark, UTF-16 alone is big endian; the Web and its servers mean little endian.
  if (declared !== undefined) return {
    label: labelOf(declared).replace(/^utf-16$/, zeros(bytes) ?? 'utf-16le'), from: 'content-type',
  };
  if (/\bxml\b|\+xml$/.test(type)) return inXml(bytes) ?? { label: 'utf-8', from: 'default' };
  if (type === 'text/html' || type === '') {
    const found = inXml(bytes) ?? inMeta(bytes);
    if (found) return found;
  }
  if (/[/+]json$/.test(type)) return { label: zeros(bytes) ?? 'utf-8', from: 'json' };
  return { label: 'utf-8', from: 'default' };
}

function valueOf(headers: readonly FieldLine[], wanted: string): string {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
}

function byteOrderMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xff && second === 0xfe ? 'utf-16le' : undefined;
}

/** Text that begins with an ASCII character has a zero beside it in UTF-16. */
function zeros([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === 0 && second !== undefined && second !== 0) return 'utf-16be';
  return second === 0 && first !== undefined && first !== 0 ? 'utf-16le' : undefined;
}

/** XML 1.0 appendix F: its first characters are ASCII's, whatever the charset. */
function inXml(bytes: Uint8Array): Charset | undefined {
  const wide = zeros(bytes);
  const text = asciiOf(bytes, wide);
  if (!text.startsWith('<?xml')) return undefined;
  if (wide) return { label: wide, from: 'xml' };
  const name = /^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(text)?.[1];
  return name === undefined ? undefined : { label: notWide(labelOf(name)), from: 'xml' };
}

function inMeta(bytes: Uint8Array): Charset | undefined {
  const text = asciiOf(bytes, undefined).replace(/<!--.*?(?:-->|$)/gs, '');
  const name = /<meta[^>]*?[\s;"']charset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(text)?.[1];
  return name === undefined ? undefined : { label: notWide(labelOf(name)), from: 'meta' };
}

/** HTML, "prescan": what could be read as ASCII is no UTF-16. */
function notWide(label: string): string {
  return label.startsWith('utf-16') ? 'utf-8' : label;
}

function asciiOf(bytes: Uint8Array, wide: string | undefined): string {
  const start = bytes.subarray(0, prescanned);
  const narrow = wide ? start.filter((_, index) => index % 2 === (wide === 'utf-16be' ? 1 : 0)) : start;
  return String.fromCharCode(...narrow);
}

/** Names that are written for charsets which the standard knows by another one. */
const otherNames: Readonly<Record<string, string>> = {
  utf8: 'utf-8', 'unicode-1-1-utf-8': 'utf-8', utf16: 'utf-16', 'utf-16': 'utf-16', ucs2: 'utf-16', 'ucs-2': 'utf-16',
  cp949: 'euc-kr', ms949: 'euc-kr', uhc: 'euc-kr', 'windows-949': 'euc-kr', 'ks_c_5601-1987': 'euc-kr', euckr: 'euc-kr',
  ksc5601: 'euc-kr',
  sjis: 'shift_jis', 'shift-jis': 'shift_jis', 'x-sjis': 'shift_jis', cp932: 'shift_jis', ms932: 'shift_jis',
  'windows-31j': 'shift_jis',
  eucjp: 'euc-jp', 'x-euc-jp': 'euc-jp', cp936: 'gbk', gb2312: 'gbk', euccn: 'gbk', 'euc-cn': 'gbk', gb18030: 'gb18030',
  cp950: 'big5',
  latin1: 'windows-1252', 'iso-8859-1': 'windows-1252', 'us-ascii': 'windows-1252', ascii: 'windows-1252',
};

function labelOf(name: string): string {
  const lower = name.trim().toLowerCase();
  return otherNames[lower] ?? lower;
}
