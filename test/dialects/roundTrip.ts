import assert from 'node:assert/strict';
import { CommandNode } from '../../src/httpFile/curl/nodes.ts';
import type {
  Element, FileVariable, HeaderField, HttpFile, HttpRequest, Metadata, Position, Problem, Range,
} from '../../src/httpFile/syntax.ts';

// What a syntax tree must account for. Every node becomes pieces of single lines, each with the text that the node's
// value promises; then each line must be its pieces and, around them, only what the grammar of that kind of line
// allows. A line without a piece must be blank, a comment, a separator, or said by a problem to be left out.

/** Letters for the pieces of a line, in the templates below. */
type Kind = 'M' | 'U' | 'N' | 'V' | 'n' | 'v' | '@' | 'E' | 'B' | 'F';

interface Piece {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
}

/** What may stand on a line, pieces as their letters and `%` for an HTTP version. */
const templates: readonly RegExp[] = [
  /^\s*M\s+U(?:\s+%)?\s*$/, /^\s*M\s*U%?\s*$/, // request line; without target when a problem says so
  /^\s*U(?:\s+%)?\s*$/, /^\s*U%\s*$/, // without method, continued, or a line that is only the version
  /^\s*N\s*:\s*V\s*$/, /^\s*N\s*V\s*$/, /^\s*V\s*$/, // header; `{{variable}}`; folded
  /^\s*@n\s*:?=\s*v\s*$/, /^\s*@n:\s+=\s*v\s*$/, // file variable; `@name: = value`
  /^\s*M\s*$/, /^\s*E\s*$/, /^B$/, /^F$/,
];

const version = /HTTP\/\d[^\s/]{0,6}(?:\s\(prior knowledge\))?$/i;

/** What is said of a line that is in no node. */
const toldLines: ReadonlySet<string> = new Set([
  'header-without-colon', 'variable-name-space', 'variable-equals-missing',
]);

/** Problems that say that a whole block, or the rest of it, is not read. */
const leftOut: ReadonlySet<string> = new Set([
  'no-request-line', 'not-a-request', 'comment-not-closed', 'curl-line-ignored',
]);

/** Throws when the tree loses, invents, repeats or misplaces a part of the text it was parsed from. */
export function checkTree(text: string, file: HttpFile): void {
  new Check(text, file).run();
}

/** The line ends of every platform as LF, and no byte order mark: lines and characters stay the same. */
function plain(text: string): string {
  return text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
}

class Check {
  private readonly lines: readonly string[];
  private readonly pieces: Piece[][];
  private readonly source: string;
  /** Lines of a header section that a problem says to be no header. */
  private readonly told: ReadonlySet<number>;
  private readonly file: HttpFile;

  constructor(text: string, file: HttpFile) {
    this.source = text;
    this.file = file;
    this.lines = plain(text).split('\n');
    this.pieces = this.lines.map(() => []);
    this.told = new Set(
      file.problems.filter(({ code }) => code === 'header-without-colon').map(({ range }) => range.start.line),
    );
  }

  run(): void {
    const { file } = this;
    this.inOrder('requests', file.requests);
    this.inOrder('variables', file.variables);
    this.inOrder('elements', file.elements);
    this.inOrder('problems', file.problems);
    for (const problem of file.problems) this.inside('problem', problem.range);
    for (const variable of file.variables) this.variable(variable);
    for (const element of file.elements) this.element(element);
    for (const [index, request] of file.requests.entries()) this.request(request, index);
    this.everyLine();
    assert.equal(this.printed(), plain(this.source), 'pieces and what is between them give the text');
  }

  /** What each line is made of, put together again. */
  private printed(): string {
    return this.lines.map((line, number) => {
      let printed = '';
      let at = 0;
      for (const { from, to } of this.pieces[number]!) {
        printed += line.slice(at, from) + line.slice(from, to);
        at = to;
      }
      return printed + line.slice(at);
    }).join('\n');
  }

  private inOrder(what: string, nodes: readonly { range: Range }[]): void {
    for (let at = 1; at < nodes.length; at++) {
      const before = nodes[at - 1]!.range.start;
      const { start } = nodes[at]!.range;
      const ordered = before.line < start.line || (before.line === start.line && before.character <= start.character);
      assert.ok(ordered, `${what} ${at - 1} and ${at} are in the order of the text`);
    }
  }

  private inside(what: string, { start, end }: Range): void {
    for (const { line, character } of [start, end]) {
      const inText = line >= 0 && line < this.lines.length && character >= 0 && character <= this.lines[line]!.length;
      assert.ok(inText, `${what} at ${line}:${character} is inside the text`);
    }
    const forwards = start.line < end.line || (start.line === end.line && start.character <= end.character);
    assert.ok(forwards, `${what} at ${start.line}:${start.character} ends after it starts`);
  }

  private slice({ start, end }: Range): string {
    if (start.line === end.line) return this.lines[start.line]!.slice(start.character, end.character);
    return [
      this.lines[start.line]!.slice(start.character), ...this.lines.slice(start.line + 1, end.line),
      this.lines[end.line]!.slice(0, end.character),
    ].join('\n');
  }

  /** A piece on one line that promises a text. */
  private piece(kind: Kind, range: Range, promised: string, what: string): void {
    this.inside(what, range);
    assert.equal(range.start.line, range.end.line, `${what} is on one line`);
    assert.equal(this.slice(range), promised, `${what} reads as its range`);
    this.put(kind, range.start, range.end.character);
  }

  private put(kind: Kind, { line, character }: Position, to: number): void {
    this.pieces[line]!.push({ kind, from: character, to });
  }

  private variable({ name, value, range, nameRange, valueRange }: FileVariable): void {
    this.inside(`variable ${name}`, range);
    this.within(range, nameRange, `name of variable ${name}`);
    this.within(range, valueRange, `value of variable ${name}`);
    this.piece('n', nameRange, name, `name of variable ${name}`);
    this.piece('v', valueRange, value, `value of variable ${name}`);
  }

  private within(outer: Range, inner: Range, what: string): void {
    const starts = compare(outer.start, inner.start) <= 0;
    assert.ok(starts && compare(inner.end, outer.end) <= 0, `${what} is within its node`);
  }

  private element({ kind, text, range }: Element): void {
    this.inside(kind, range);
    assert.equal(this.slice(range).trim(), text, `${kind} reads as its range`);
    for (let line = range.start.line; line <= range.end.line; line++) {
      const from = line === range.start.line ? range.start.character : 0;
      this.put(
        'E', { line, character: from }, line === range.end.line ? range.end.character : this.lines[line]!.length,
      );
    }
  }

  private request(request: HttpRequest, index: number): void {
    const { range, requestLine, headers, metadata, elements, body = [] } = request;
    assert.equal(request.index, index, 'index of a request');
    this.inside('request', range);
    const whole = this.commandOf(request) ?? range;
    this.within(whole, requestLine, 'request line');
    assert.equal(request.line, requestLine.start.line + 1, 'line of a request');
    const next = this.file.requests[index + 1];
    if (next) assert.ok(compare(range.end, next.range.start) <= 0, 'a request ends before the next starts');
    this.title(request);
    // What stands behind a command is kept with its first request.
    for (const nodes of [headers, metadata, request instanceof CommandNode ? [] : elements, body]) {
      for (const node of nodes) this.within(whole, node.range, 'a part of a request');
    }
    this.noMetadataLost(request);
    if (request instanceof CommandNode) {
      this.command(request, whole, this.file.requests[index - 1]);
      return;
    }
    this.target(request);
    this.inOrder('headers', headers);
    this.inOrder('metadata', metadata);
    for (const header of headers) this.header(header);
    for (const one of metadata) this.metadata(one);
    for (const element of elements) this.element(element);
    this.body(request);
  }

  /** From the first request of a curl command to the end of its last: with several URLs, they share the options. */
  private commandOf(request: HttpRequest): Range | undefined {
    if (!(request instanceof CommandNode)) return undefined;
    const { index, position, block } = request;
    const first = this.file.requests[index - position]!;
    const last = this.file.requests[index - position + block.count - 1]!;
    // A quote that is never closed reaches to the end of the block, blank lines and all.
    let { line } = last.range.end;
    while (line + 1 < this.lines.length && this.lines[line + 1]!.trim() === '') line++;
    return { start: first.range.start, end: { line, character: this.lines[line]!.length } };
  }

  /** Of a curl command the nodes are what its words mean: their places are in it, and all its lines are its own. */
  private command(request: CommandNode, whole: Range, before: HttpRequest | undefined): void {
    const { requestLine, urlRange, methodRange, headers, metadata, elements } = request;
    for (const place of [urlRange, methodRange, ...headers.flatMap((one) => [one.nameRange, one.valueRange])]) {
      this.inside('part of a command', place);
      this.within(whole, place, 'part of a command');
    }
    if (before instanceof CommandNode && before.block === request.block) return;
    const first = requestLine.start.line;
    for (const one of metadata) if (one.range.start.line < first) this.metadata(one);
    for (const element of elements) {
      if (element.range.start.line < first || element.range.start.line > whole.end.line) this.element(element);
    }
    for (let line = first; line <= whole.end.line; line++) {
      if (this.lines[line]!.trim() !== '') this.put('E', { line, character: 0 }, this.lines[line]!.length);
    }
  }

  private target(request: HttpRequest): void {
    const { method, methodRange, url, urlRange, urlPieces = [urlRange] } = request;
    if (methodRange) {
      const written = this.slice(methodRange);
      assert.ok(written === method || written.toUpperCase() === method, `method ${method} reads as its range`);
      this.put('M', methodRange.start, methodRange.end.character);
    } else {
      assert.equal(method, 'GET', 'method that is not written');
    }
    for (const piece of urlPieces) this.piece('U', piece, this.slice(piece), 'piece of a URL');
    assert.equal(urlPieces.map((piece) => this.slice(piece)).join(''), url, 'pieces of a URL');
    assert.equal(compare(urlPieces[0]!.start, urlRange.start), 0, 'start of a URL');
    assert.equal(compare(urlPieces.at(-1)!.end, urlRange.end), 0, 'end of a URL');
  }

  private title({ title, range, metadata }: HttpRequest): void {
    if (title === undefined) return;
    const written = /^\s*#{3,}([^]*)$/.exec(
      this.lines[range.start.line]!,
    )?.[1]?.replace(/[\t\v\f \u00a0\ufeff]+$/, '').replace(/#+$/, '').trim();
    const described = metadata.some(({ key, value }) => key === 'title' && value === title);
    assert.ok(written === title || described, `title ${title} is on the separator or in metadata`);
  }

  private header(field: HeaderField): void {
    const { name, value, range, nameRange, valueRange } = field;
    this.inside(`header ${name}`, range);
    this.within(range, nameRange, `name of header ${name}`);
    this.within(range, valueRange, `value of header ${name}`);
    this.piece('N', nameRange, name, `name of header ${name}`);
    let folded = '';
    const { start, end } = valueRange;
    let comment = false;
    for (let line = start.line; line <= end.line; line++) {
      const written = this.lines[line]!;
      const opens: boolean = line > start.line && !comment && written.startsWith('/*');
      const inComment = comment || opens;
      if (inComment) comment = written.indexOf('*/', opens ? 2 : 0) < 0;
      if (inComment || this.told.has(line)) continue;
      // RFC 9112 §5.2: a fold is a line that starts with white space; comments and late queries may stand between.
      if (line > start.line && !/^[\t\v\f \u00a0\ufeff]+(?!\/\/)[^\t\v\f \u00a0\ufeff#?&{<]/.test(written)) continue;
      const from = line === start.line ? start.character : indentOf(written);
      const to = line === end.line ? end.character : written.replace(/[\t\v\f \u00a0\ufeff]+$/, '').length;
      this.put('V', { line, character: from }, Math.max(from, to));
      const piece = written.slice(from, to);
      folded = folded === '' ? piece : piece === '' ? folded : `${folded} ${piece}`;
    }
    assert.equal(value, folded, `value of header ${name}`);
  }

  private metadata({ key, value, range }: Metadata): void {
    const written = this.slice(range);
    const match = /^(?:#+|\/\/+)\s*@([\w-]+)(?:\s*=\s*|\s+|$)([^]*)$/.exec(written);
    assert.ok(match, `metadata ${written}`);
    const spelt = match[1]!.replaceAll('-', '').toLowerCase();
    assert.equal(ofCurl[spelt] ?? spelt, key.replaceAll('-', ''), 'key of metadata');
    assert.equal(match[2], value, `value of metadata ${key}`);
    this.put('E', range.start, range.end.character);
  }

  private body({ body = [] }: HttpRequest): void {
    for (const segment of body) {
      const { range } = segment;
      this.inside('body', range);
      if (segment.kind === 'file') {
        const { path, substitute, encoding = '', operation } = segment;
        const written = this.slice(range).replace(/^gql(?:\s{1,20}\w{1,200})?\s{1,20}(?=<)/, '');
        assert.equal(written !== this.slice(range), operation !== undefined, 'GraphQL document in a file');
        const start = substitute ? `<@${encoding}` : '<';
        assert.ok(written.startsWith(start) && written.trimEnd().endsWith(path), `include ${path}`);
        assert.equal(written.slice(start.length, written.trimEnd().length - path.length).trim(), '', `include ${path}`);
        this.put('F', range.start, range.end.character);
        continue;
      }
      this.text(segment.text, range, new Set(segment.removed));
    }
  }

  /** A text is its lines, with their line ends, but for those that are removed. */
  private text(promised: string, { start, end }: Range, removed: ReadonlySet<number>): void {
    let text = '';
    for (let line = start.line; line <= end.line; line++) {
      if (removed.has(line)) continue;
      const from = line === start.line ? start.character : 0;
      const to = line === end.line ? end.character : this.lines[line]!.length;
      text += this.lines[line]!.slice(from, to) + (line < end.line ? '\n' : '');
      // The line end after a file, and before one, has no place on a line.
      const isLineEndOnly = (from > 0 || line === end.line) && from === to && start.line !== end.line;
      if (!isLineEndOnly) this.put('B', { line, character: from }, to);
    }
    assert.equal(text, promised, 'text of a body');
  }

  /** Comments up to the last header that would be metadata must be some. */
  private noMetadataLost(request: HttpRequest): void {
    const { range, requestLine, urlRange, headers, metadata, elements } = request;
    const last = request instanceof CommandNode
      ? requestLine.start.line : headers.at(-1)?.range.end.line ?? urlRange.end.line;
    const found = new Set(metadata.map((one) => one.range.start.line));
    const isIn = (line: number) => elements.some((one) => one.range.start.line <= line && line <= one.range.end.line);
    let comment = false;
    for (let line = range.start.line; line <= last; line++) {
      const text = this.lines[line]!.slice(indentOf(this.lines[line]!));
      if (!comment && /^\/\*/.test(text) && this.pieces[line]!.length === 0) comment = true;
      const separator = line === range.start.line ? /^\s*###/ : /^###/;
      const skipped = comment || isIn(line) || separator.test(this.lines[line]!);
      if (comment && text.indexOf('*/', text.startsWith('/*') ? 2 : 0) >= 0) comment = false;
      if (skipped || !/^(?:#+|\/\/+)[\t\v\f \u00a0\ufeff]*@(?:name|timeout|no-?redirect)(?:[\t\v\f \u00a0\ufeff]|=|$)/i.test(text)) continue;
      assert.ok(found.has(line), `metadata on line ${line} is in the tree`);
    }
  }

  private everyLine(): void {
    const problems = new Map<number, Problem[]>();
    for (const problem of this.file.problems) {
      const { line } = problem.range.start;
      problems.set(line, [...problems.get(line) ?? [], problem]);
    }
    const starts = new Set(this.file.requests.map((request) => request.range.start.line));
    let dead = false;
    let comment = false;
    for (const [number, line] of this.lines.entries()) {
      const pieces = this.pieces[number]!.sort((a, b) => a.from - b.from || a.to - b.to);
      const here = problems.get(number) ?? [];
      if (line.startsWith('###') || starts.has(number) || pieces.length > 0) dead = false;
      if (here.some(({ code }) => leftOut.has(code) || code === 'file-too-large')) dead = true;
      if (pieces.length > 0) {
        assert.ok(!comment, `line ${number} is in a comment and in the tree`);
        this.line(number, line, pieces);
        continue;
      }
      const opens = !dead && !comment && /^\s*\/\*/.test(line);
      if (opens) comment = true;
      const inComment = comment;
      if (comment && line.indexOf('*/', opens ? line.indexOf('/*') + 2 : 0) >= 0) comment = false;
      if (inComment || dead || /^\s*(?:$|#|\/\/)/.test(line)) continue;
      const told = here.some(({ code }) => toldLines.has(code));
      assert.ok(told, `line ${number} is not in the tree: ${line.slice(0, 200)}`);
    }
  }

  private line(number: number, line: string, pieces: readonly Piece[]): void {
    let template = '';
    let at = 0;
    for (const { kind, from, to } of pieces) {
      assert.ok(from >= at, `line ${number}: two nodes over the same characters: ${line.slice(0, 200)}`);
      template += line.slice(at, from) + kind;
      at = to;
    }
    const rest = line.slice(at).trimEnd();
    const found = /U$/.test(template) ? version.exec(rest) : null;
    template += found ? `${rest.slice(0, found.index)}%` : rest;
    assert.ok(
      templates.some((one) => one.test(template)), `line ${number} is ${template.slice(0, 200)}: ${line.slice(0, 200)}`,
    );
    if (found) this.versions(number, found[0]);
  }

  private versions(number: number, written: string): void {
    const request = this.file.requests.find(({ range }) => range.start.line <= number && number <= range.end.line);
    const last = request?.urlRange.end.line;
    if (number === last) assert.equal(request?.httpVersion, written, 'version of a request');
  }
}

/** White space inside a line: spaces and tabs and their relatives, but none that other tools take for a line end. */
function indentOf(line: string): number {
  return /^[\t\v\f \u00a0\ufeff]*/.exec(line)![0].length;
}

function compare(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}

/** Everything a tree says, as plain data. */
export function describeTree(file: HttpFile): unknown {
  return {
    requests: file.requests.map(describeRequest),
    variables: file.variables.map(({ name, value, range, nameRange, valueRange }) =>
      [name, value, ...[range, nameRange, valueRange].map(describeRange)]),
    elements: file.elements.map(describeElement), problems: file.problems.map(describeProblem),
  };
}

function describeRequest(request: HttpRequest): unknown {
  const { index, name, title, line, method, url, httpVersion, body, urlPieces } = request;
  return {
    index, name, title, line, method, url, httpVersion,
    ranges: [request.range, request.requestLine, request.methodRange, request.urlRange, ...urlPieces ?? []].map(describeRange),
    headers: request.headers.map((header) =>
      [header.name, header.value, ...[header.range, header.nameRange, header.valueRange].map(describeRange)]),
    body: body?.map((one) => one.kind === 'text'
      ? [one.text, describeRange(one.range), one.removed ?? []]
      : [one.path, one.substitute, one.encoding, describeRange(one.range)]),
    metadata: request.metadata.map(({ key, value, range }) => [key, value, describeRange(range)]),
    elements: request.elements.map(describeElement), problems: request.problems.map(describeProblem),
  };
}

function describeElement({ kind, text, range }: Element): unknown {
  return [kind, text, describeRange(range)];
}

function describeProblem({ code, severity, range, places }: Problem): unknown {
  return [code, severity, describeRange(range), places];
}

function describeRange(range: Range | undefined): string {
  if (!range) return 'none';
  const { start, end } = range;
  return `${start.line}:${start.character}-${end.line}:${end.character}`;
}

/** Kulala's spellings of keys that have another name here. */
const ofCurl: Readonly<Record<string, string>> = {
  curlinsecure: 'insecure', curlmaxtime: 'timeout', curlconnecttimeout: 'connectiontimeout', curlproxy: 'proxy',
  curlmaxredirs: 'maxredirects',
};
