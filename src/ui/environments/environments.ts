import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Environment, EnvironmentEntry } from '../../run/environments/environment.ts';
import type { EnvironmentPlace, Environments } from '../../run/environments/load.ts';
import type { HostCertificate } from '../../run/prepare/hostCertificates.ts';
import { commands } from '../contributions.ts';
import { watchEnvironmentFiles } from './environmentFiles.ts';
import { pickEnvironment } from './environmentPicker.ts';
import { createEnvironmentStatus, shownRequestFile } from './environmentStatus.ts';
import type { StoredSecrets } from './storedSecrets.ts';

/** The environments of request files, and the one the user has chosen. */
export interface EnvironmentChoice extends vscode.Disposable {
  /**
   * What names stand for in a file, besides its own variables: the chosen environment with what all
   * share, `.env` files and stored secrets. Undefined in a workspace that is not trusted, where
   * nothing is read.
   */
  activeEnvironment(document: vscode.TextDocument): Promise<Environment | undefined>;
  /**
   * Where the values of environments come from for a file, stored secrets among them. None in a workspace that is not
   * trusted.
   */
  placesFor(file: Pick<vscode.TextDocument, 'uri'>): Promise<readonly EnvironmentPlace[]>;
  /** Client certificates by host that httpYac's configuration names. None in a workspace that is not trusted. */
  certificates(file: Pick<vscode.TextDocument, 'uri'>): Promise<readonly HostCertificate[]>;
  /** Chooses by name, or none with null; asks the user when neither is given. */
  select(name?: string | null): Promise<void>;
  /** Another environment was chosen, or what environments are made of has changed. */
  readonly onDidChange: vscode.Event<void>;
}

export interface EnvironmentOptions {
  /** The choice is remembered for the workspace. */
  readonly state: vscode.Memento;
  readonly secrets: StoredSecrets;
}

const stateKey = 'environment';

/** Nothing is read, and no file watched, before somebody asks for a file's environment. */
export function createEnvironments({ state, secrets }: EnvironmentOptions): EnvironmentChoice {
  const changed = new vscode.EventEmitter<void>();
  const loaded = new Map<string, Promise<Environments>>();
  let stored: Promise<ReadonlyMap<string, string>> | undefined;

  const forget = (): void => {
    loaded.clear();
    stored = undefined;
    changed.fire();
  };
  const files = watchEnvironmentFiles(forget);

  const load = (document: Pick<vscode.TextDocument, 'uri'>): Promise<Environments> => {
    const place = placeOf(document);
    files.watch(document, place.directory);
    const key = `${place.directory}\n${place.root ?? ''}`;
    const known = loaded.get(key);
    if (known) return known;
    const loading = loadEnvironments({ ...place, settings: foreignSettings(document) });
    loaded.set(key, loading);
    loading.catch(() => loaded.delete(key));
    return loading;
  };

  const activeEnvironment = async (
    document: vscode.TextDocument,
  ): Promise<Environment | undefined> => {
    if (!vscode.workspace.isTrusted) return undefined;
    const [all, values] = await Promise.all([load(document), stored ??= secrets.all()]);
    const wanted = state.get<string>(stateKey);
    const known = wanted !== undefined && all.names.includes(wanted);
    return withSecrets(all.select(known ? wanted : undefined), values);
  };

  const placesFor: EnvironmentChoice['placesFor'] = async (file) => {
    if (!vscode.workspace.isTrusted) return [];
    const [all, values] = await Promise.all([load(file), stored ??= secrets.all()]);
    return [...all.places, { source: vscode.l10n.t('secret storage'), has: (name) => values.has(name) }];
  };

  const choose = async (name: string | undefined): Promise<void> => {
    await state.update(stateKey, name);
    changed.fire();
  };

  const select: EnvironmentChoice['select'] = async (name) => {
    if (name !== undefined) return choose(name ?? undefined);
    const document = shownRequestFile();
    const environments = document && vscode.workspace.isTrusted ? await load(document) : undefined;
    const current = document && (await activeEnvironment(document))?.name;
    const picked = await pickEnvironment({ environments, current });
    if (picked) await choose(picked.name);
  };

  const status = createEnvironmentStatus({ activeEnvironment, onDidChange: changed.event });
  const subscriptions = vscode.Disposable.from(
    changed, files, status, secrets.onDidChange(forget),
    vscode.commands.registerCommand(commands.selectEnvironment, (name: unknown) =>
      select(typeof name === 'string' || name === null ? name : undefined)),
    vscode.workspace.onDidGrantWorkspaceTrust(forget),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (sources.some((section) => event.affectsConfiguration(section))) forget();
    }),
  );
  return {
    activeEnvironment, placesFor, select,
    certificates: async (file) => vscode.workspace.isTrusted ? (await load(file)).certificates : [],
    onDidChange: changed.event, dispose: () => subscriptions.dispose(),
  };
}

/** The settings that decide what names stand for. */
const sources = ['rest-client.environmentVariables', 'roundtrip.variables'];

async function loadEnvironments(
  options: Parameters<typeof import('../../run/environments/load.ts')['loadEnvironments']>[0],
): Promise<Environments> {
  const { loadEnvironments: load } = await import('../../run/environments/load.ts');
  return load(options);
}

/** What REST Client's users have in their settings. */
function foreignSettings({ uri }: Pick<vscode.TextDocument, 'uri'>): unknown {
  return vscode.workspace.getConfiguration('rest-client', uri).get('environmentVariables');
}

/** Environment files lie beside the request file or above it, up to the workspace's folder. */
function placeOf({ uri }: Pick<vscode.TextDocument, 'uri'>): { directory: string; root?: string } {
  const folder = vscode.workspace.getWorkspaceFolder(uri)
    ?? (uri.scheme === 'file' ? undefined : vscode.workspace.workspaceFolders?.[0]);
  const directory = uri.scheme === 'file' ? dirname(uri.fsPath) : folder?.uri.fsPath ?? '';
  return folder ? { directory, root: folder.uri.fsPath } : { directory };
}

/** A stored secret stands before what files say of the same name. */
function withSecrets(environment: Environment, secrets: ReadonlyMap<string, string>): Environment {
  if (secrets.size === 0) return environment;
  const entries = new Map(environment.entries);
  for (const [name, value] of secrets) {
    const entry: EnvironmentEntry = {
      value, layer: 'private', environment: environment.name ?? '', secret: true,
      source: vscode.l10n.t('secret storage'),
    };
    entries.set(name, [entry, ...entries.get(name) ?? []]);
  }
  return { ...environment, entries };
}
