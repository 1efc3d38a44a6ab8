import { basename, dirname, join } from 'node:path';
import type { EnvironmentLayer } from '../../httpFile/names/origin.ts';
import type { AuthEntry } from '../authentication/oauth/configuration.ts';
import { certificatesByHost } from '../prepare/hostCertificates.ts';
import type { CertificateFiles, HostCertificate } from '../prepare/hostCertificates.ts';
import { dotenvName, readDotenv } from './dotenv.ts';
import type { Environment, EnvironmentEntry, EnvironmentProblem, PlacedShape } from './environment.ts';
import { foldersUp, nearestFiles, problemOf, readBounded } from './files.ts';
import type { FoundFile } from './files.ts';
import { memberIn, readSections, sharedNames } from './json.ts';
import type { Section, Value } from './json.ts';

/** Where environments are looked for. */
export interface LoadOptions {
  /** The folder of the request file, an absolute path; empty when it has none. */
  readonly directory: string;
  /** The workspace's folder: how far up files are looked for; `directory` itself when absent. */
  readonly root?: string;
  /** The value of the setting `rest-client.environmentVariables`. */
  readonly settings?: unknown;
  /** A file to read besides, absolute: JSON as in http-client.env.json when it ends so, else as `.env` (private). */
  readonly extraFile?: string;
}

/** Every environment there is for a request file. */
export interface Environments {
  /** As the user may choose them, without those that are always part of one. */
  readonly names: readonly string[];
  /** What counts with an environment; without a name, or with one there is not, only what all share. */
  select(name?: string): Environment;
  /** httpYac's `clientCertificates`, which are for no environment in particular. */
  readonly certificates: readonly HostCertificate[];
  /** Where values come from, in whatever environment. */
  readonly places: readonly EnvironmentPlace[];
}

/** A file, or another place that values come from. */
export interface EnvironmentPlace {
  /** The file's absolute path, or what messages call a place that is no file. */
  readonly source: string;
  /** For a file of JSON: the member that holds its environments, if they are not the whole. */
  readonly json?: { readonly member?: string };
  /** Whether an environment of the place has a value of this name. */
  has(name: string): boolean;
}

/** A place that has environments by name. */
interface Source {
  readonly source: string;
  readonly layer: EnvironmentLayer;
  readonly secret: boolean;
  readonly sections: ReadonlyMap<string, Section>;
  readonly json?: EnvironmentPlace['json'];
  readonly certificates?: readonly HostCertificate[];
}

/**
 * Reads the environments of a request file: http-client.env.json with its .private and .user files, .httpyac.json,
 * `.env`, `.env.NAME`, `NAME.env` and the same in a folder `env`, and REST Client's setting.
 *
 * The tools differ in where they look: JetBrains beside the file, Visual Studio up the folders to the nearest, kulala
 * in all of them. Here each file name counts where it is nearest, from the request's folder up to the workspace's, so
 * that a folder may bring its own private file and share the public one above. Files that do not exist are nothing,
 * what is wrong with others is a problem with its place. A file is read up to 1 MiB.
 */
export async function loadEnvironments(options: LoadOptions): Promise<Environments> {
  const folders = foldersUp(options.directory, options.root);
  const found = await nearestFiles(folders.flatMap((folder) => [folder, join(folder, 'env')]), isWanted);
  const paths = [...found.values(), ...(options.extraFile === undefined ? [] : [options.extraFile])];
  const read = await Promise.all(paths.map(readBounded));
  const problems: EnvironmentProblem[] = [];
  const sources: Source[] = [];
  for (const file of read) {
    if (!file) continue;
    if ('code' in file) problems.push(file);
    else addFile(file, options, sources, problems);
  }
  addSettings(options.settings, sources, problems);
  sources.sort((a, b) => rankOf(a) - rankOf(b));
  return {
    names: namesOf(sources),
    select: (name) => select(name, sources, problems),
    certificates: sources.flatMap((source) => source.certificates ?? []),
    places: sources.map(placeOf),
  };
}

function placeOf({ source, sections, json }: Source): EnvironmentPlace {
  const has = (name: string) => [...sections.values()].some(({ values }) => values.some((one) => one.name === name));
  return json ? { source, json, has } : { source, has };
}

/** Files of JSON, what counts most first, and what they are. */
const jsonFiles: Readonly<Record<string, { layer: EnvironmentLayer; secret: boolean; member?: string }>> = {
  'http-client.private.env.json': { layer: 'private', secret: true },
  'http-client.env.json.user': { layer: 'private', secret: true },
  'http-client.env.json': { layer: 'public', secret: false },
  '.httpyac.json': { layer: 'public', secret: false, member: 'environments' },
};

/** httpYac's configuration as a program, which is not run. */
const programs: ReadonlySet<string> =
  new Set(['.httpyac.js', '.httpyac.cjs', '.httpyac.mjs', 'httpyac.config.js', 'httpyac.config.cjs']);

function isWanted(name: string): boolean {
  return Object.hasOwn(jsonFiles, name) || programs.has(name) || dotenvName(name) !== undefined;
}

function addFile(
  { path, text }: FoundFile, { extraFile }: LoadOptions, sources: Source[], problems: EnvironmentProblem[],
): void {
  const name = basename(path);
  const isExtra = path === extraFile;
  const known = Object.hasOwn(jsonFiles, name) ? jsonFiles[name] : undefined;
  if (programs.has(name) && !isExtra) {
    problems.push(problemOf('environment-script-not-run', path, { name }));
  } else if (known || (isExtra && /\.json(?:\.user)?$/i.test(name))) {
    const { layer, secret, member } = known ?? { layer: 'private' as const, secret: true };
    const { sections, problems: found } = readSections(text, path, member);
    problems.push(...found);
    const certificates = member === undefined
      ? [] : certificatesByHost(memberIn(text, 'clientCertificates'), dirname(path), 'environment');
    sources.push({ source: path, layer, secret, sections, certificates, json: member === undefined ? {} : { member } });
  } else {
    const section: Section = { values: readDotenv(text) };
    const environment = isExtra ? '' : dotenvName(name) ?? '';
    sources.push({ source: path, layer: 'dotenv', secret: true, sections: new Map([[environment, section]]) });
  }
}

function addSettings(settings: unknown, sources: Source[], problems: EnvironmentProblem[]): void {
  if (typeof settings !== 'object' || settings === null) return;
  const source = 'rest-client.environmentVariables';
  const read = readSections(JSON.stringify(settings), source);
  const sections = new Map([...read.sections].map(([name, { values, ...others }]): [string, Section] =>
    [name, { ...others, values: values.map(({ line: _line, ...value }) => ({ ...value, line: 0 })) }]));
  sources.push({ source, layer: 'settings', secret: false, sections });
  problems.push(...read.problems.map(({ line: _line, character: _character, ...problem }) => problem));
}

const layers: readonly EnvironmentLayer[] = ['private', 'public', 'settings', 'shared', 'dotenv'];

/** By layer, then as {@link jsonFiles} lists them; a `.env` of an environment before the one of all. */
function rankOf({ layer, source, sections }: Source): number {
  const place = layer === 'dotenv'
    ? Number(sections.has('')) : Object.keys(jsonFiles).indexOf(basename(source));
  return layers.indexOf(layer) * 10 + place;
}

function namesOf(sources: readonly Source[]): string[] {
  // A private file alone may name an environment, but the public one says in which order they are thought of.
  const inOrder = [...sources].sort((a, b) => Number(a.secret) - Number(b.secret));
  const names = inOrder.flatMap(({ sections }) => [...sections.keys()]);
  return [...new Set(names)].filter((name) => name !== '' && !name.startsWith('$'));
}

// --- one environment -------------------------------------------------------------------------------

function select(
  wanted: string | undefined, sources: readonly Source[], problems: readonly EnvironmentProblem[],
): Environment {
  const name = wanted !== undefined && namesOf(sources).includes(wanted) ? wanted : undefined;
  const entries = new Map<string, EnvironmentEntry[]>();
  const shapes = new Map<string, PlacedShape>();
  const add = (source: Source, environment: string, layer: EnvironmentLayer): void => {
    for (const [of, shape] of source.sections.get(environment)?.shapes ?? []) {
      if (!shapes.has(of)) shapes.set(of, { ...shape, layer, environment, source: source.source });
    }
    for (const value of latest(source.sections.get(environment)?.values ?? [])) {
      const entry = entryOf(value, source, environment, layer);
      const list = entries.get(value.name);
      if (list) list.push(entry);
      else entries.set(value.name, [entry]);
    }
  };
  const files = sources.filter(({ layer }) => layer !== 'dotenv');
  if (name !== undefined) for (const source of files) add(source, name, source.layer);
  for (const source of files) for (const shared of sharedNames) add(source, shared, 'shared');
  for (const source of sources.filter(({ layer }) => layer === 'dotenv')) {
    if (name !== undefined) add(source, name, 'dotenv');
    add(source, '', 'dotenv');
  }
  const verify = verifyOf(name, files);
  const auth = authOf(name, files);
  const certificate = certificateOf(name, files);
  return {
    name, entries, shapes, problems: [...problems, ...clashes(entries)], ...(verify === undefined ? {} : { verify }),
    ...(auth.size > 0 ? { auth } : {}), ...(certificate ? { certificate } : {}),
  };
}

/** A name written twice in one place means its last value, as JSON's readers have it. */
function latest(values: readonly Value[]): Iterable<Value> {
  return new Map(values.map((value) => [value.name, value])).values();
}

function entryOf(
  { value, line, fault }: Value, { source, secret }: Source, environment: string, layer: EnvironmentLayer,
): EnvironmentEntry {
  return {
    value, layer, environment, source, secret: secret && !isPlain(value),
    ...(line > 0 ? { line } : {}), ...(fault ? { fault } : {}),
  };
}

/** No secret in a private file either: where a server is, and switches. Masking them would hide what is looked at. */
function isPlain(value: string): boolean {
  return value.length < 300 && plainForms.some((form) => form.test(value));
}

const plainForms: readonly RegExp[] = [
  /^(?:true|false)$/i, /^https?:\/\/[^/?#@\s{}]+\/?$/i,
  /^(?:localhost|\[[0-9a-f:]+\]|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?::\d{1,5})?$/i,
];

/** Of the chosen environment, else of what all share. */
function verifyOf(name: string | undefined, files: readonly Source[]): boolean | undefined {
  for (const environment of [...(name === undefined ? [] : [name]), ...sharedNames]) {
    const said = files.find(({ sections }) => sections.get(environment)?.verify !== undefined);
    if (said) return said.sections.get(environment)!.verify;
  }
  return undefined;
}

/** The same; its paths are relative to the file that names them. */
function certificateOf(name: string | undefined, files: readonly Source[]): CertificateFiles | undefined {
  for (const environment of [...(name === undefined ? [] : [name]), ...sharedNames]) {
    for (const { source, sections } of files) {
      const certificate = sections.get(environment)?.certificate;
      if (certificate) return { ...certificate, directory: dirname(source), from: 'environment' };
    }
  }
  return undefined;
}

/** Settings of one id may be spread over files: the secret in the private one, the rest in the public one. */
function authOf(name: string | undefined, files: readonly Source[]): Map<string, AuthEntry> {
  const merged = new Map<string, AuthEntry>();
  for (const environment of [...(name === undefined ? [] : [name]), ...sharedNames]) {
    for (const { sections } of files) {
      for (const [id, entry] of sections.get(environment)?.auth ?? []) merged.set(id, { ...entry, ...merged.get(id) });
    }
  }
  return merged;
}

/** C10: the private value counts, which is said, as another tool takes the public one. */
function clashes(entries: ReadonlyMap<string, readonly EnvironmentEntry[]>): EnvironmentProblem[] {
  return [...entries].flatMap(([name, [first, ...rest]]) => {
    const other = rest.find(({ layer }) => layer === 'public');
    if (first?.layer !== 'private' || !other) return [];
    const places = { name, other: basename(other.source), private: basename(first.source) };
    const place = first.line === undefined ? undefined : { line: first.line, character: 1 };
    return [problemOf('environment-private-wins', first.source, places, place)];
  });
}
