import type { Exchange } from '../../../trace/exchange.ts';
import type { ReadContent } from '../../responses/responses.ts';
import type { ServerResponse } from './tokenResponse.ts';

/** A longer answer is none of an authorization server, bytes. */
const largest = 1024 * 1024;

/** The response of the last exchange of a send, with its content; undefined when none came whole. */
export async function serverResponse(
  exchange: Exchange | undefined, read: ReadContent,
): Promise<ServerResponse | undefined> {
  const { response, failure, id = '' } = exchange ?? {};
  if (!response || failure || !response.complete) return undefined;
  const { statusCode, contentSize } = response;
  const found = contentSize > 0 && contentSize <= largest ? await read(id, 0, contentSize) : undefined;
  return { statusCode, content: found?.bytes ?? new Uint8Array() };
}
