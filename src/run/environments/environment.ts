import type { AuthEntry } from '../authentication/oauth/configuration.ts';
import type { ProblemCode } from '../../httpFile/problem.ts';
import type { EnvironmentLayer, Fault } from '../../httpFile/names/origin.ts';
import type { Severity } from '../../httpFile/syntax.ts';
import type { CertificateFiles } from '../prepare/hostCertificates.ts';
import type { Shape } from './json.ts';

/** A name's value in one of the places that environments are made of. */
export interface EnvironmentEntry {
  /** As written; may hold `{{names}}`. */
  readonly value: string;
  readonly layer: EnvironmentLayer;
  /** The name of the environment it stands under, such as `dev` or `$shared`; empty for a plain `.env`. */
  readonly environment: string;
  /** The file's absolute path, or what messages call a place that is no file. */
  readonly source: string;
  /** Counts from 1. */
  readonly line?: number;
  /** It comes from a private file: mask it wherever it is shown. */
  readonly secret: boolean;
  /** Why there is no value that could be used; `value` is then empty. */
  readonly fault?: Fault;
}

/** What stands for a name in place of a value, and where. */
export interface PlacedShape extends Shape {
  readonly layer: EnvironmentLayer;
  readonly environment: string;
  readonly source: string;
}

/** Something to tell about the files that environments are read from. */
export interface EnvironmentProblem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly places: Record<string, string>;
  readonly source: string;
  /** Both count from 1. */
  readonly line?: number;
  readonly character?: number;
}

/** What names stand for when one environment is chosen. */
export interface Environment {
  /** Undefined when none is chosen: then only what all share counts. */
  readonly name: string | undefined;
  /** By name, what counts most first (C9). Nested values by dots, elements of arrays by number: `users.0.name`. */
  readonly entries: ReadonlyMap<string, readonly EnvironmentEntry[]>;
  /** What names stand for that have no single value: lists, objects and null. */
  readonly shapes?: ReadonlyMap<string, PlacedShape>;
  readonly problems: readonly EnvironmentProblem[];
  /** False when the environment says that certificates are not to be verified (C34). */
  readonly verify?: boolean;
  /** JetBrains' `SSLConfiguration.clientCertificate`: for every host. */
  readonly certificate?: CertificateFiles;
  /** JetBrains' `Security.Auth`: how tokens are got, by id; what a private file says counts before the public one. */
  readonly auth?: ReadonlyMap<string, AuthEntry>;
}

/** The entries of a name, written with dots or with brackets: `users[0].name` is `users.0.name` (C55). */
export function entriesOf(environment: Environment, name: string): readonly EnvironmentEntry[] {
  const exact = environment.entries.get(name);
  if (exact || !name.includes('[')) return exact ?? [];
  return environment.entries.get(withDots(name)) ?? [];
}

/** What stands for a name although it has no value: a list, an object or null. */
export function shapeOf({ shapes }: Environment, name: string): PlacedShape | undefined {
  return shapes?.get(name) ?? (name.includes('[') ? shapes?.get(withDots(name)) : undefined);
}

/** `a[0]['b']` as `a.0.b`. */
function withDots(name: string): string {
  return name.replace(/\[(?:'([^'\]]{0,200})'|"([^"\]]{0,200})"|(\d{1,9}))\]/g,
    (_, single?: string, double?: string, digits?: string) => `.${single ?? double ?? digits}`);
}
