import type { ProblemCode } from '../problem.ts';
import type { FileVariable } from '../syntax.ts';

/** Why a name has no value. */
export interface Fault {
  readonly code: ProblemCode;
  readonly places: Record<string, string>;
}

/** A fault and the part of the text it concerns. */
export interface PlacedFault extends Fault {
  readonly offset: number;
  readonly length: number;
}

/** From which of the places in {@link EnvironmentLayer}'s order: the first counts most. */
export type EnvironmentLayer = 'private' | 'public' | 'settings' | 'shared' | 'dotenv';

/** Where a name gets its value from. */
export type NameOrigin =
  /** Given for this run, as with `--var`. */
  | { readonly kind: 'argument' }
  /** Asked of the user. */
  | { readonly kind: 'prompt' }
  /** `uri` is that of an imported file; absent for the file itself. */
  | { readonly kind: 'file'; readonly variable: FileVariable; readonly uri?: string }
  /** `source` is a path, or what messages call it; `line` counts from 1. */
  | {
    readonly kind: 'environment'; readonly layer: EnvironmentLayer; readonly environment: string;
    readonly source: string; readonly line?: number;
  }
  | { readonly kind: 'process' }
  | { readonly kind: 'dynamic' }
  | { readonly kind: 'lab' }
  | { readonly kind: 'response'; readonly request: string };

/** What a name stands for. */
export interface Definition {
  readonly name: string;
  readonly origin: NameOrigin;
  /** As written where it is defined, with the names in it. */
  readonly written?: string;
  /** After substitution, or why it has none. */
  readonly value: string | Fault;
  /** Must be masked wherever it is shown: it is a secret, or one went into it. */
  readonly secret: boolean;
}
