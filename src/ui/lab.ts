import * as vscode from 'vscode';
import type { LabAddresses } from '../protocol.ts';
import { createLabClient, isSessionStore } from '../run/labClient.ts';
import type { LabAccount } from '../run/labClient.ts';
import { commands, contextKeys } from './contributions.ts';
import { setting } from './settings.ts';

export interface Lab {
  readonly running: boolean;
  /** Where it listens, while it runs. */
  readonly addresses: LabAddresses | undefined;
  readonly onDidChange: vscode.Event<void>;
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
  const status = createStatus();
  let last: LabAddresses | undefined;
  let stoppedOnPurpose = false;

  const client = createLabClient({
    modulePath,
    sessionStore,
    onEvents,
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
    changed.fire();
  };

  const start = async (): Promise<LabAddresses | undefined> => {
    try {
      last = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Starting the lab') },
        () => client.start(),
      );
      stoppedOnPurpose = false;
      log.info(`lab: ${last.origins.http} ${last.origins.https}`);
      show();
      return last;
    } catch (error) {
      log.error(`lab: ${String(error)}`);
      await reportStartFailure(error);
      return undefined;
    }
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
      await client.dispose();
    },
  };
}

export function registerLabCommands(lab: Lab): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.startLab, () => lab.start()),
    vscode.commands.registerCommand(commands.stopLab, () => lab.stop()),
  );
}

/** @throws an error for the user when it is none. */
function sessionStore(): string {
  const store = setting('lab.sessionStore');
  if (isSessionStore(store)) return store;
  throw new Error(vscode.l10n.t(
    'roundtrip.lab.sessionStore takes memory, shared, or a URL such as redis://127.0.0.1:6379.'));
}

/** Made when the lab first runs; shows its ports, and stops it when clicked. */
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
        'The lab is running at {0} and {1}. Click to stop it.',
        addresses.origins.http,
        addresses.origins.https,
      );
      item.command = commands.stopLab;
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

async function reportStartFailure(error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  const showLog = vscode.l10n.t('Show Log');
  const chosen = await vscode.window.showErrorMessage(
    vscode.l10n.t('The lab could not be started: {0}', reason),
    showLog,
  );
  if (chosen === showLog) await vscode.commands.executeCommand(commands.showLog);
}
