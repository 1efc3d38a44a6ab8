import { dynamicValue } from '../httpFile/dynamic.ts';
import type { Sources } from '../httpFile/dynamic.ts';
import type { Definition, Fault, NameOrigin, OuterNames } from '../httpFile/scope.ts';
import type { HttpFile, HttpRequest } from '../httpFile/syntax.ts';
import { referencesIn } from '../httpFile/variables.ts';
import type { LabAddresses } from '../protocol.ts';
import type { PrepareContext } from './preparation.ts';

const machine: Sources = {
  now: () => Date.now(), random: () => Math.random(), uuid: () => crypto.randomUUID(),
};

/** What names stand for that are not the file's own, in the order of C9. */
export function outerNames(context: PrepareContext): OuterNames {
  return { after: (name) => builtIn(name, context) };
}

function builtIn(name: string, { lab, sources = machine }: PrepareContext): Definition[] {
  if (name.startsWith('$lab.') || name === '$lab') {
    return [defined(name, { kind: 'lab' }, labValue(name, lab))];
  }
  if (/^\$processEnv\b|^\$dotenv\b|^\$env\.|^process\.env\./.test(name)) {
    return [defined(name, { kind: 'process' }, { code: 'environment-variable-unsupported', places: { name } })];
  }
  if (/\.(?:response|request)\./.test(name)) {
    const origin: NameOrigin = { kind: 'response', request: name.split('.', 1)[0]! };
    return [defined(name, origin, { code: 'response-reference-unsupported', places: { name } })];
  }
  const value = name.startsWith('$') ? dynamicValue(name, sources) : undefined;
  return value === undefined ? [] : [defined(name, { kind: 'dynamic' }, value)];
}

function defined(name: string, origin: NameOrigin, value: string | Fault): Definition {
  return { name, origin, value, secret: false };
}

function labValue(name: string, lab: LabAddresses | undefined): string | Fault {
  if (!Object.hasOwn(labValues, name)) return { code: 'lab-variable-unknown', places: { name } };
  return lab ? labValues[name]!(lab) : { code: 'lab-not-running', places: { name } };
}

const labValues: Readonly<Record<string, (lab: LabAddresses) => string>> = {
  '$lab.http': (lab) => lab.origins.http,
  '$lab.https': (lab) => lab.origins.https,
  '$lab.httpPort': (lab) => `${lab.http.port}`,
  '$lab.httpsPort': (lab) => `${lab.https.port}`,
  '$lab.dnsPort': (lab) => `${lab.nameServer.port}`,
  '$lab.host': (lab) => lab.nameServer.zone,
};

/** Whether the request needs the lab: any `{{$lab…}}` it reaches, also through variables of its file. */
export function usesLab(request: HttpRequest, file: HttpFile): boolean {
  const values = new Map<string, string[]>();
  for (const { name, value } of file.variables) values.set(name, [...values.get(name) ?? [], value]);
  const seen = new Set<string>();
  const pending = textsOf(request);
  if (/^\/(?!\/)/.test(request.url)) pending.push('{{host}}');
  for (let text = pending.pop(); text !== undefined; text = pending.pop()) {
    for (const { name } of referencesIn(text)) {
      const bare = name.replace(/^%\s*/, '');
      if (bare.startsWith('$lab.')) return true;
      if (seen.has(bare)) continue;
      seen.add(bare);
      pending.push(...values.get(bare) ?? []);
    }
  }
  return false;
}

function textsOf(request: HttpRequest): string[] {
  const headers = request.headers.flatMap(({ name, value }) => [name, value]);
  const body = (request.body ?? []).map((segment) => segment.kind === 'text' ? segment.text : segment.path);
  return [request.method, request.url, ...headers, ...body];
}
