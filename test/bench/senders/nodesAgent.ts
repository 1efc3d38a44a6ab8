import type { Agent } from 'undici';

/**
 * The `Agent` of the undici inside Node, whose `fetch` takes no other's. It is told by the one that `fetch` makes for
 * itself, as long as no other undici has been loaded: to be imported before it.
 */
export const NodesAgent = await agentOfFetch();

async function agentOfFetch(): Promise<typeof Agent> {
  await fetch('data:,');
  const own = (globalThis as Record<symbol, unknown>)[Symbol.for('undici.globalDispatcher.1')] as Agent;
  return own.constructor as typeof Agent;
}
