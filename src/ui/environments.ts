import * as vscode from 'vscode';
import type { Environment } from '../run/environments/environment.ts';

/** The environments of request files, and the one the user has chosen. */
export interface EnvironmentChoice extends vscode.Disposable {
  /**
   * What names stand for in a file, besides its own variables: the chosen environment with what all
   * share, `.env` files and stored secrets. Undefined in a workspace that is not trusted, where
   * nothing is read.
   */
  activeEnvironment(document: vscode.TextDocument): Promise<Environment | undefined>;
  /** Asks the user. */
  select(): Promise<void>;
  /** Another environment was chosen, or what environments are made of has changed. */
  readonly onDidChange: vscode.Event<void>;
}
