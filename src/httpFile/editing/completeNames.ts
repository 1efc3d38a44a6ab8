import { requestNameFor } from '../names/requestNames.ts';
import type { Definition } from '../names/origin.ts';
import type { OuterNames, Scope } from '../names/scope.ts';
import { rangeBetween } from '../tree/span.ts';
import type { HttpFile, HttpRequest } from '../syntax.ts';
import { closed, completeResponse } from './completeResponse.ts';
import type { OpenReference, SeenExchange } from './completeResponse.ts';
import { sortKey } from './completionItem.ts';
import type { Completion, CompletionKind, CompletionList } from './completionItem.ts';
import { offeredRequests, offeredVariables } from './offeredNames.ts';

export interface NameSources {
  readonly file: HttpFile;
  readonly request?: HttpRequest;
  readonly scope: Scope;
  readonly outer: OuterNames;
  /** Of requests that can be referred to in imported files. */
  readonly importedNames: readonly string[];
  /** The last exchange of a request; undefined when it was not sent yet. */
  latest?(requestName: string): Promise<SeenExchange | undefined>;
}

/** What may stand in the braces: names, and inside a reference to a response what comes next in it. */
export async function completeReference(open: OpenReference, sources: NameSources): Promise<CompletionList> {
  const { file, outer, importedNames } = sources;
  const isRequest = (name: string) => requestNameFor(file, importedNames, name) === name;
  const reference = await completeResponse(open, isRequest, (name) => sources.latest?.(name));
  if (reference) return { items: reference, isIncomplete: false };
  const { typed } = open.token;
  const keys = completeKeys(open, outer);
  if (keys) return { items: keys, isIncomplete: false };
  const variableNames = offeredVariables(file, outer, typed);
  const requestNames = offeredRequests(file, importedNames, typed);
  return {
    items: [
      ...variables(open, variableNames.names, sources), ...requests(open, requestNames.names),
      ...prompts(open, sources), ...builtIn(open, sources),
    ],
    isIncomplete: variableNames.isCut || requestNames.isCut,
  };
}

/** So many names of the machine are offered. */
const mostKeys = 1000;

const keyAsked = /^\$(processEnv|dotenv)\s{1,20}/;

function keysAskedBy(expression: string): 'process' | 'dotenv' {
  return expression.startsWith('$dotenv') ? 'dotenv' : 'process';
}

/** Whether what is typed lacks the name of a variable of the machine. */
export function asksForKey(typed: string): boolean {
  return keyAsked.exec(typed.slice(0, 40))?.[0].length === typed.length;
}

/** The names behind `$processEnv` and `$dotenv`: never their values. */
function completeKeys({ token, closing }: OpenReference, outer: OuterNames): Completion[] | undefined {
  const before = keyAsked.exec(token.typed.slice(0, 40));
  if (!before) return undefined;
  const from = before[0].length;
  const { start, end } = token.range;
  const range = rangeBetween({ line: start.line, character: start.character + from }, end);
  return (outer.keys?.(keysAskedBy(before[0])) ?? []).slice(0, mostKeys).map((name, index): Completion => ({
    label: name, kind: 'variable', range, insert: closed(name, { token, closing }), sort: sortKey(1, index),
  }));
}

/** What is to be replaced: with one brace behind it the token ends before that, and one more goes in. */
function item(open: OpenReference, name: string, kind: CompletionKind, sort: string): Completion {
  return { label: name, kind, range: open.token.range, insert: closed(name, open), sort };
}

// --- variables ---------------------------------------------------------------------------------------

function variables(open: OpenReference, names: readonly string[], { scope }: NameSources): Completion[] {
  return names.map((name, index) => {
    const definition = scope.definitionOf(name);
    const group = definition && definition.origin.kind !== 'file' ? 2 : 1;
    return { ...item(open, name, 'variable', sortKey(group, index)), ...(definition ? { definition } : {}) };
  });
}

/** `# @prompt name` of the request: asked when it is sent. */
function prompts(open: OpenReference, { request }: NameSources): Completion[] {
  return (request?.metadata ?? []).flatMap(({ key, value }): Completion[] => {
    const name = key === 'prompt' || key === 'secret' ? value.split(/\s/, 1)[0]! : '';
    if (name === '') return [];
    return [{ ...item(open, name, 'variable', sortKey(0)), topic: { area: 'metadata', id: key } }];
  });
}

function requests(open: OpenReference, names: readonly string[]): Completion[] {
  return names.map((name, index) => ({
    label: name, kind: 'request', range: open.token.range, insert: `${name}.`, sort: sortKey(3, index), again: true,
    topic: { area: 'completion', id: 'request' },
  }));
}

// --- built in ----------------------------------------------------------------------------------------

/** Ways to write each dynamic variable, as snippets; the first place of a pair is what is looked up. */
const templates: readonly (readonly [expression: string, snippet?: string])[] = [
  ['$guid'], ['$uuid'], ['$timestamp'], ['$timestamp -1 d', '\\$timestamp ${1:-1} ${2|d,h,m,s,w,M,y|}'],
  ['$isoTimestamp'], ['$datetime iso8601'], ['$datetime rfc1123'],
  ['$datetime "YYYY-MM-DD"', '\\$datetime "${1:YYYY-MM-DD}"'],
  ['$localDatetime iso8601'], ['$localDatetime "YYYY-MM-DD"', '\\$localDatetime "${1:YYYY-MM-DD}"'],
  ['$randomInt'], ['$randomInt 1 100', '\\$randomInt ${1:1} ${2:100}'], ['$random.uuid'],
  ['$random.integer(1, 100)', '\\$random.integer(${1:1}, ${2:100})'],
  ['$random.float(1, 10)', '\\$random.float(${1:1}, ${2:10})'],
  ['$random.alphabetic(8)', '\\$random.alphabetic(${1:8})'],
  ['$random.alphanumeric(8)', '\\$random.alphanumeric(${1:8})'],
  ['$random.hexadecimal(8)', '\\$random.hexadecimal(${1:8})'], ['$random.email'], ['$projectRoot'],
  ['$lab.http'], ['$lab.https'], ['$lab.httpPort'], ['$lab.httpsPort'], ['$lab.dnsPort'], ['$lab.host'],
];

/** Those whose value depends on what follows: offered whenever somebody can be asked or something read. */
const asking: readonly (readonly [expression: string, snippet: string])[] = [
  ['$processEnv', '\\$processEnv ${1:NAME}'], ['$dotenv', '\\$dotenv ${1:NAME}'], ['$prompt', '\\$prompt ${1:name}'],
  ['$password', '\\$password ${1:name}'], ['$pick', '\\$pick ${1:name} \\$value: ${2:one},${3:two}'],
];

function builtIn(reference: OpenReference, { outer }: NameSources): Completion[] {
  const known = templates.flatMap(([expression, snippet], index): Completion[] => {
    const [definition] = outer.after(expression);
    if (!definition) return [];
    return [{
      ...dynamicItem(reference, expression, snippet, sortKey(expression.startsWith('$lab') ? 5 : 4, index)),
      definition,
    }];
  });
  const asked = asking.map(([expression, snippet], index): Completion => {
    const item = dynamicItem(reference, expression, snippet, sortKey(6, index));
    if (!asksForKey(`${expression} `) || (outer.keys?.(keysAskedBy(expression)) ?? []).length === 0) return item;
    const { snippet: _snippet, ...plain } = item;
    return { ...plain, insert: `${expression} `, again: true };
  });
  return [...known, ...asked];
}

function dynamicItem(
  reference: OpenReference, expression: string, snippet: string | undefined, sort: string,
): Completion {
  return {
    label: expression, kind: 'dynamic', range: reference.token.range, sort,
    insert: closed(snippet ?? expression, reference), ...(snippet ? { snippet: true } : {}),
    topic: { area: 'dynamic', id: dynamicName(expression) },
  };
}

/** `$random.integer` of `$random.integer(1, 2)`, `$datetime` of `$datetime iso8601`. */
export function dynamicName(expression: string): string {
  const end = expression.search(/[\s(]/);
  const name = end < 0 ? expression : expression.slice(0, end);
  return name.startsWith('$env.') ? '$env' : name;
}

/** Of so many variables the values are looked at to find an origin. */
const mostOrigins = 500;

/** Variables that are written as the beginning of a URL, for a place where one begins. */
export function originVariables(file: HttpFile, scope: Scope, outer: OuterNames): Definition[] {
  const names = file.variables.slice(0, mostOrigins).map(({ name }) => name)
    .concat((outer.all?.() ?? []).slice(0, mostOrigins).map(({ name }) => name));
  return [...new Set(names)].flatMap((name) => {
    const definition = scope.definitionOf(name);
    const isOrigin = name.startsWith('$lab.http') && !name.endsWith('Port');
    const isUrl = typeof definition?.value === 'string' && /^https?:\/\/[^/]/i.test(definition.value);
    return definition && (isUrl || isOrigin) ? [definition] : [];
  });
}
