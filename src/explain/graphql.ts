import type { Exchange } from '../trace/exchange.ts';
import type { GraphqlError } from '../trace/graphqlErrors.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import { webSocketTexts } from './text/webSocket.ts';

/** The errors in the response to a GraphQL request, which a status of 200 does not tell; undefined without any. */
export function explainGraphql(
  { graphql }: Exchange, language: Language,
): { readonly strong: string; readonly text: string } | undefined {
  const [first] = graphql?.errors ?? [];
  if (!graphql || !first) return undefined;
  const id = graphql.hasData ? 'graphql-partial' : 'graphql-none';
  return {
    strong: say(webSocketTexts, language, 'graphql-strong', { count: graphql.count }),
    text: say(webSocketTexts, language, id, { first: errorText(first, language) }),
  };
}

function errorText({ message, path }: GraphqlError, language: Language): string {
  return path === undefined ? say(webSocketTexts, language, 'graphql-error', { message })
    : say(webSocketTexts, language, 'graphql-error-path', { message, path });
}

/** Where in the query an error is, in words. */
export function graphqlPlace({ location }: GraphqlError, language: Language): string {
  return location ? say(webSocketTexts, language, 'graphql-place', location) : '';
}
