import { assertNever } from '../../trace/assertNever.ts';
import type { TextLines } from '../position.ts';
import { createScope } from '../names/scope.ts';
import type { Definition } from '../names/origin.ts';
import type { OuterNames, ScopeOptions } from '../names/scope.ts';
import type { HttpFile, Position } from '../syntax.ts';
import { completeCurlOptions } from './completeCurl.ts';
import {
  completeFieldNames, completeFieldValues, completeMetadataKeys, completeMetadataValues, completePartFields,
} from './completeFields.ts';
import { asksForKey, completeReference, originVariables } from './completeNames.ts';
import type { NameSources } from './completeNames.ts';
import {
  completeMethods, completePath, completePreamble, completeSkeletons, completeUrl, completeVersions, folderOf,
  usualOrigin,
} from './completeRequests.ts';
import type { FolderEntry } from './completeRequests.ts';
import type { SeenExchange } from './completeResponse.ts';
import { sortKey } from './completionItem.ts';
import type { Completion, CompletionList } from './completionItem.ts';
import { contextAt } from './context.ts';
import type { Context, PathUse, Token } from './context.ts';
import { offeredRequests } from './offeredNames.ts';

export type { Completion, CompletionKind, Topic } from './completionItem.ts';
export { triggerCharacters } from './triggers.ts';

/** Where completion gets what is not in the file. */
export interface CompletionSources {
  readonly outer: OuterNames;
  readonly scope?: ScopeOptions;
  /** Names of requests in imported files. */
  readonly importedNames?: readonly string[];
  /** The last exchange of a named request. */
  latest?(requestName: string): Promise<SeenExchange | undefined>;
  /** What is in a folder, relative to the file; nothing for one that may not be looked into. */
  listFiles?(folder: string): Promise<readonly FolderEntry[]>;
}

/**
 * What can be put in at a position: of thousands of names only some, with more of them as more is typed. `trigger` is
 * the character whose typing asked; undefined when a person did or a word was begun. Empty where nothing fits.
 */
export async function completionsAt(
  file: HttpFile, lines: TextLines, position: Position, sources: CompletionSources, trigger?: string,
): Promise<CompletionList> {
  const context = contextAt(file, lines, position);
  if (trigger !== undefined && !isWanted(context, trigger)) return whole([]);
  const found = await completionsIn(context, file, position, sources);
  return 'items' in found ? found : whole(found);
}

function whole(items: readonly Completion[]): CompletionList {
  return { items, isIncomplete: false };
}

async function completionsIn(
  context: Context, file: HttpFile, position: Position, sources: CompletionSources,
): Promise<CompletionList | readonly Completion[]> {
  const { outer, importedNames = [] } = sources;
  const scope = createScope(file, context.request ? context.request.line - 1 : position.line, outer, sources.scope);
  switch (context.kind) {
    case 'request-start': {
      const methods = completeMethods(context.token, true);
      if (!context.free) return [...methods, ...completePreamble(context.token.range)];
      const origin = usualOrigin(file) ?? knownOrigin(originVariables(file, scope, outer));
      return [...completeSkeletons(context.token.range, origin), ...methods];
    }
    case 'method': {
      const methods = completeMethods(context.token, context.alone);
      if (context.request && context.request.url !== '') return methods;
      const origin = usualOrigin(file) ?? knownOrigin(originVariables(file, scope, outer));
      return context.alone ? [...completeSkeletons(context.token.range, origin), ...methods] : methods;
    }
    case 'url':
      return context.first
        ? completeUrl(context.token, file, originVariables(file, scope, outer), position.line) : [];
    case 'http-version': return completeVersions(context.token);
    case 'header-name':
      if (context.ofPart) return completePartFields(context.token, context.hasColon);
      return context.pasted ? [] : completeFieldNames(context.token, context.hasColon, context.request);
    case 'header-value': return context.pasted ? [] : completeFieldValues(context.name, context.token);
    case 'metadata-key': return completeMetadataKeys(context.token, context.hasValue, context.request);
    case 'metadata-value': {
      const { names, isCut } = offeredRequests(file, importedNames, context.token.typed);
      return { items: completeMetadataValues(context.key, context.token, names), isIncomplete: isCut };
    }
    case 'reference': {
      const names: NameSources = {
        file, scope, outer, importedNames,
        ...(context.request ? { request: context.request } : {}),
        ...(sources.latest ? { latest: (name) => sources.latest!(name) } : {}),
      };
      return completeReference(context, names);
    }
    case 'curl': return context.token.typed === '' ? [] : completeCurlOptions(context.token);
    case 'path': return completePaths(context.use, context.token, file, sources);
    case 'separator': case 'comment': case 'variable-name': case 'variable-value': case 'status-code': case 'assert':
    case 'body': case 'script':
      return [];
    default: return assertNever(context);
  }
}

function knownOrigin(variables: readonly Definition[]): string | undefined {
  const first = variables.find(({ origin }) => origin.kind !== 'dynamic');
  return first && `{{${first.name}}}`;
}

/** A character opens the list only where it begins something: a space does so after a method, not after a word. */
function isWanted(context: Context, trigger: string): boolean {
  switch (trigger) {
    case '{': return context.kind === 'reference' && context.token.typed === '';
    case '$': return context.kind === 'reference';
    case '@': return context.kind === 'metadata-key';
    case '.': return context.kind === 'reference' || context.kind === 'path';
    case '/': return context.kind === 'path' || context.kind === 'url' || isType(context);
    case ':': return context.kind === 'header-value';
    case ';': case ',': return context.kind === 'header-value';
    case '#': return context.kind === 'path' && context.use === 'run';
    case '-': return context.kind === 'curl';
    case ' ': return (context.kind === 'url' && context.token.typed === '') || context.kind === 'metadata-value'
      || context.kind === 'header-value' || (context.kind === 'reference' && asksForKey(context.token.typed))
      || (context.kind === 'path' && context.token.typed === '');
    default: return true;
  }
}

function isType(context: Context): boolean {
  return context.kind === 'header-value' && /^(?:accept|content-type)$/i.test(context.name);
}

// --- paths -------------------------------------------------------------------------------------------

const isRequestFile = (name: string): boolean => /\.(?:http|rest)$/i.test(name);

/** Which files suit a place that names one. */
const suited: Readonly<Record<PathUse, (name: string) => boolean>> = {
  include: () => true,
  response: () => true,
  output: () => true,
  script: (name) => /\.(?:js|mjs|cjs|ts)$/i.test(name),
  import: isRequestFile,
  run: isRequestFile,
};

async function completePaths(
  use: PathUse, token: Token, file: HttpFile, sources: CompletionSources,
): Promise<CompletionList> {
  const { typed, range } = token;
  const { names, isCut } = use === 'run' && !typed.includes('/')
    ? offeredRequests(file, sources.importedNames ?? [], typed.replace(/^#/, '')) : { names: [], isCut: false };
  const requests = names.map((name, index): Completion =>
    ({ label: `#${name}`, kind: 'request', range, insert: `#${name}`, sort: sortKey(0, index) }));
  const folder = folderOf(typed);
  if (folder === undefined || typed.startsWith('#')) return { items: requests, isIncomplete: isCut };
  const entries = await sources.listFiles?.(folder) ?? [];
  return { items: [...requests, ...completePath(token, entries, suited[use])], isIncomplete: isCut };
}
