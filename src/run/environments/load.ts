import { noEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';

/** Where environments are looked for. */
export interface LoadOptions {
  /** The folder of the request file, an absolute path; empty when it has none. */
  readonly directory: string;
  /** The workspace's folder: how far up files are looked for; `directory` itself when absent. */
  readonly root?: string;
  /** The value of the setting `rest-client.environmentVariables`. */
  readonly settings?: unknown;
}

/** Every environment there is for a request file. */
export interface Environments {
  /** As the user may choose them, without those that are always part of one. */
  readonly names: readonly string[];
  /** What counts with an environment; without a name, or with one there is not, only what all share. */
  select(name?: string): Environment;
}

/** Reads the environments of a request file. Files that do not exist are nothing; what is wrong with others is a problem. */
export async function loadEnvironments(_options: LoadOptions): Promise<Environments> {
  return { names: [], select: () => noEnvironment };
}
