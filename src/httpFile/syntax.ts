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
  code: ProblemCode;
  severity: Severity;
  range: Range;
  places: Record<string, string>;
}

/** `@name = value`, as written. */
export interface FileVariable {
  name: string;
  value: string;
  range: Range;
  nameRange: Range;
  valueRange: Range;
}

export interface HeaderField {
  /** `{{name}}` with an empty value when a whole header line is one variable. */
  readonly name: string;
  /** Folded lines are joined by one space. */
  value: string;
  readonly range: Range;
  readonly nameRange: Range;
  readonly valueRange: Range;
}

export type BodySegment =
  /** `removed` names the lines inside `range` that are comments and so not in `text`. */
  | { kind: 'text'; text: string; range: Range; removed?: number[] }
  | { kind: 'file'; path: string; substitute: boolean; encoding?: string; range: Range };

/** `# @key value`; the key in lower case with hyphens. */
export interface Metadata {
  key: string;
  value: string;
  range: Range;
}

export type ElementKind =
  | 'pre-script' | 'post-script' | 'js-block' | 'assert' | 'redirect' | 'response-ref'
  | 'example-response' | 'import' | 'run' | 'spread';

/** A recognised piece that is neither request, header nor body: it is never sent. */
export interface Element {
  kind: ElementKind;
  text: string;
  range: Range;
}

export interface HttpRequest {
  index: number;
  /** `# @name`. */
  name?: string;
  /** What stands after `###`. */
  title?: string;
  /** From the separator, or the first line, to the last line that is not blank. */
  range: Range;
  requestLine: Range;
  /** Of the request line, counting from 1. */
  line: number;
  /** In upper case when known; `{{name}}` when written as a variable. */
  method: string;
  methodRange?: Range;
  /** As written; the lines of a long one joined. */
  url: string;
  urlRange: Range;
  /** When the URL takes several lines, one range for each; their texts one after another are `url`. */
  urlPieces?: Range[];
  /** As written, such as `HTTP/1.1`. */
  httpVersion?: string;
  headers: HeaderField[];
  body?: BodySegment[];
  metadata: Metadata[];
  elements: Element[];
  problems: Problem[];
}

export interface HttpFile {
  requests: HttpRequest[];
  /** In the order written. */
  variables: FileVariable[];
  /** Those that belong to no request: `import`, `run`, scripts and responses on their own. */
  elements: Element[];
  /** All, of the file and of its requests, in the order of their place. */
  problems: Problem[];
}
