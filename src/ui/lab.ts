import * as vscode from 'vscode';
import type { LabAction, LabAddresses, LabState } from '../protocol.ts';
import { createLabClient, isSessionStore } from '../run/labClient.ts';
import type { LabAccount } from '../run/labClient.ts';
import { commands, contextKeys, labViewId } from './contributions.ts';
import { limitsWanted } from './lab/limits.ts';
import { labPorts, offerRestart } from './lab/ports.ts';
import { reportAction, reportFailures, reportStartFailure } from './lab/problems.ts';
import { setting } from './settings.ts';

export interface Lab {
  readonly running: boolean;
  /** Where it listens, while it runs. */
  readonly addresses: LabAddresses | undefined;
  /** It was started or stopped, or listens elsewhere than before. */
  readonly onDidChange: vscode.Event<void>;
  /** What was heard last of its servers, while it runs; kept up to date while it is watched. */
  readonly state: LabState | undefined;
  readonly onDidChangeState: vscode.Event<void>;
  watch(isWatched: boolean): void;
  /** Does something to the running lab, and says so in a message when that cannot be done. */
  act(action: LabAction): Promise<void>;
  /** Restarts the running lab: all its servers, and its process when its session store or its limits have changed. */
  restart(): Promise<void>;
  /**
   * Starts the lab with progress in the status bar; says so in a message when it cannot be started.
   */
  start(): Promise<LabAddresses | undefined>;
  stop(): Promise<void>;
  /**
   * What `{{$lab…}}` stands for in a request about to be sent; starts the lab when needed. A lab
   * that was stopped on
   * purpose stays stopped: its addresses are then those of before, and nobody answers there.
   */
  addressesForSend(scope: vscode.Uri): Promise<LabAddresses | undefined>;
  dispose(): Promise<void>;
}

export interface LabOptions {
  readonly modulePath: string;
  readonly onEvents: (account: LabAccount) => void;
  readonly log: vscode.LogOutputChannel;
}

/** The lab as the editor shows it: commands, a context key and its ports in the status bar. */
export function createLab({ modulePath, onEvents, log }: LabOptions): Lab {
  const changed = new vscode.EventEmitter<void>();
  const stateChanged = new vscode.EventEmitter<void>();
  let state: LabState | undefined;
  const status = createStatus();
  let last: LabAddresses | undefined;
  let stoppedOnPurpose = false;
  /** What is read once by each process of the lab. */
  const asked = (): string => JSON.stringify([sessionStore(), limitsWanted()]);
  let given: string | undefined;

  const client = createLabClient({
    modulePath,
    ports: labPorts,
    limits: limitsWanted,
    sessionStore() {
      given = asked();
      return sessionStore();
    },
    onEvents,
    onState: (heard) => {
      state = heard;
      stateChanged.fire();
    },
    onAddresses: () => show(),
    onOutput: (text) => log.info(`[lab] ${text.trimEnd()}`),
    onExit: (exit) => {
      log.error(`lab: ${exit.message}`);
      noteEnd();
      show();
    },
  });

  const show = (): void => {
    void vscode.commands.executeCommand(
      'setContext',
      contextKeys.labRunning,
      client.addresses !== undefined,
    );
    status.show(client.addresses);
    if (client.addresses) last = client.addresses;
    else state = undefined;
    changed.fire();
    stateChanged.fire();
  };

  const start = async (): Promise<LabAddresses | undefined> => {
    try {
      last = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Starting the lab') },
        async () => client.start(),
      );
      stoppedOnPurpose = false;
      log.info(`lab: ${last.origins.http} ${last.origins.https}`);
      const started = await client.act({ do: 'report' });
      show();
      if (started) void reportFailures(started.state.servers);
      return last;
    } catch (error) {
      log.error(`lab: ${String(error)}`);
      await reportStartFailure(error);
      return undefined;
    }
  };

  const act = async (action: LabAction): Promise<void> => {
    const starts = action.do === 'start' || action.do === 'restart';
    const result = await client.act(starts ? { ...action, ports: labPorts() } : action);
    if (!result) return;
    if (result.problem) return reportAction(result.problem);
    const { server } = starts ? action : {};
    const meant = result.state.servers.filter(({ id }) => server === undefined || id === server);
    if (starts) await reportFailures(meant);
  };

  const restart = async (): Promise<void> => {
    try {
      if (!client.addresses || asked() === given) return act({ do: 'restart' });
    } catch (error) {
      // What runs goes on: there is no other store to change to.
      return void vscode.window.showErrorMessage((error as Error).message);
    }
    await client.stop();
    show();
    await start();
  };

  const stop = async (): Promise<void> => {
    stoppedOnPurpose = true;
    await client.stop();
    show();
  };

  return {
    get running() {
      return client.addresses !== undefined;
    },
    get addresses() {
      return client.addresses;
    },
    onDidChange: changed.event,
    get state() {
      return state;
    },
    onDidChangeState: stateChanged.event,
    watch: (isWatched) => client.watch(isWatched),
    act,
    restart,
    start,
    stop,
    addressesForSend: async (scope) => {
      if (client.addresses) return client.addresses;
      if (stoppedOnPurpose || !setting('lab.autoStart', scope)) return last;
      return start();
    },
    dispose: async () => {
      status.dispose();
      changed.dispose();
      stateChanged.dispose();
      await client.dispose();
    },
  };
}

export function registerLabCommands(lab: Lab): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.startLab, () => lab.start()),
    vscode.commands.registerCommand(commands.stopLab, () => lab.stop()),
    vscode.commands.registerCommand(commands.restartLab, () => lab.restart()),
    offerRestart(lab),
  );
}

/** @throws an error for the user when it is none. */
function sessionStore(): string {
  const store = setting('lab.sessionStore');
  if (isSessionStore(store)) return store;
  throw new Error(vscode.l10n.t(
    'roundtrip.lab.sessionStore takes memory, shared, or a URL such as redis://127.0.0.1:6379.'));
}

/** Made when the lab first runs; shows its ports, and leads to its view. */
function createStatus(): { show(addresses: LabAddresses | undefined): void; dispose(): void } {
  let item: vscode.StatusBarItem | undefined;
  return {
    show: (addresses) => {
      if (!addresses) return item?.hide();
      item ??= vscode.window.createStatusBarItem('lab', vscode.StatusBarAlignment.Left, 0);
      item.name = vscode.l10n.t('Roundtrip Lab');
      const ports = `${addresses.http.port}, ${addresses.https.port}`;
      item.text = `$(beaker) ${vscode.l10n.t('Lab')} ${ports}`;
      item.tooltip = vscode.l10n.t(
        'The lab is running at {0} and {1}. Click to see its servers.',
        addresses.origins.http,
        addresses.origins.https,
      );
      item.command = `${labViewId}.focus`;
      item.show();
    },
    dispose: () => item?.dispose(),
  };
}

function noteEnd(): void {
  const note = vscode.l10n.t(
    'The lab ended unexpectedly. The next request to it starts it again.');
  vscode.window.setStatusBarMessage(`$(warning) ${note}`, 15_000);
}
