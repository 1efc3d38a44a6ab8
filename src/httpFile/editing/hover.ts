import { assertNever } from '../../trace/assertNever.ts';
import { definitionFinder } from '../names/definitions.ts';
import { headerValue } from '../parser/header.ts';
import { isEffective, metadataKey } from '../parser/metadata.ts';
import { bareName } from '../names/percent.ts';
import type { TextLines } from '../position.ts';
import { parseFallbackReference, parseReference } from '../names/reference.ts';
import type { ResponseReference } from '../names/reference.ts';
import { requestCalled, requestNameFor } from '../names/requestNames.ts';
import { createScope } from '../names/scope.ts';
import type { Definition, Fault } from '../names/origin.ts';
import type { OuterNames, Scope, ScopeOptions } from '../names/scope.ts';
import { rangeBetween } from '../tree/span.ts';
import type { HttpFile, HttpRequest, Position, Range } from '../syntax.ts';
import { resolveTarget } from '../content/target.ts';
import { pieceAt } from './completeFields.ts';
import { dynamicName } from './completeNames.ts';
import type { Topic } from './completionItem.ts';
import { contextAt } from './context.ts';
import type { Context, PathUse, Token } from './context.ts';
import { valuesOf } from './fieldValues.ts';

/** What is worth telling about a position; the words are made elsewhere. */
export type Hover = { readonly range: Range } & HoverContent;

export type HoverContent =
  | { readonly kind: 'topic'; readonly topic: Topic; readonly written: string }
  /** `effective` is false for metadata of other tools that does nothing here. */
  | { readonly kind: 'metadata'; readonly key: string; readonly effective: boolean }
  /** The definition that counts, then what it shadows; none when nobody knows the name. */
  | {
    readonly kind: 'variable'; readonly name: string; readonly encoded: boolean;
    readonly definitions: readonly Definition[];
  }
  | { readonly kind: 'prompt'; readonly name: string }
  | {
    readonly kind: 'dynamic'; readonly expression: string; readonly topic: Topic;
    /** What it stands for now; undefined when it asks, or its arguments are still missing. */
    readonly definition: Definition | undefined;
  }
  | { readonly kind: 'response'; readonly reference: ResponseReference; readonly request: string | undefined }
  /** What `# @ref` names; without a place when it is in an imported file. `name` is undefined when nothing has it. */
  | {
    readonly kind: 'needed'; readonly written: string; readonly name: string | undefined; readonly always: boolean;
    readonly place?: { readonly method: string; readonly url: string; readonly line: number };
  }
  | { readonly kind: 'url'; readonly method: string; readonly address: Address }
  | { readonly kind: 'status'; readonly statusCode: number }
  | { readonly kind: 'path'; readonly use: PathUse; readonly path: string };

/** What a written URL becomes when it is sent. */
export interface Address {
  /** Secrets in it are masked; a fault when it becomes none. */
  readonly url: string | Fault;
  readonly origin?: string;
  /** What is not sent. */
  readonly fragment?: string;
  /** `http` was meant, none was written. */
  readonly schemeAdded: boolean;
  /** The path is joined to the `Host` field. */
  readonly fromHost: boolean;
  /** Characters were percent-encoded, or the host became punycode. */
  readonly encoded: boolean;
  readonly credentials: boolean;
  /** Names without a value. */
  readonly undefinedNames: readonly string[];
}

interface HoverSources {
  readonly outer: OuterNames;
  readonly scope?: ScopeOptions;
  /** Names of requests in imported files. */
  readonly importedNames?: readonly string[];
}

/** What to tell about a position; undefined where there is nothing to tell. */
export function hoverAt(
  file: HttpFile, lines: TextLines, position: Position, { outer, scope: options, importedNames = [] }: HoverSources,
): Hover | undefined {
  const context = contextAt(file, lines, position);
  if (!('token' in context) || !isInside(position, context.token.range)) return undefined;
  const scope = createScope(file, context.request ? context.request.line - 1 : position.line, outer, options);
  const nameFor = (written: string) => requestNameFor(file, importedNames, written);
  const content = contentOf(context, file, scope, nameFor);
  return content && { range: content.range ?? context.token.range, ...content.content };
}

/** Where a request is sent to as it stands, values that are only known then left out. */
export function addressFor(
  file: HttpFile, request: HttpRequest, { outer, scope: options }: HoverSources,
): Address {
  return addressOf(request, createScope(file, request.line - 1, outer, options));
}

type TokenContext = Extract<Context, { readonly token: Token }>;

/** Inside, or at the end, of what is not empty. */
function isInside({ character }: Position, { start, end }: Range): boolean {
  return start.character < end.character && start.character <= character && character <= end.character;
}

interface Found {
  readonly content: HoverContent;
  /** When it is not that of the token. */
  readonly range?: Range;
}

/** Gives the name of the request that a reference means. */
type NameFor = (written: string) => string | undefined;

function contentOf(
  context: TokenContext, file: HttpFile, scope: Scope, nameFor: NameFor,
): Found | undefined {
  const { token, request } = context;
  switch (context.kind) {
    case 'method': return { content: topic('method', token.text.toUpperCase(), token.text) };
    case 'http-version': return { content: topic('version', versionOf(token.text), token.text) };
    case 'header-name': return { content: topic('field', token.text.toLowerCase(), token.text) };
    case 'header-value': return fieldValue(context.name, token);
    case 'metadata-key': return metadata(token.text);
    case 'status-code': {
      const statusCode = Number(token.text);
      return Number.isInteger(statusCode) ? { content: { kind: 'status', statusCode } } : undefined;
    }
    case 'variable-name':
      return definitionFinder(file)(token.text) ? { content: variable(token.text, scope) } : undefined;
    case 'reference': return { content: reference(token.text, request, scope, nameFor) };
    case 'url': {
      if (!request) return undefined;
      const method = masked(scope.resolve(request.method).text, scope.secretsUsed());
      return { content: { kind: 'url', method, address: addressOf(request, scope) } };
    }
    case 'path': return pathContent(context.use, token, scope);
    case 'metadata-value': return needed(context.key, token, file, nameFor);
    case 'separator': case 'variable-value': case 'request-start': case 'assert': case 'curl':
      return undefined;
    default: return assertNever(context);
  }
}

function topic(area: Topic['area'], id: string, written: string): HoverContent {
  return { kind: 'topic', topic: { area, id }, written };
}

function versionOf(written: string): string {
  return written.toUpperCase().replace(/^(HTTP\/[23])\.0/, '$1');
}

function metadata(written: string): Found | undefined {
  const key = metadataKey(written);
  return key === undefined ? undefined : { content: { kind: 'metadata', key, effective: isEffective(key) } };
}

/** The request that `# @ref` and `# @forceRef` mean; as they do, by its name or else by its title. */
function needed(written: string, token: Token, file: HttpFile, nameFor: NameFor): Found | undefined {
  const key = metadataKey(written);
  if (key !== 'ref' && key !== 'force-ref') return undefined;
  const request = requestCalled(file, token.text);
  const name = request ? request.name ?? request.title : nameFor(token.text);
  const place = request && { method: request.method, url: request.url, line: request.line };
  return {
    content: { kind: 'needed', written: token.text, name, always: key === 'force-ref', ...(place ? { place } : {}) },
  };
}

/** The media type, directive or scheme under the cursor. */
function fieldValue(name: string, token: Token): Found | undefined {
  const field = name.toLowerCase();
  const isType = field === 'accept' || field === 'content-type';
  const piece = pieceAt(token, (valuesOf(name)?.list ?? false) ? ',' : '\n');
  const end = piece.text.search(field === 'authorization' ? /\s/ : isType ? /\s{0,20};/ : /$/);
  const text = end < 0 ? piece.text : piece.text.slice(0, end);
  if (piece.typed.length > text.length || text === '') return undefined;
  const { start } = piece.range;
  const range = rangeBetween(start, { line: start.line, character: start.character + text.length });
  if (isType) return { content: topic('media-type', text.toLowerCase(), text), range };
  const directive = field === 'cache-control' || field === 'prefer' ? withoutNumber(text) : text;
  return { content: topic('value', `${field}: ${directive.toLowerCase()}`, text), range };
}

/** `max-age` of `max-age=60`. */
function withoutNumber(text: string): string {
  return text.replace(/=\d{0,20}$/, '');
}

// --- names -------------------------------------------------------------------------------------------

function variable(written: string, scope: Scope): HoverContent {
  const name = bareName(written);
  return { kind: 'variable', name, encoded: written !== name, definitions: scope.definitionsOf(name) };
}

function reference(
  written: string, request: HttpRequest | undefined, scope: Scope, nameFor: NameFor,
): HoverContent {
  const name = bareName(written);
  const definitions = scope.definitionsOf(name);
  const [first] = definitions;
  if (first === undefined && promptedNames(request).has(name)) return { kind: 'prompt', name };
  if (first === undefined || first.origin.kind === 'response') {
    const found = parseReference(name) ?? parseFallbackReference(name, (one) => nameFor(one) !== undefined);
    if (found) return { kind: 'response', reference: found, request: nameFor(found.request) };
  }
  if (name.startsWith('$') && first?.origin.kind !== 'file') {
    const id = dynamicName(name);
    return { kind: 'dynamic', expression: name, topic: { area: 'dynamic', id }, definition: first };
  }
  return { kind: 'variable', name, encoded: written !== name, definitions };
}

/** The variables that a request asks for when it is sent. */
export function promptedNames(request: HttpRequest | undefined): ReadonlySet<string> {
  const prompts = request?.metadata.filter(({ key }) => key === 'prompt' || key === 'secret') ?? [];
  return new Set(prompts.map(({ value }) => value.split(/\s/, 1)[0]!));
}

function pathContent(use: PathUse, token: Token, scope: Scope): Found | undefined {
  if (use === 'run' && token.text.startsWith('#')) return undefined;
  return { content: { kind: 'path', use, path: scope.resolve(token.text).text } };
}

// --- URLs --------------------------------------------------------------------------------------------

/** What stands for a secret in an address; a URL keeps these characters as they are. */
const mask = '***';

/** What a request's URL becomes when it is sent now. */
function addressOf(request: HttpRequest, scope: Scope): Address {
  const { text, faults } = scope.resolve(request.url);
  const host = headerValue(request, 'host');
  const hostVariable = scope.definitionOf('host')?.value;
  const resolvedHost = host === undefined ? undefined : scope.resolve(host).text;
  const written = masked(text, scope.secretsUsed()).trim();
  const undefinedNames = faults.map(({ offset, length }) => text.slice(offset + 2, offset + length - 2).trim());
  const [unresolved] = faults;
  const target = unresolved ?? resolveTarget(written, {
    host: resolvedHost, hostVariable: typeof hostVariable === 'string' ? hostVariable : undefined,
  });
  const hasScheme = /^[a-z][a-z0-9+.-]{0,40}:\/\//i.test(written);
  const facts = {
    schemeAdded: !hasScheme && !written.startsWith('/'), fromHost: /^\/(?!\/)/.test(written), undefinedNames,
  };
  if (!('url' in target)) return { ...facts, url: target, encoded: false, credentials: false };
  const { hash, origin, href } = new URL(target.url);
  const url = hash === '' ? href : href.slice(0, -hash.length);
  return {
    ...facts, url, origin, credentials: target.credentials !== undefined,
    ...(hash === '' ? {} : { fragment: hash }), encoded: isEncoded(written, url),
  };
}

/** Whether sending changes more than the scheme and the case of the host. */
function isEncoded(written: string, url: string): boolean {
  const end = written.indexOf('#');
  const sent = end < 0 ? written : written.slice(0, end);
  return [...sent].some((character) => character === ' ' || character > '\x7e') && !url.includes(sent);
}

function masked(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret !== '').toSorted((a, b) => b.length - a.length)
    .reduce((whole, secret) => whole.replaceAll(secret, mask).replaceAll(encodeURIComponent(secret), mask), text);
}
