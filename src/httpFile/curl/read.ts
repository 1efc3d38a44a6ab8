import { endOf, firstCode, isBlank, lineKind, rangeOfLine, trimmedEndOf } from '../parser/lines.ts';
import { readExampleResponse } from '../parser/preamble.ts';
import { endOfBlockComment, keepElement, keepVariable, report } from '../parser/reader.ts';
import type { Reader } from '../parser/reader.ts';
import { isStackedRequest, isStatusLine } from '../parser/requestLine.ts';
import { peelTail } from '../parser/tail.ts';
import { requestsOf } from './command.ts';
import type { CurlRequest } from './request.ts';
import { startsCurl } from './commandLines.ts';
import { CommandNode, lineAt, spanBetween } from './nodes.ts';
import type { Command, Word } from './word.ts';
import { shellOf, splitWords } from './words.ts';

/** What a curl command in a block comes to. */
interface ReadCommand {
  readonly requests: readonly CommandNode[];
  /** The command's last line. */
  readonly last: number;
  /** The line after the command and what belongs to it: the block's end, or that of the next request. */
  readonly next: number;
}

/** C43: a curl command as requests, and what follows it in the block. */
export function readCurl(reader: Reader, line: number): ReadCommand {
  const { lines, block } = reader;
  const from = lines.firsts[line]!;
  const limit = endOf(lines, reader.end - 1);
  const command = splitWords(lines.text, from, limit, shellOf(lines.text, from, limit));
  const last = lineAt(lines.starts, lines.count, Math.max(from, command.end - 1));
  const requests = requestsOf(command);
  if (requests[0]) remark(reader, command, requests[0]);
  const next = readBehind(reader, last + 1);
  // With several URLs, each request reaches to the next one's.
  const nodes = requests.map((request, index) => {
    const start = index === 0 ? lines.starts[block.from]! : request.url.from;
    const end = requests[index + 1]?.url.from ?? trimmedEndOf(lines, last);
    const own = index === 0 ? line : lineAt(lines.starts, lines.count, start);
    return new CommandNode(block, request, own, spanBetween(block, { from: start, to: Math.max(start, end) }));
  });
  return { requests: nodes, last, next };
}

function remark(reader: Reader, command: Command, { unsupported, ignored, outputs, url }: CurlRequest): void {
  const { block } = reader;
  const { unclosed, variables, unknown } = command;
  const [variable] = variables;
  if (variable) {
    const names = [...new Set(variables.map(nameOf))].join(', ');
    report(reader, 'curl-variable', spanBetween(block, variable), { names });
  }
  for (const word of unknown) report(reader, 'shell-value-unknown', spanBetween(block, word), { text: nameOf(word) });
  if (unclosed !== undefined) {
    report(reader, 'curl-quote-not-closed', spanBetween(block, { from: unclosed, to: unclosed + 1 }));
  }
  for (const word of unsupported) {
    report(reader, 'curl-option-unsupported', spanBetween(block, word), { option: word.text });
  }
  const [output] = outputs;
  if (output) {
    const options = outputs.map(nameOf).join(', ');
    report(reader, 'curl-output-ignored', spanBetween(block, output), { options });
  }
  const all = [...ignored, ...globsIn(url)];
  const [first] = all;
  if (!first) return;
  report(reader, 'curl-option-ignored', spanBetween(block, first), { options: all.map(nameOf).join(', ') });
}

function nameOf({ text }: Word): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** `[1-9]` and `{a,b}`: curl would send several requests. */
function globsIn(url: Word): Word[] {
  const found = /\[[\w]{1,20}-[\w:]{1,20}\]|\{[^{},]{0,80},[^{}]{0,80}\}/.exec(url.text.slice(0, 8000));
  return found ? [{ ...url, text: found[0] }] : [];
}

/** The rest of the block: another command, a request without separator, a response, a tail; all else is told. */
function readBehind(reader: Reader, from: number): number {
  const { lines } = reader;
  const stop = nextRequest(reader, from);
  const end = stop?.line ?? reader.end;
  const tail = peelTail(lines, from, end, false);
  for (let line = from; line < tail.bodyEnd; line++) {
    if (lines.kinds[line] !== lineKind.text) continue;
    report(reader, 'curl-line-ignored', rangeOfLine(lines, line));
    break;
  }
  for (const element of tail.elements) keepElement(reader, element.kind, element.first, element.last);
  for (const line of tail.variables) keepVariable(reader, line);
  if (stop?.kind === 'response') readExampleResponse(reader, stop.line);
  if (!stop || stop.kind === 'response') return reader.end;
  // What is said of the next request stands in comments before it.
  let next = stop.line;
  let first = next;
  for (; next > from && (isBlank(lines, next - 1) || lines.kinds[next - 1] === lineKind.comment); next--) {
    if (!isBlank(lines, next - 1)) first = next - 1;
  }
  if (stop.kind === 'request') report(reader, 'separator-missing', rangeOfLine(lines, first));
  return next;
}

function nextRequest(
  reader: Reader, from: number,
): { line: number; kind: 'curl' | 'request' | 'response' } | undefined {
  const { lines, end } = reader;
  for (let line = from; line < end; line++) {
    if (lines.kinds[line] !== lineKind.text) continue;
    const code = firstCode(lines, line) | 0x20;
    if (code === 0x2f && lines.text.charCodeAt(lines.firsts[line]! + 1) === 0x2a) {
      line = (endOfBlockComment(reader, line) ?? end) - 1;
      continue;
    }
    if (code === 0x63 && startsCurl(lines.text, lines.firsts[line]!)) return { line, kind: 'curl' };
    if (isStatusLine(lines, line)) return { line, kind: 'response' };
    if (isStackedRequest(lines, line)) return { line, kind: 'request' };
  }
  return undefined;
}
