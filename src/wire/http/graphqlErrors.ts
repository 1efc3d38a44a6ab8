import { graphqlOutcome } from '../../trace/graphqlErrors.ts';
import type { ContentStore } from '../content/store.ts';
import type { Sent } from './sending.ts';

/** A larger response is not looked through for errors, in bytes. */
const largest = 1024 * 1024;

/** Adds the errors that a GraphQL response has in it to its exchange, or that it is too long; resolves in every case. */
export async function addGraphqlErrors(sent: Sent, store: ContentStore): Promise<void> {
  if (sent.failure) return;
  const content = await store.read(sent.sending.id, 0, largest).catch(() => undefined);
  if (!content) return;
  const { total: size } = content;
  if (size > largest) return sent.add({ type: 'graphql-unread', at: sent.endAt, size, limit: largest });
  const outcome = graphqlOutcome(new TextDecoder().decode(content.bytes));
  if (outcome) sent.add({ type: 'graphql-errors', at: sent.endAt, outcome });
}
