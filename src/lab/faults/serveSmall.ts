import { createFront } from '../http/front.ts';
import { text } from '../http/answer.ts';
import type { Route } from '../http/handler.ts';
import { createHttpServers } from '../http/httpServers.ts';
import type { ServerLimits } from '../http/httpServers.ts';
import { listen } from '../http/listener.ts';
import { createService } from '../http/service.ts';
import type { RequestAccount } from '../messages.ts';
import { createMux } from '../routing/mux.ts';
import { noRedis } from '../shop/redisSessions.ts';
import { smallLimit } from './smallServer.ts';
import type { FromSmallServer, Shortage } from './smallServer.ts';

/** The life of the server that soon has no room left; it ends with the lab. */
export function serveSmall(): void {
  process.on('disconnect', () => process.exit());
  Promise.all([serve('connections', smallLimit), serve('descriptors', Infinity)]).then(([connections, descriptors]) => {
    tell({ type: 'ready', ports: { connections, descriptors } });
  }, () => process.exit(1));
}

function tell(message: FromSmallServer): void {
  process.send?.(message, undefined, undefined, () => {});
}

const limits: ServerLimits = { headTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 1000, maxConnections: 0 };

const server = 'small server';

async function serve(shortage: Shortage, maxConnections: number): Promise<number> {
  const own = { http: 0, https: 0 };
  const report = (account: RequestAccount): void => {
    if (!isOfLab(account)) tell({ type: 'account', account });
  };
  const service = createService({
    mux: createMux([[page(shortage).pattern, page(shortage)]]), sessions: () => noRedis, ports: () => own,
    openConnections: () => front.openConnections, bodyLimit: 0, requestTimeout: limits.requestTimeout, report,
    signedBy: { server, fields: [] },
  });
  const front = createFront(
    createHttpServers(service, limits), undefined, { ...limits, maxConnections }, report, server);
  const { port } = await listen(0, (socket, doorway) => {
    front.accept(socket, 'http', doorway);
    if (front.openConnections === maxConnections) tell({ type: 'full' });
  }, { onFailure: () => tell({ type: 'full' }) });
  own.http = port;
  return port;
}

/** The lab's own connections use up what there is, and carry no request. */
function isOfLab(account: RequestAccount): boolean {
  return 'clientPort' in account && !account.events.some(({ type }) => type === 'turned-away');
}

function page(shortage: Shortage): Route {
  const sentence = shortage === 'connections' ? `This server takes ${smallLimit} connections at a time.`
    : 'This server has few descriptors.';
  return {
    pattern: 'GET /{$}', name: 'small/page', isPublic: true, summary: { en: '', ko: '' },
    handler: () => text(200, 'text/plain', `${sentence} One was left for you.\n`),
  };
}
