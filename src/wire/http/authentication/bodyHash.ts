import { createHash } from 'node:crypto';
import type { RequestBody } from '../transmission.ts';

/**
 * The hash of a whole request body in lower-case hexadecimal, of nothing without one.
 *
 * @throws what reading a file of it throws, or the reason of `signal`.
 */
export async function bodyHash(hash: string, body: RequestBody | undefined, signal?: AbortSignal): Promise<string> {
  const sum = createHash(hash);
  if (body?.bytes) return sum.update(body.bytes).digest('hex');
  if (!body) return sum.digest('hex');
  for await (const chunk of body.open()) {
    signal?.throwIfAborted();
    sum.update(chunk as Buffer);
  }
  return sum.digest('hex');
}
