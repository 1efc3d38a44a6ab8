import type { Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import type { CertificateAuthority } from '../certificates/authority.ts';
import type { Doorway } from '../http/doorway.ts';
import { createFront } from '../http/front.ts';
import { createHttpServers } from '../http/httpServers.ts';
import { listen } from '../http/listener.ts';
import { createService } from '../http/service.ts';
import type { Service } from '../http/service.ts';
import type { RequestAccount } from '../messages.ts';
import { createRoutes } from '../routes/routes.ts';
import { createMux } from '../routing/mux.ts';
import { createSessions, sessionLimits } from '../shop/sessions.ts';
import { createStores } from '../shop/stores.ts';
import { askedBookRoutes } from './sharedBooks.ts';
import { createSharedSessions } from './sharedSessions.ts';
import type { FromWorker, Question, ToWorker } from './talk.ts';
import { createUnderWay } from './underWay.ts';
import { createWorkerRoutes, healthPath } from './workerRoutes.ts';

type Start = Extract<ToWorker, { type: 'start' }>;

/** What the primary asks of a worker that serves. */
interface Serving {
  accept(socket: Socket, clientPort: number, listening: Doorway['listening']): void;
  setPorts(ports: Start['ports']): void;
  clearSessions(): void;
}

type Ask = (question: Question, value: string) => Promise<unknown>;

/** The life of a worker: it serves the connections that the primary hands over, and ends with the primary. */
export function serveAsWorker(number: number): void {
  const asked = new Map<number, PromiseWithResolvers<unknown>>();
  let asks = 0;
  const ask: Ask = (question, value) => {
    const reply = Promise.withResolvers<unknown>();
    asks += 1;
    asked.set(asks, reply);
    tell({ type: 'ask', id: asks, question, value });
    return reply.promise;
  };
  let serving: Promise<Serving> | undefined;
  process.on('disconnect', () => process.exit());
  process.on('message', (message: ToWorker, socket: Socket | undefined) => {
    switch (message.type) {
      case 'start':
        serving = serve(number, message, ask);
        serving.catch(() => process.exit(1));
        break;
      case 'connection':
        if (socket) void serving?.then(({ accept }) => accept(socket, message.clientPort, message.listening));
        break;
      case 'ports':
        void serving?.then(({ setPorts }) => setPorts(message.ports));
        break;
      case 'clear-sessions':
        void serving?.then(({ clearSessions }) => clearSessions());
        break;
      case 'reply': {
        const reply = asked.get(message.id);
        asked.delete(message.id);
        if (message.error === undefined) reply?.resolve(message.value);
        else reply?.reject(new Error(message.error));
      }
    }
  });
}

function tell(message: FromWorker, told: () => void = () => {}): void {
  process.send?.(message, undefined, undefined, told);
}

async function serve(number: number, { ports, limits, keeping }: Start, ask: Ask): Promise<Serving> {
  let own = { http: 0, https: ports.https, front: new Set(ports.front) };
  const issuing = {
    issueClient: (name: string) => ask('issue', name) as ReturnType<CertificateAuthority['issueClient']>,
  };
  const books = askedBookRoutes((value) => ask('books', value));
  const routes = createRoutes(issuing, createWorkerRoutes(number, leave), undefined, books);
  const kept = createSessions({ now: monotonicNow, ...sessionLimits(limits) });
  const tally = createTally(() => kept.size());
  const stores = createStores({
    setting: keeping.setting, key: Buffer.from(keeping.key, 'base64'), terms: sessionLimits(limits), memory: kept,
    shared: createSharedSessions(ask), worker: number,
  });
  const server = `worker ${number}`;
  const report = (account: RequestAccount): void => tell({ type: 'account', account });
  const service = createService({
    mux: createMux(routes.map((route) => [route.pattern, route] as const)),
    sessions: ({ authority }) => stores.of(authority),
    ports: () => own, openConnections: () => front.openConnections, bodyLimit: limits.bodyLimit,
    requestTimeout: limits.requestTimeout, report,
    onWork: createUnderWay((accounts) => tell({ type: 'under-way', accounts })),
    signedBy: { server, fields: [['Lab-Worker', String(number)]] },
  });
  const counted: Service = (...visit) => {
    if (visit[0].url !== healthPath) tally.add();
    service(...visit);
  };
  const front = createFront(createHttpServers(counted, limits), undefined, limits, report, server);
  const { port } = await listen(0, (socket, doorway) => front.accept(socket, 'http', doorway));
  own.http = port;
  tell({ type: 'ready', port });
  return {
    accept(socket, clientPort, listening) {
      // A socket that comes from another process has forgotten it.
      socket.allowHalfOpen = true;
      socket.on('close', () => tell({ type: 'closed', clientPort }));
      // It is closed, too, when this process is.
      front.accept(socket, 'http', { listening, failures: [], isClosing: false });
    },
    setPorts({ https, front: others }) {
      own = { http: port, https, front: new Set(others) };
    },
    clearSessions() {
      kept.clear();
      tally.tell();
    },
  };
}

/** ms between two tellings of what was done. */
const tallyPause = 200;

/** Counts requests, and tells of many at once. */
function createTally(sessions: () => number): { add(): void; tell(): void } {
  let requests = 0;
  let timer: NodeJS.Timeout | undefined;
  const tellNow = (): void => {
    timer = undefined;
    tell({ type: 'served', requests, sessions: sessions() });
  };
  return {
    add() {
      requests += 1;
      timer ??= setTimeout(tellNow, tallyPause).unref();
    },
    tell: tellNow,
  };
}

/** Goes without a goodbye, once everything that was told has left the process. */
function leave(): void {
  tell({ type: 'leaving' }, () => process.kill(process.pid, 'SIGKILL'));
}
