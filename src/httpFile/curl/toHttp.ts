import { encodeForm, joinForm } from '../content/form.ts';
import { isGraphqlDocument } from '../content/graphql.ts';
import { normalizeText } from '../parser/lines.ts';
import { keepsComments, mediaTypeOf } from '../content/mediaType.ts';
import { parse } from '../parse.ts';
import { requestsOf } from './command.ts';
import type { CurlRequest } from './request.ts';
import { startsCurl } from './commandLines.ts';
import type { BodyPiece } from './data.ts';
import { shellOf, splitWords } from './words.ts';

/**
 * Curl commands as the text of requests, `###` between them; `unknown` lists what the text leaves out: options that are
 * not known or not supported, and what is for the shell. Undefined when the text is no curl command.
 */
export function curlToHttp(command: string): { text: string; unknown: string[] } | undefined {
  const source = withoutPrompt(normalizeText(command)).trim();
  if (!startsCurl(source, 0)) return undefined;
  const texts: string[] = [];
  const unknown: string[] = [];
  for (let at = 0; at < source.length;) {
    const words = splitWords(source, at, source.length, shellOf(source, at, source.length));
    for (const request of requestsOf(words)) texts.push(textOf(request, unknown));
    unknown.push(...words.unknown.map(({ text }) => text));
    if (words.unclosed !== undefined) unknown.push(source[words.unclosed]!);
    at = nextCommand(source, Math.max(words.end, at + 1));
  }
  return { text: `${texts.join('\n\n###\n\n')}\n`, unknown: [...new Set(unknown)] };
}

/** `$ ` and `> ` before a command are how a terminal shows it. */
function withoutPrompt(text: string): string {
  return text.replace(/^\s{0,80}(?:\$|>|PS [^>\n]{0,200}>)[ \t]{1,8}(?=curl)/i, '');
}

/** Where the next line stands that is a command; the text's end when there is none. */
function nextCommand(source: string, from: number): number {
  for (let line = source.indexOf('\n', from - 1); line >= 0; line = source.indexOf('\n', line + 1)) {
    let at = line + 1;
    while (source[at] === ' ' || source[at] === '\t') at++;
    if (startsCurl(source, at)) return at;
  }
  return source.length;
}

function textOf(request: CurlRequest, unknown: string[]): string {
  const { method, url, version, headers, options, unsupported, ignored, outputs, body } = request;
  unknown.push(...[...unsupported, ...ignored, ...outputs].map(({ text }) => text));
  for (const piece of body) if (piece.kind === 'file' && piece.change) unknown.push(`@${piece.path.text}`);
  const type = mediaTypeOf(headers.find(({ name }) => name.text.toLowerCase() === 'content-type')?.value.text);
  const written = bodyWith(body, (path) => `< ${path}`, type);
  const metadata = options.map(({ key, value }) => `# @${key}${value === '' ? '' : ` ${value}`}`);
  if (needsRaw(bodyWith(body, () => '', type), type)) metadata.push('# @raw-body');
  const lines = [
    ...metadata, `${method.text} ${url.text}${version ? ` ${version.text}` : ''}`,
    ...headers.map(({ name, value }) => `${name.text}: ${value.text}`.trimEnd()),
  ];
  const text = written === '' ? lines.join('\n') : `${lines.join('\n')}\n\n${written}`;
  if (!readsAs(text, bodyWith(body, (path) => `\0${path}\0`, type))) unknown.push('--data');
  return text;
}

/** The body as lines, with files as `include` has them. */
function bodyWith(body: readonly BodyPiece[], include: (path: string) => string, type: string): string {
  const text = body.map((piece) => piece.kind === 'text' ? piece.word.text : include(pathOf(piece.path.text))).join('');
  return type.startsWith('multipart/') ? text.replaceAll('\r\n', '\n').trimEnd() : text;
}

/** A path that is seen to be one. */
function pathOf(path: string): string {
  return /^(?:[./\\]|[a-z]:)/i.test(path) ? path : `./${path}`;
}

/** Whether a body of this type would be sent as other bytes than these. */
function needsRaw(text: string, type: string): boolean {
  if (text === '' || type.startsWith('multipart/')) return false;
  if (!keepsComments(type) && /^\s{0,80}(?:#|\/\/)/m.test(text)) return true;
  if (/jsonl|ndjson|jsonlines|json-lines/.test(type) || isGraphqlDocument(text)) return true;
  if (type !== 'application/x-www-form-urlencoded') return false;
  const plain = text.replace(/\{\{[^{}\n]{1,200}\}\}/g, 'x');
  return encodeForm(joinForm(plain).text) !== plain;
}

/** Whether a text is read as one request with that body: lines cannot say everything that bytes can. */
function readsAs(text: string, body: string): boolean {
  const { requests: [request, ...more] } = parse(text);
  const read = request?.body?.map((one) => one.kind === 'text' ? one.text : `\0${one.path}\0`).join('') ?? '';
  return more.length === 0 && read === body;
}
