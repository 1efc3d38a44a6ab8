import type { FromLab, LabAddresses, ToLab } from '../protocol.ts';
import { startChild } from './childProcess.ts';
import type { Child, ChildExit } from './childProcess.ts';

export type LabAccount = Extract<FromLab, { type: 'events' }>;

export interface LabClientOptions {
  /** Absolute path of the bundled lab. */
  readonly modulePath: string;
  /** Ports to listen on; 0 or absent takes free ones. */
  readonly ports?: {
    readonly httpPort?: number;
    readonly httpsPort?: number;
    readonly dnsPort?: number;
  };
  readonly execPath?: string;
  /** The server's account of one request, joined by `createServerSideJoin`. */
  readonly onEvents?: (account: LabAccount) => void;
  /** It ended without having been asked to. */
  readonly onExit?: (exit: ChildExit) => void;
  readonly onOutput?: (text: string) => void;
}

/** The host's end of the lab: at most one child at a time. */
export interface LabClient {
  /** Where the running lab listens; undefined while it is not running. */
  readonly addresses: LabAddresses | undefined;
  /** Starts the lab unless it runs. Rejects with the reason when it cannot be started. */
  start(): Promise<LabAddresses>;
  /** Resolves when the process has ended; at once when none runs. */
  stop(): Promise<void>;
  dispose(): Promise<void>;
}

/** Nothing is started until `start`. */
export function createLabClient(options: LabClientOptions): LabClient {
  let running: { child: Child; ready: Promise<LabAddresses> } | undefined;
  let addresses: LabAddresses | undefined;

  const launch = (): NonNullable<typeof running> => {
    const ready = Promise.withResolvers<LabAddresses>();
    const child = startChild({
      modulePath: options.modulePath,
      args: portArguments(options.ports ?? {}),
      ...(options.execPath ? { execPath: options.execPath } : {}),
      ...(options.onOutput ? { onOutput: options.onOutput } : {}),
      onMessage: (value) => {
        const message = value as FromLab;
        if (message.type === 'events') options.onEvents?.(message);
        if (message.type === 'failed') ready.reject(new Error(message.message));
        if (message.type !== 'ready') return;
        if (running?.child === child) addresses = message.addresses;
        ready.resolve(message.addresses);
      },
      onExit: (exit) => {
        ready.reject(new Error(exit.message));
        if (running?.child === child) running = addresses = undefined;
        if (!exit.expected) options.onExit?.(exit);
      },
    });
    return { child, ready: ready.promise };
  };

  const stop = async (): Promise<void> => {
    const { child, ready } = running ?? {};
    running = addresses = undefined;
    if (!child) return;
    ready?.catch(() => {});
    child.send({ type: 'stop' } satisfies ToLab);
    await child.end();
  };

  return {
    get addresses() {
      return addresses;
    },
    start: () =>
      (running ??= launch()).ready.catch(async (error: unknown) => {
        await stop();
        throw error;
      }),
    stop,
    dispose: stop,
  };
}

/** `--http-port=…`, as the lab's own command line takes them. */
function portArguments({
  httpPort,
  httpsPort,
  dnsPort,
}: NonNullable<LabClientOptions['ports']>): string[] {
  const wanted = { 'http-port': httpPort, 'https-port': httpsPort, 'dns-port': dnsPort };
  return Object.entries(wanted).flatMap(([name, port]) => (port ? [`--${name}=${port}`] : []));
}
