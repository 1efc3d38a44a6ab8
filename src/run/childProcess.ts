import type { ChildProcess } from 'node:child_process';

/** What is started and who listens. */
interface ChildOptions {
  /** Absolute path of the bundled script. */
  readonly modulePath: string;
  readonly args?: readonly string[];
  /** Besides what it inherits: what others of this machine may not see among the arguments. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The Node that runs it; default: the one running this. */
  readonly execPath?: string;
  readonly onMessage: (message: unknown) => void;
  /** Called once, after the last message. */
  readonly onExit: (exit: ChildExit) => void;
  /** What the child writes to its standard output and error. */
  readonly onOutput?: (text: string) => void;
}

/** Why a child is gone; `message` is for a log or the `cause` of a failure. */
export interface ChildExit {
  /** It was asked to end. */
  readonly expected: boolean;
  readonly message: string;
}

export interface Child {
  readonly pid: number | undefined;
  /** Gives false when the channel is closed; the message is then lost. */
  send(message: unknown): boolean;
  /** Closes the channel, which ends the child; kills it when it is still there after `grace` ms. */
  end(grace?: number): Promise<void>;
}

const outputKept = 2_000;

/**
 * Starts a script as a child process with a clean environment and a channel that carries bytes as
 * bytes.
 * Never throws for a child that cannot be started: `onExit` says so.
 */
export function startChild(options: ChildOptions): Child {
  let expected = false;
  let tail = '';
  // Loaded with the first child: it costs more than everything else at start.
  const { fork } = process.getBuiltinModule('node:child_process');
  const child = fork(options.modulePath, [...(options.args ?? [])], {
    ...(options.execPath ? { execPath: options.execPath } : {}),
    env: { ...cleanEnvironment(process.env), ...options.environment },
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const keep = (chunk: Buffer): void => {
    tail = (tail + chunk.toString()).slice(-outputKept);
    options.onOutput?.(chunk.toString());
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('message', options.onMessage);
  const gone = whenGone(child).then((reason) => {
    options.onExit({ expected, message: withOutput(reason, tail) });
  });
  return {
    pid: child.pid,
    send: (message) => {
      if (!child.connected) return false;
      // The callback takes the error of a channel that closes while the message is written.
      child.send(message as object, () => {});
      return true;
    },
    end: async (grace = 2_000) => {
      expected = true;
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), grace);
      await gone;
      clearTimeout(timer);
    },
  };
}

/**
 * The environment without what the editor's own processes leave in it: `VSCODE_*` and `ELECTRON_*`
 * change how a child
 * behaves, `NODE_OPTIONS` may attach a debugger to it. An Electron binary then runs as plain Node.
 */
export function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name]) => !/^(VSCODE|ELECTRON)_|^NODE_OPTIONS$/i.test(name),
  );
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}

/** After the exit the channel may still hold messages: the child is gone once both are over. */
function whenGone(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  child.on('error', (error) => {
    if (child.pid === undefined) resolve(error.message);
  });
  child.on('exit', (code, signal) => {
    const reason = signal ? `ended by ${signal}` : `exit code ${code}`;
    if (!child.connected) return resolve(reason);
    child.once('disconnect', () => resolve(reason));
    setTimeout(() => resolve(reason), 1_000).unref();
  });
  return promise;
}

function withOutput(reason: string, tail: string): string {
  const lastError = tail
    .trim()
    .split('\n')
    .findLast((line) => /error/i.test(line));
  return lastError ? `${reason}: ${lastError.trim()}` : reason;
}
