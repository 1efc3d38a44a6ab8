import { normalizeText } from './parser/lines.ts';
import { parse } from './parse.ts';
import type { ParseOptions } from './parse.ts';
import type { HttpFile } from './syntax.ts';

/**
 * The request file in a Markdown or AsciiDoc text: what stands in code blocks of the languages `http` and `rest`.
 * Lines keep their numbers, each code block is a block of its own, and all of them share their variables.
 */
export function parseMarkdown(text: string, options?: ParseOptions): HttpFile {
  return parseLines(readMarkdown(text), options);
}

/** The requests in the lines that {@link readMarkdown} gives. */
export function parseLines({ lines }: MarkdownLines, options?: ParseOptions): HttpFile {
  return parse(lines.join('\n'), options);
}

/** Whether a file of this name holds its requests in code blocks. */
export function isMarkdownName(path: string): boolean {
  return /\.(?:md|markdown|mdown|mkd|mdx|adoc|asciidoc|asc)$/i.test(path);
}

/** The lines of a Markdown text as the parser reads them. */
export interface MarkdownLines {
  readonly lines: readonly string[];
  /** How many characters before each line were left out; -1 for a line that is in no code block of requests. */
  readonly indents: Int32Array;
}

/** {@link readMarkdown} as one text. */
export function requestsInMarkdown(text: string): string {
  return readMarkdown(text).lines.join('\n');
}

/**
 * The lines with everything outside code blocks of requests left out: as many as before. The lines that open and close
 * a block become separators; a code block's own indent goes.
 */
export function readMarkdown(text: string): MarkdownLines {
  const lines = normalizeText(text).split('\n');
  const indents = new Int32Array(lines.length).fill(-1);
  let fence: Fence | undefined;
  const kept = lines.map((written, line) => {
    if (!fence) {
      fence = fenceOn(lines, line);
      return fence?.isRequests ? `### ${fence.title}`.trimEnd() : '';
    }
    const { isRequests, indent } = fence;
    if (closes(fence, written)) {
      fence = undefined;
      return isRequests ? '###' : '';
    }
    if (!isRequests) return '';
    indents[line] = indentOf(written, indent);
    return written.slice(indents[line]);
  });
  return { lines: kept, indents };
}

/** A code block that is open. */
interface Fence {
  /** The character its closing line consists of, and how often it stands there at least. */
  readonly mark: string;
  readonly length: number;
  readonly indent: number;
  readonly isRequests: boolean;
  readonly title: string;
}

/** A code block of Markdown (CommonMark §4.5) or of AsciiDoc that opens on this line. */
function fenceOn(lines: readonly string[], line: number): Fence | undefined {
  const written = lines[line]!;
  const indent = indentOf(written, written.length);
  const mark = written[indent];
  if (mark !== '`' && mark !== '~' && mark !== '-' && mark !== '.') return undefined;
  const length = runOf(written, indent, mark);
  const infoString = written.slice(indent + length).trim();
  if (mark === '-' || mark === '.') {
    return length >= 4 && infoString === '' ? listingOn(lines, line, mark, length) : undefined;
  }
  // A code span may start with three backticks too, but it closes on its line.
  if (length < 3 || (mark === '`' && infoString.includes('`'))) return undefined;
  return { mark, length, indent, ...describeInfo(infoString) };
}

/** `http`, `rest` or `{.http}`, perhaps with a title behind it; or another language. */
function describeInfo(infoString: string): Pick<Fence, 'isRequests' | 'title'> {
  const [, language = '', rest = ''] = /^(?:\{\s{0,8}\.)?([\w+#-]{0,40})(.*)$/.exec(infoString) ?? [];
  const attribute = /\b(?:title|name)\s{0,4}=\s{0,4}(?:"([^"]{0,200})"|'([^']{0,200})')/.exec(rest);
  const plain = infoString.startsWith('{') ? '' : /^\s+([^{]{0,200})/.exec(rest)?.[1]?.trim() ?? '';
  return { isRequests: isRequestLanguage(language), title: attribute?.[1] ?? attribute?.[2] ?? plain };
}

function isRequestLanguage(language: string): boolean {
  return /^(?:http|rest)$/i.test(language);
}

/** A listing of AsciiDoc: `[source,http]`, perhaps a line with its `.Title`, then four or more `-` or `.`. */
function listingOn(
  lines: readonly string[], line: number, mark: string, length: number,
): Fence | undefined {
  const above = lines[line - 1]?.trim() ?? '';
  const isTitle = /^\.[^.\s]/.test(above);
  const attributes = isTitle ? lines[line - 2]?.trim() ?? '' : above;
  const language = /^\[(?:source|listing)?(?:%\w{1,20})?,\s{0,4}([\w+#-]{1,40})[,\]]/.exec(attributes)?.[1];
  if (language === undefined) return undefined;
  const title = isTitle ? above.slice(1) : titleBefore(lines, line - 2);
  return { mark, length, indent: 0, isRequests: isRequestLanguage(language), title };
}

/** AsciiDoc's title may also stand above the attributes. */
function titleBefore(lines: readonly string[], line: number): string {
  const text = lines[line]?.trim() ?? '';
  return /^\.[^.\s]/.test(text) ? text.slice(1) : '';
}

/** A closing line has the same character, as often or more; a listing's exactly as often. */
function closes({ mark, length }: Fence, written: string): boolean {
  const indent = indentOf(written, written.length);
  const found = runOf(written, indent, mark);
  const isEnough = mark === '-' || mark === '.' ? found === length : found >= length;
  return isEnough && written.slice(indent + found).trim() === '';
}

function indentOf(line: string, limit: number): number {
  let indent = 0;
  while (indent < limit && (line[indent] === ' ' || line[indent] === '\t')) indent++;
  return indent;
}

function runOf(line: string, from: number, mark: string): number {
  let end = from;
  while (line[end] === mark) end++;
  return end - from;
}
