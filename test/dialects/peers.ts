import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parse } from '../../src/httpFile/parse.ts';
import type { HttpFile, HttpRequest } from '../../src/httpFile/syntax.ts';
import { prepare } from '../../src/run/prepare/prepare.ts';
import type { BodyPart } from '../../src/trace/request.ts';

/** What a tool makes of one request. Absent members are not looked at. */
export interface Reading {
  readonly line?: number;
  readonly name?: string;
  readonly title?: string;
  readonly method: string;
  readonly url: string;
  readonly httpVersion?: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
  readonly elements?: readonly string[];
  readonly metadata?: readonly string[];
}

export const folder = resolve(import.meta.dirname, '../cases/dialects');

/** The readings of the files of a tool, as they are kept beside the files. */
export function keptReadings(tool: string): Readonly<Record<string, readonly Reading[]>> {
  const kept = JSON.parse(readFileSync(join(folder, `${tool}.json`), 'utf8')) as { files: Record<string, Reading[]> };
  return kept.files;
}

/** Our tree of a file in the folder of a tool. */
export function parsed(tool: string, name: string): HttpFile {
  return parse(readFileSync(join(folder, tool, name), 'utf8'));
}

/** A request as it is written: variables stay, included files are named in angle brackets. */
export function written(request: HttpRequest): Reading {
  const { name, title, line, method, url, httpVersion, headers, body, elements, metadata } = request;
  return {
    line, method, url, body: body ? body.map((one) => one.kind === 'text' ? one.text : `<${one.path}>`).join('') : null,
    ...(name === undefined ? {} : { name }), ...(title === undefined ? {} : { title }),
    ...(httpVersion === undefined ? {} : { httpVersion }),
    headers: headers.map((header) => [header.name, header.value]),
    ...(elements.length > 0 ? { elements: elements.map(({ kind }) => kind) } : {}),
    ...(metadata.length > 0 ? { metadata: metadata.map(({ key, value }) => `${key} ${value}`.trim()) } : {}),
  };
}

/** A request as it would be sent; a reason in place of the URL when it would not. */
export async function sent(tool: string, file: HttpFile, request: HttpRequest): Promise<Reading> {
  const directory = join(folder, tool);
  const { name, line } = request;
  const prepared = await prepare(request, {
    file, directory, uri: 'file:///case.http', options: {}, trusted: true, newId: () => '1', processEnv: {},
    sendAnyway: true,
  });
  if (!prepared.ok) {
    const refused = prepared.problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    return { line, method: request.method, url: refused.join(), headers: [], body: null };
  }
  const { method, url, headers, body } = prepared.spec;
  return {
    line, ...(name === undefined ? {} : { name }), method, url,
    headers: headers.map(([field, value]) => [field, value]), body: body ? bytesOf(body) : null,
  };
}

function bytesOf(parts: readonly BodyPart[]): string {
  return Buffer.concat(
    parts.map((part) => part.kind === 'bytes' ? part.bytes : readFileSync(part.path)),
  ).toString('utf8');
}

interface HttpYacRegion {
  readonly request?: {
    readonly method: string;
    readonly url: string;
    readonly headers?: Readonly<Record<string, string | readonly string[]>>;
    readonly body?: string | readonly unknown[];
  };
  readonly metaData: Readonly<Record<string, string | true | undefined>>;
}

interface HttpYac {
  readonly io: { readonly fileProvider: object };
  readonly store: {
    HttpFileStore: new () => {
      parse(path: string, text: string, options: object): Promise<{ readonly httpRegions: readonly HttpYacRegion[] }>;
    };
  };
}

/** httpYac's own parser, loaded when first asked for: it brings hundreds of modules. */
export function loadHttpYac(): (path: string, text: string) => Promise<readonly HttpYacRegion[]> {
  const httpYac = createRequire(import.meta.url)('httpyac') as HttpYac;
  // It asks its host for the file system: none of it is needed to parse, and no configuration is to be found.
  Object.assign(httpYac.io.fileProvider, {
    EOL: '\n', isAbsolute: (path: string) => Promise.resolve(isAbsolute(path)), dirname, joinPath: join,
    exists: () => Promise.resolve(false), readdir: () => Promise.resolve([]), fsPath: (path: string) => path,
    hasExtension: (path: string, ...endings: string[]) => endings.some((ending) => path.endsWith(ending)),
    toString: (path: string) => path,
  });
  const store = new httpYac.store.HttpFileStore();
  return async (path, text) => {
    const { httpRegions } = await store.parse(path, text, { workingDir: dirname(path), config: {} });
    return httpRegions;
  };
}

/** httpYac's requests of a file, as they are written; an included file is `<file>`. */
export async function httpYacReadings(
  parseFile: ReturnType<typeof loadHttpYac>, path: string, text: string,
): Promise<Reading[]> {
  const regions = await parseFile(path, text);
  return regions.flatMap(({ request, metaData }) => {
    if (!request) return [];
    const { method, url, headers = {}, body } = request;
    const name = typeof metaData.name === 'string' ? { name: metaData.name } : {};
    const fields = Object.entries(headers).flatMap(([field, value]) =>
      [value].flat().map((one): [string, string] => [field, String(one)]));
    return [{ ...name, method, url, headers: fields, body: textOf(body) }];
  });
}

function textOf(body: string | readonly unknown[] | undefined): string | null {
  if (body === undefined || typeof body === 'string') return body ?? null;
  return body.map((part) => typeof part === 'string' ? part : '<file>').join('');
}
