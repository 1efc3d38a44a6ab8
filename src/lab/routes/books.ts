import { createCollection } from '../collection/store.ts';
import type { Answer } from '../http/answer.ts';
import type { LabRequest, Route } from '../http/handler.ts';
import { createCollectionRoutes } from './collection.ts';
import { createGraphqlRoutes } from './graphql.ts';

/** All that those who keep books need to know of a request: it may have come to another process. */
export type BookRequest = Pick<LabRequest, 'head' | 'parameters' | 'body'>;

export interface BookRoute extends Route {
  readonly handler: (request: BookRequest) => Answer;
}

/** REST and GraphQL over one and the same bookshelf, new with each call. */
export function createBookRoutes(): readonly BookRoute[] {
  const books = createCollection();
  return [...createCollectionRoutes(books), ...createGraphqlRoutes(books)];
}
