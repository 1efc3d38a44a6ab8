import { dynamicNames, dynamicValue } from '../../httpFile/names/dynamic.ts';
import type { Sources } from '../../httpFile/names/dynamic.ts';
import { parseReference } from '../../httpFile/names/reference.ts';
import type { Definition, Fault, NameOrigin } from '../../httpFile/names/origin.ts';
import type { OuterNames } from '../../httpFile/names/scope.ts';
import { tokenNameIn } from '../authentication/oauth/tokenName.ts';
import { entriesOf, shapeOf } from '../environments/environment.ts';
import type { EnvironmentEntry, PlacedShape } from '../environments/environment.ts';
import { importedDefinitions } from '../imports.ts';
import { labNames, labValue } from './labNames.ts';
import type { PrepareContext } from './preparation.ts';
import { isSecretName } from '../prompts.ts';
import { unsentFault } from '../responses/responses.ts';

const machine: Sources = {
  now: () => Date.now(), random: () => Math.random(), uuid: () => crypto.randomUUID(),
};

/**
 * What names stand for that are not the file's own, in the order of C9: arguments and prompts before the file's
 * variables; after them those of imported files, the environment, what was gathered from responses, and what is
 * built in. A bare name never means a variable of the process: only `{{$processEnv NAME}}` does.
 */
export function outerNames(context: PrepareContext): OuterNames {
  return {
    before: (name) => given(name, context),
    after: (name) => [
      ...importedDefinitions(name, context.imported),
      ...fromEnvironment(name, context),
      ...gathered(name, context),
      ...builtIn(name, context),
    ],
    all: () => allNames(context),
    keys: (of) => keysOf(of, context),
  };
}

function given(name: string, context: PrepareContext): Definition | undefined {
  const value = context.arguments?.get(name);
  if (value !== undefined) return { ...known(name, { kind: 'argument' }, value), secret: isSecretName(name) };
  const answer = context.gathered?.prompts.get(name);
  if (answer === undefined) return undefined;
  return { ...known(name, { kind: 'prompt' }, answer), secret: isSecret(name, context) };
}

function gathered(name: string, context: PrepareContext): Definition[] {
  const value = context.gathered?.others.get(name);
  if (value === undefined) return [];
  const origin: NameOrigin = name.startsWith('$')
    ? { kind: 'prompt' } : { kind: 'response', request: requestIn(name) };
  return [{ ...known(name, origin, value), secret: isSecret(name, context) }];
}

function isSecret(name: string, { gathered: found }: PrepareContext): boolean {
  return found?.secrets.has(name) === true;
}

/** The request that `{{login.response…}}` or httpYac's `{{login.token}}` names. */
function requestIn(name: string): string {
  return parseReference(name)?.request ?? name.split('.', 1)[0]!;
}

function known(name: string, origin: NameOrigin, value: string | Fault): Definition {
  return { name, origin, value, secret: false };
}

// --- environments ----------------------------------------------------------------------------------

function fromEnvironment(name: string, { environment }: PrepareContext): Definition[] {
  if (!environment) return [];
  // C51: REST Client's way to name what all environments share.
  const shared = /^\$shared\s+(\S+)$/.exec(name)?.[1];
  const entries = shared === undefined
    ? entriesOf(environment, name)
    : entriesOf(environment, shared).filter(({ layer }) => layer === 'shared');
  if (entries.length > 0) return entries.map((entry) => ofEntry(name, entry));
  const shape = shapeOf(environment, shared ?? name);
  return shape ? [ofShape(name, shape)] : [];
}

function ofShape(name: string, { kind, part, layer, environment, source }: PlacedShape): Definition {
  const fault: Fault = kind === 'null'
    ? { code: 'environment-value-null', places: { name } }
    : { code: kind === 'list' ? 'environment-value-list' : 'environment-value-object', places: { name, part } };
  return known(name, { kind: 'environment', layer, environment, source }, fault);
}

function ofEntry(name: string, entry: EnvironmentEntry): Definition {
  const { value, layer, environment, source, line, secret, fault } = entry;
  const origin: NameOrigin = {
    kind: 'environment', layer, environment, source, ...(line === undefined ? {} : { line }),
  };
  return fault ? { name, origin, value: fault, secret } : { name, origin, written: value, value, secret };
}

// --- built in --------------------------------------------------------------------------------------

function builtIn(name: string, context: PrepareContext): Definition[] {
  if (name.startsWith('$lab.') || name === '$lab') {
    return [known(name, { kind: 'lab' }, labValue(name, context.lab))];
  }
  const variable = processVariable(name);
  if (variable !== undefined) return [fromProcess(name, variable, context)];
  const dotenv = /^\$dotenv\s+(%?\s*\S+)$/.exec(name)?.[1];
  if (dotenv !== undefined) return [fromDotenv(name, dotenv, context)];
  const reference = parseReference(name);
  if (reference) return [known(name, { kind: 'response', request: reference.request }, unsentFault(reference))];
  if (!name.startsWith('$') && !name.startsWith('`')) return [];
  const value = unsupported(name) ?? ofPlace(name, context) ?? dynamicValue(name, context.sources ?? machine);
  return value === undefined ? [] : [known(name, { kind: 'dynamic' }, value)];
}

/** The name in `$processEnv X`, `$env.X` and `process.env.X` (C49). */
function processVariable(name: string): string | undefined {
  return /^\$processEnv\s+(%?\s*\S+)$/.exec(name)?.[1] ?? /^(?:\$env|process\.env)\.(\S+)$/.exec(name)?.[1];
}

function fromProcess(name: string, written: string, context: PrepareContext): Definition {
  const origin: NameOrigin = { kind: 'process' };
  if (!context.trusted) return known(name, origin, { code: 'environment-untrusted', places: { name } });
  const variable = indirect(written, context);
  const variables = context.processEnv ?? process.env;
  const value = typeof variable === 'string' && Object.hasOwn(variables, variable) ? variables[variable] : undefined;
  if (value !== undefined) return { ...known(name, origin, value), secret: isSecretName(variable as string) };
  return known(name, origin, typeof variable === 'string'
    ? { code: 'process-variable-undefined', places: { name, variable } } : variable);
}

function fromDotenv(name: string, written: string, context: PrepareContext): Definition {
  const { environment, trusted } = context;
  const variable = indirect(written, context);
  const entries = environment && typeof variable === 'string' ? entriesOf(environment, variable) : [];
  const found = entries.find(({ layer }) => layer === 'dotenv');
  if (found) {
    const { written: _template, ...definition } = ofEntry(name, found);
    return definition;
  }
  if (typeof variable !== 'string') return known(name, { kind: 'dynamic' }, variable);
  return known(name, { kind: 'dynamic' }, trusted
    ? { code: 'dotenv-variable-undefined', places: { name, variable } }
    : { code: 'environment-untrusted', places: { name } });
}

/** `%X`: the environment says under the name X which variable is meant. */
function indirect(written: string, { environment }: PrepareContext): string | Fault {
  if (!written.startsWith('%')) return written;
  const name = written.slice(1).trim();
  const [entry] = environment ? entriesOf(environment, name) : [];
  return entry?.value ?? { code: 'variable-undefined', places: { name } };
}

function ofPlace(name: string, { root, directory }: PrepareContext): string | undefined {
  return name === '$projectRoot' ? root ?? directory : undefined;
}

/** Known from other tools; each says what to use instead. */
function unsupported(name: string): Fault | undefined {
  if (name === '$historyFolder') return { code: 'history-folder-unsupported', places: { name } };
  if (name === '$exampleServer') return { code: 'example-server-unsupported', places: { name } };
  if (tokenNameIn(name)) return { code: 'token-not-fetched', places: { name } };
  // What a pasted command had for its shell.
  if (/^(?:\$[({]|`)/.test(name)) return { code: 'shell-value-unknown', places: { text: name } };
  return /^\$(?:aadToken|aadV2Token|oidcAccessToken|auth\.(?:token|idToken))(?![\w])/.test(name)
    ? { code: 'token-unsupported', places: { name } } : undefined;
}

// --- all -------------------------------------------------------------------------------------------

/** Every name that can be listed, each with what counts of it; dynamic ones with a value as an example. */
/** Nothing of the machine is listed in a workspace that is not trusted. */
function keysOf(of: 'process' | 'dotenv', { trusted, processEnv, environment }: PrepareContext): string[] {
  if (!trusted) return [];
  if (of === 'process') return Object.keys(processEnv ?? process.env).sort();
  return [...environment?.entries ?? []]
    .flatMap(([name, entries]) => entries.some(({ layer }) => layer === 'dotenv') ? [name] : []).sort();
}

function allNames(context: PrepareContext): Definition[] {
  const { environment, imported = [], arguments: values } = context;
  const names = new Set<string>([
    ...values?.keys() ?? [],
    ...imported.flatMap(({ file }) => file.variables.map(({ name }) => name)),
    ...environment?.entries.keys() ?? [],
    ...context.gathered?.prompts.keys() ?? [],
    ...[...environment?.auth?.keys() ?? []].map((id) => `$auth.token("${id}")`),
    ...labNames, ...dynamicNames, '$projectRoot',
  ]);
  return [...names].flatMap((name) => {
    const first = given(name, context) ?? importedDefinitions(name, imported)[0]
      ?? fromEnvironment(name, context)[0] ?? builtIn(name, context)[0];
    return first ? [first] : [];
  });
}
