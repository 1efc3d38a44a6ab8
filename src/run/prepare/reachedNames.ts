import { createScope } from '../../httpFile/names/scope.ts';
import type { HttpRequest } from '../../httpFile/syntax.ts';
import { outerNames } from './names.ts';
import type { PrepareContext } from './preparation.ts';

/** What decides which names a request reaches. */
type NameContext =
  Pick<PrepareContext, 'file' | 'environment' | 'imported' | 'arguments' | 'dialect'>;

/**
 * Every name and expression whose value a request needs, without `%`: those in its own texts and those in what they
 * stand for. Names in files that a body includes are not among them.
 */
export function reachedNames(request: HttpRequest, context: NameContext): Set<string> {
  const names = new Set<string>();
  const outer = outerNames({
    ...context, uri: '', directory: '', options: {}, trusted: false, newId: () => '',
  });
  const { resolve } = createScope(context.file, request.line - 1, {
    ...outer,
    before: (name) => {
      names.add(name);
      return outer.before?.(name);
    },
  }, { last: context.dialect?.scope === 'last' });
  for (const text of textsOf(request)) if (text.includes('{{')) resolve(text);
  return names;
}

/** Whether a request needs the lab: any `{{$lab…}}` it reaches, also through variables and environments. */
export function usesLab(request: HttpRequest, context: NameContext): boolean {
  for (const name of reachedNames(request, context)) if (name.startsWith('$lab.')) return true;
  return false;
}

/** Metadata in which names stand for values. */
const withNames = new Set(['proxy', 'dns', 'resolve', 'trailer', 'client-cert']);

function textsOf(request: HttpRequest): string[] {
  const headers = request.headers.flatMap(({ name, value }) => [name, value]);
  const body = (request.body ?? []).map((segment) => segment.kind === 'text' ? segment.text : segment.path);
  // C32: a path alone may take its host from a variable of that name.
  const host = /^\/(?!\/)/.test(request.url) ? ['{{host}}'] : [];
  const said = request.metadata.filter(({ key }) => withNames.has(key)).map(({ value }) => value);
  // What a WebSocket sends.
  const messages = request.isWebSocket
    ? request.elements.filter(({ kind }) => kind === 'message').map(({ text }) => text) : [];
  return [request.method, request.url, ...host, ...headers, ...body, ...messages, ...said];
}
