import * as vscode from 'vscode';
import { createHistory } from './run/history/history.ts';
import { joinServerSide } from './run/serverSide.ts';
import { registerCodeLens } from './ui/codeLens.ts';
import { type CommandOptions, registerCommands, runAction } from './ui/commands.ts';
import { registerContentFileSystem } from './ui/contentFileSystem.ts';
import { createContentReader } from './ui/contents.ts';
import { createDiagnostics, reportCannotSend } from './ui/diagnostics.ts';
import { registerDocuments } from './ui/documents.ts';
import { createNames } from './ui/editing/names.ts';
import { registerEditing } from './ui/editing/register.ts';
import { createEngine } from './ui/engine.ts';
import { createEnvironments, type EnvironmentChoice } from './ui/environments/environments.ts';
import { createInspector } from './ui/inspector.ts';
import { createLab, registerLabCommands } from './ui/lab.ts';
import { registerLabServerCommands } from './ui/lab/commands.ts';
import { registerLabTree } from './ui/lab/tree.ts';
import { createLog, registerLogCommand } from './ui/log.ts';
import { createPrompts, registerPromptCommands } from './ui/sending/prompts.ts';
import { registerSamples } from './ui/samples.ts';
import { registerLimitQuestions } from './ui/sending/limitQuestion.ts';
import { createSender } from './ui/sending/sender.ts';
import { setting, watchHistoryLimit } from './ui/settings.ts';
import { registerSendStatus } from './ui/statusBar.ts';
import {
  createStoredSecrets, registerSecretCommands, type StoredSecrets,
} from './ui/environments/storedSecrets.ts';
import { registerSymbols } from './ui/symbols.ts';
import { createUnsent } from './ui/sending/unsent.ts';
import { createWireReader } from './ui/wire.ts';

/** What the tests that run inside VS Code look at. */
export type Api = Pick<CommandOptions, 'history' | 'lab' | 'engine' | 'inspector' | 'sender'>
  & { readonly environments: EnvironmentChoice; readonly secrets: StoredSecrets };

let end: (() => Promise<unknown>) | undefined;

/** Builds the object graph and registers the features; no process is started yet. */
export function activate(context: vscode.ExtensionContext): Api {
  const { extensionUri, storageUri = context.globalStorageUri } = context;
  const script = (name: string): string => vscode.Uri.joinPath(extensionUri, 'dist', name).fsPath;
  const log = createLog();
  const history = createHistory({
    directory: vscode.Uri.joinPath(storageUri, 'history').fsPath,
    limit: setting('history.limit'), onForget: (...forgotten) => engine.forget(...forgotten),
  });
  const { listener, onLabEvents } = joinServerSide(history);
  const engine = createEngine({ modulePath: script('engine.cjs'), listener, log, storage: storageUri });
  const lab = createLab({ modulePath: script('lab.cjs'), onEvents: onLabEvents, log });
  const readContent = createContentReader(engine, history);
  const readWire = createWireReader(engine);
  const diagnostics = createDiagnostics();
  const secrets = createStoredSecrets(context.secrets);
  const environments = createEnvironments({ state: context.workspaceState, secrets });
  const inspector = createInspector({
    extensionUri, state: context.workspaceState, history, lab, readContent, readWire, engine,
    onAction: (action, exchangeId) => void runAction(action, exchangeId, options),
  });
  const names = createNames({ environments, lab, history, readContent });
  const unsent = createUnsent();
  const prompts = createPrompts(context.workspaceState, secrets);
  const sender = createSender({
    engine, history, lab, unsent, environments, prompts,
    onBegin: inspector.showSend,
    onProblems: diagnostics.setPrepared, onCannotSend: reportCannotSend,
  });
  const options = {
    sender, engine, history, lab, inspector, readContent, storage: context.globalStorageUri,
  };
  context.subscriptions.push(
    registerDocuments(), log, engine, diagnostics, inspector, environments, registerLogCommand(log),
    registerCommands(options), registerLabCommands(lab), registerLabServerCommands(lab), registerLabTree(lab),
    registerSecretCommands(secrets),
    registerPromptCommands(prompts),
    registerSamples(extensionUri), names, registerCodeLens(history, unsent, names), registerSymbols(),
    registerSendStatus(history), registerLimitQuestions(history, engine), watchHistoryLimit(history),
    registerEditing(names, environments),
    registerContentFileSystem(history, readContent, readWire));
  end = () => Promise.all([history.flush(), engine.end(), lab.dispose()]);
  return { ...options, environments, secrets };
}

/** VS Code waits a few seconds for this. */
export function deactivate(): Promise<unknown> | undefined {
  return end?.();
}
