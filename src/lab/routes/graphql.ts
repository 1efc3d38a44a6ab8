import { isObject } from '../collection/book.ts';
import { readDocument } from '../collection/documents.ts';
import type { Collection } from '../collection/store.ts';
import { bookSchema } from '../graphql/bookSchema.ts';
import { GraphQLError } from '../graphql/document.ts';
import type { Document, Operation } from '../graphql/document.ts';
import { entryOf, execute, readVariables } from '../graphql/execute.ts';
import type { Result } from '../graphql/execute.ts';
import { parseDocument } from '../graphql/parse.ts';
import type { Schema, Values } from '../graphql/schema.ts';
import { validate } from '../graphql/validate.ts';
import { problem, text } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import { preferredType } from '../http/negotiate.ts';
import type { FieldLine } from '../messages.ts';
import type { BookRequest, BookRoute } from './books.ts';

/** GraphQL over HTTP, draft of 2025: §4.3, §6.4. */
const mediaTypes = ['application/graphql-response+json', 'application/json'] as const;
const maxBody = 65_536;
const maxQuery = 16_384;

/** GraphQL over the books of a lab. */
export function createGraphqlRoutes(books: Collection): readonly BookRoute[] {
  let built: Schema | undefined;
  const schema = () => (built ??= bookSchema(books));
  const kept: FieldLine = ['X-Stored-In', books.storedIn];
  const handler = (request: BookRequest) => serve(schema(), request, kept);
  return [
    {
      pattern: 'GET /graphql', name: 'graphql/query', handler,
      example: '/graphql?query=%7Bbooks(tag:%22travel%22)%7Btotal,books%7Btitle,author%7D%7D%7D',
      summary: {
        en: 'Asks for books with GraphQL: query, variables and operationName are in the URL.',
        ko: 'GraphQL로 책을 조회합니다. query, variables, operationName은 URL에 있습니다.',
      },
    },
    {
      pattern: 'POST /graphql', name: 'graphql/operation', handler,
      summary: {
        en: 'Asks for books or changes them with GraphQL, as JSON; introspection included.',
        ko: 'JSON으로 GraphQL을 보내 책을 조회하거나 고칩니다. 인트로스펙션도 됩니다.',
      },
    },
  ];
}

interface GraphqlRequest {
  readonly query: string;
  readonly operationName?: string;
  readonly variables: Values;
}

function serve(schema: Schema, request: BookRequest, kept: FieldLine): Answer {
  const type = preferredType(request.head, mediaTypes);
  const headers: readonly FieldLine[] = [['Vary', 'Accept'], ['Cache-Control', 'no-store'], kept];
  if (!type) return problem(406, `There are ${mediaTypes.join(', ')}.`, headers);
  const read = request.head.method === 'POST' ? fromBody(request) : fromQuery(request.head.query);
  if ('statusCode' in read) return read;
  const planned = plan(schema, read);
  if (!('operation' in planned)) return answer(type, { errors: planned.errors }, headers);
  // GraphQL over HTTP §6.2.2: what is safe must not change anything.
  if (planned.operation.kind === 'mutation' && request.head.method !== 'POST') {
    return problem(405, 'A mutation is sent with POST.', [['Allow', 'POST'], ...headers]);
  }
  return answer(type, execute(schema, planned.document, planned.operation, planned.variables), headers);
}

/** §6.4.2: with a media type of its own, a request that could not be executed is 400; 200 under the old one. */
function answer(
  type: (typeof mediaTypes)[number], result: Result | Pick<Result, 'errors'>, headers: readonly FieldLine[],
): Answer {
  const statusCode = 'data' in result || type === 'application/json' ? 200 : 400;
  return text(statusCode, type, `${JSON.stringify(result, null, 2)}\n`, headers);
}

function fromBody({ head, body }: BookRequest): GraphqlRequest | Answer {
  if (!/^application\/json *(?:;|$)/i.test(head.first('content-type') ?? '')) {
    const accepted = [['Accept-Post', 'application/json']] as const;
    return problem(415, 'The body is application/json, and Content-Type says so.', accepted);
  }
  if (body.length > maxBody) return problem(413, `A request takes no more than ${maxBody} bytes.`);
  const document = readDocument(body);
  return typeof document === 'string' ? problem(400, document) : checked(document.value);
}

function fromQuery(query: URLSearchParams): GraphqlRequest | Answer {
  const variables = readDocument(Buffer.from(query.get('variables') || '{}'));
  if (typeof variables === 'string') return problem(400, 'The variables are no JSON document.');
  const operationName = query.get('operationName') || undefined;
  return checked({ query: query.get('query') ?? undefined, operationName, variables: variables.value });
}

function checked(value: unknown): GraphqlRequest | Answer {
  if (!isObject(value) || typeof value.query !== 'string') {
    return problem(400, 'A request of GraphQL has a query, and may have operationName and variables.');
  }
  const { query, operationName = null, variables = null } = value;
  if (query.length > maxQuery) return problem(413, `A query has no more than ${maxQuery} characters.`);
  if (operationName !== null && typeof operationName !== 'string') return problem(400, 'operationName is a text.');
  if (variables !== null && !isObject(variables)) return problem(400, 'variables is an object.');
  return { query, variables: variables ?? {}, ...(operationName === null ? {} : { operationName }) };
}

type Plan =
  | { readonly document: Document; readonly operation: Operation; readonly variables: Values }
  | { readonly errors: NonNullable<Result['errors']> };

/** All that comes before execution: its errors are of the request, not of a field. */
function plan(schema: Schema, { query, operationName, variables }: GraphqlRequest): Plan {
  try {
    const document = parseDocument(query);
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors: errors.slice(0, 20).map((error) => entryOf(error)) };
    const operation = operationIn(document, operationName);
    return { document, operation, variables: readVariables(schema, operation, variables) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { errors: [entryOf(error)] };
  }
}

function operationIn({ operations }: Document, name: string | undefined): Operation {
  const [only, second] = operations;
  const chosen = name === undefined ? (second ? undefined : only) : operations.find((one) => one.name === name);
  if (chosen) return chosen;
  throw new GraphQLError(name === undefined ? 'There are several operations: operationName says which.'
    : `There is no operation ${JSON.stringify(name.slice(0, 100))}.`);
}
