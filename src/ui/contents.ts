import type { Content, EngineClient } from '../run/engineClient.ts';
import type { History } from '../run/history/history.ts';

/**
 * A window of an exchange's content: from the engine that received it, else from what was kept on
 * disk.
 */
export type ReadContent = (
  exchangeId: string,
  offset: number,
  length: number,
) => Promise<Content | undefined>;

const windowSize = 1024 * 1024;

/** Contents up to this many bytes are kept beside the history. */
const keptSize = 4 * 1024 * 1024;

/** Contents from the engine, else from what was kept beside the history; undefined when neither has them. */
export function createContentReader(engine: EngineClient, history: History): ReadContent {
  return async (exchangeId, offset, length) =>
    (await engine.readContent(exchangeId, offset, length)) ??
    history.readContent(exchangeId, offset, length);
}

/**
 * Contents as they were received, for values of later requests: what is kept on disk has secrets masked, so it counts
 * only for a request without any.
 */
export function createExactReader(engine: EngineClient, history: History): ReadContent {
  return async (exchangeId, offset, length) => {
    const content = await engine.readContent(exchangeId, offset, length);
    const hasSecrets = (history.exchange(exchangeId)?.spec.secrets?.length ?? 0) > 0;
    return content ?? (hasSecrets ? undefined : history.readContent(exchangeId, offset, length));
  };
}

/**
 * The content from its start, window by window, up to `limit` bytes. Ends early when the content is
 * gone.
 */
export async function* windowsOf(
  read: ReadContent,
  exchangeId: string,
  limit: number,
): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < limit;) {
    const content = await read(exchangeId, offset, Math.min(windowSize, limit - offset));
    if (!content || content.bytes.length === 0) return;
    yield content.bytes;
    offset += content.bytes.length;
    if (offset >= content.total) return;
  }
}

/** Once a send is over: its contents go to the disk, where a later session finds them. */
export function keepContents(
  exchangeIds: readonly string[],
  engine: EngineClient,
  history: History,
): void {
  for (const id of exchangeIds) {
    const { response } = history.exchange(id) ?? {};
    if (!response || response.contentSize === 0 || response.contentSize > keptSize) continue;
    history.keepContent(id, windowsOf(engine.readContent, id, keptSize)).catch(() => {});
  }
}
