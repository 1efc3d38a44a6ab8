import { isAbsolute, relative } from 'node:path';

import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { problemTexts } from '../explain/text/problem.ts';
import { say } from '../explain/text/text.ts';
import { missingName } from '../httpFile/names/missingName.ts';
import type { Definition, Fault, NameOrigin } from '../httpFile/names/origin.ts';
import type { HttpRequest } from '../httpFile/syntax.ts';
import { reachedNames } from '../run/prepare/reachedNames.ts';
import { scopeOf } from '../run/prepare/resolveRequest.ts';
import type { ResolveContext } from '../run/prepare/resolveRequest.ts';
import { assertNever } from '../trace/assertNever.ts';
import { mask } from '../trace/secretValues.ts';

/** A name that a request needs: the definition that counts, if any, and those it shadows. */
export interface UsedName {
  readonly name: string;
  readonly definitions: readonly Definition[];
}

/** The names that a request needs, in its own texts and in what they stand for, in the order they are met. */
export function usedNames(request: HttpRequest, context: ResolveContext): UsedName[] {
  const scope = scopeOf(request, context);
  return [...reachedNames(request, context)].map((name) => ({ name, definitions: scope.definitionsOf(name) }));
}

/** As `roundtrip parse --json` prints it: `origin` says where the value comes from, `fault` why there is none. */
export function usedNameJson({ name, definitions }: UsedName, includeSecrets: boolean, language: Language): object {
  const [first, ...shadowed] = definitions;
  if (!first) return { name, value: null, fault: faultJson(missingName(name), language), shadows: [] };
  return {
    name, ...definitionJson(first, includeSecrets, language),
    shadows: shadowed.map((one) => definitionJson(one, includeSecrets, language)),
  };
}

function definitionJson(definition: Definition, includeSecrets: boolean, language: Language): object {
  const { value, secret, written, origin } = definition;
  const isShown = includeSecrets || !secret;
  return {
    value: typeof value !== 'string' ? null : isShown ? value : mask,
    ...(isShown && written !== undefined && written !== value ? { written } : {}),
    secret, origin: originJson(origin),
    ...(typeof value === 'string' ? {} : { fault: faultJson(value, language) }),
  };
}

function originJson(origin: NameOrigin): object {
  if (origin.kind !== 'file') return origin;
  const { variable, uri } = origin;
  return { kind: 'file', line: variable.range.start.line + 1, ...(uri === undefined ? {} : { uri }) };
}

function faultJson({ code, places }: Fault, language: Language): object {
  return { code, message: say(problemTexts, language, code as keyof typeof problemTexts & string, places) };
}

/** One line for a terminal: `host = example.com  (line 1, instead of http-client.env.json (dev))`. */
export function usedNameLine({ name, definitions }: UsedName, includeSecrets: boolean, language: Language): string {
  const [first, ...shadowed] = definitions;
  if (!first) return `${name} ${say(cliTexts, language, 'no-value')}`;
  const { value, secret } = first;
  const shown = typeof value !== 'string' ? say(cliTexts, language, 'no-value')
    : includeSecrets || !secret ? `= ${value}` : `= ${mask}`;
  const origins = [first, ...shadowed].map(({ origin }) => originText(origin, language));
  const instead = origins.length > 1
    ? `, ${say(cliTexts, language, 'shadows', { what: origins.slice(1).join(', ') })}` : '';
  return `${name} ${shown}  (${origins[0]}${instead})`;
}

function originText(origin: NameOrigin, language: Language): string {
  switch (origin.kind) {
    case 'argument': return say(cliTexts, language, 'from-argument');
    case 'prompt': return say(cliTexts, language, 'from-prompt');
    case 'file': {
      const line = origin.variable.range.start.line + 1;
      return origin.uri === undefined ? say(cliTexts, language, 'from-file', { line })
        : say(cliTexts, language, 'from-import', { line, file: origin.uri.slice(origin.uri.lastIndexOf('/') + 1) });
    }
    case 'environment': {
      const { source, environment, line } = origin;
      const place = `${shortest(source)}${line === undefined ? '' : `:${line}`}`;
      return environment === '' ? place : say(cliTexts, language, 'from-environment', { source: place, environment });
    }
    case 'process': return say(cliTexts, language, 'from-process');
    case 'dynamic': return say(cliTexts, language, 'from-dynamic');
    case 'lab': return say(cliTexts, language, 'from-lab');
    case 'response': return say(cliTexts, language, 'from-response', { request: origin.request });
    default: return assertNever(origin);
  }
}

/** A path as seen from the current folder, when that is shorter. */
export function shortest(path: string): string {
  if (!isAbsolute(path)) return path;
  const way = relative(process.cwd(), path);
  return way.length < path.length ? way : path;
}
