import type { ProblemCode } from './problem.ts';

/** Counts from 0, in UTF-16 units, as an editor does. A byte order mark is not counted. */
export interface Position {
  line: number;
  character: number;
}

/** From `start` up to but not including `end`. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export type Severity = 'error' | 'warning' | 'information';

/** Something to tell the writer; the text for `code` is in `explain/text/problem`. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly range: Range;
  readonly places: Record<string, string>;
}

/** `@name = value`, as written. */
export interface FileVariable {
  readonly name: string;
  readonly value: string;
  readonly range: Range;
  readonly nameRange: Range;
  readonly valueRange: Range;
}

export interface HeaderField {
  /** `{{name}}` with an empty value when a whole header line is one variable. */
  readonly name: string;
  /** Folded lines are joined by one space. */
  readonly value: string;
  readonly range: Range;
  readonly nameRange: Range;
  readonly valueRange: Range;
}

export interface TextSegment {
  readonly kind: 'text';
  readonly text: string;
  readonly range: Range;
  /** The lines inside `range` that are comments and so not in `text`. */
  readonly removed?: readonly number[];
  /** Of a curl command: sent as it is, whatever the media type. */
  readonly exact?: true;
  /** Where a part of the text stands, when quotes and escapes are gone from it. */
  rangeOf?(offset: number, length: number): Range;
}

/** `< path`. */
export interface FileSegment {
  readonly kind: 'file';
  readonly path: string;
  /** `<@ path`: variables in the file are replaced. */
  readonly substitute: boolean;
  readonly encoding?: string;
  readonly range: Range;
  /** Of a curl command: no names are put into the file. */
  readonly exact?: true;
  /** What a curl command does with the bytes before it sends them. */
  readonly change?: 'without-line-ends' | 'percent-encoded';
  /** `gql Name < path`: the GraphQL operation to run, '' for the only one. */
  readonly operation?: string;
}

export type BodySegment = TextSegment | FileSegment;

/** `# @key value`; the key in lower case with hyphens. */
export interface Metadata {
  readonly key: string;
  readonly value: string;
  readonly range: Range;
}

export type ElementKind =
  | 'pre-script' | 'post-script' | 'js-block' | 'assert' | 'redirect' | 'response-ref'
  | 'example-response' | 'import' | 'run' | 'spread' | 'fragment' | 'message';

/** A recognised piece that is neither request, header nor body: it is never sent, except messages of a WebSocket. */
export interface Element {
  readonly kind: ElementKind;
  readonly text: string;
  readonly range: Range;
}

export interface HttpRequest {
  readonly index: number;
  /** `# @name`. */
  readonly name?: string;
  /** What stands after `###`. */
  readonly title?: string;
  /** From the separator, or the first line, to the last line that is not blank. */
  readonly range: Range;
  readonly requestLine: Range;
  /** Of the request line, counting from 1. */
  readonly line: number;
  /** In upper case when known; `{{name}}` when written as a variable. */
  readonly method: string;
  readonly methodRange?: Range;
  /** As written; the lines of a long one joined. */
  readonly url: string;
  readonly urlRange: Range;
  /** When the URL takes several lines, one range for each; their texts one after another are `url`. */
  readonly urlPieces?: readonly Range[];
  /** As written, such as `HTTP/1.1`. */
  readonly httpVersion?: string;
  readonly headers: readonly HeaderField[];
  readonly body?: readonly BodySegment[];
  readonly metadata: readonly Metadata[];
  readonly elements: readonly Element[];
  readonly problems: readonly Problem[];
  /** It opens a WebSocket: its elements of kind `message` are sent on it. */
  readonly isWebSocket?: boolean;
  /** It is written as a curl command: its parts stand in a shell's words. */
  readonly isCommand?: boolean;
}

export interface HttpFile {
  readonly requests: readonly HttpRequest[];
  /** In the order written. */
  readonly variables: readonly FileVariable[];
  /** Those that belong to no request: `import`, `run`, scripts and responses on their own. */
  readonly elements: readonly Element[];
  /** All, of the file and of its requests, in the order of their place. */
  readonly problems: readonly Problem[];
}
