import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '../../src/httpFile/parse.ts';
import type { HttpFile, HttpRequest } from '../../src/httpFile/syntax.ts';
import { prepare } from '../../src/run/prepare/prepare.ts';
import type { BodyPart, SendOptions } from '../../src/trace/request.ts';

/** What the dialect's reference says of one input; members that are absent are not looked at, null is "none". */
interface Case {
  id: string;
  title: string;
  input: string;
  requests: ExpectedRequest[];
  problems: string[];
  variables?: [string, string][];
}

interface ExpectedRequest {
  line?: number;
  name?: string;
  title?: string;
  method?: string;
  url?: string;
  httpVersion?: string | null;
  headers?: [string, string][];
  body?: string | null;
  metadata?: string[];
  elements?: string[];
  /** Codes of the errors because of which it is not sent. */
  refused?: string[];
  sent?: {
    method?: string; url?: string; headers?: [string, string][]; body?: string; options?: SendOptions;
    problems?: string[];
  };
}

const { cases } = JSON.parse(
  await readFile(new URL('../cases/dialect.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

const sources = {
  now: () => 1_700_000_000_500, random: () => 0.4999, uuid: () => '00000000-0000-4000-8000-000000000000',
};

describe('the dialect of request files', () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'roundtrip-dialect-'));
    await writeFile(join(directory, 'b.json'), '{"from": "{{file}}"}');
    await writeFile(join(directory, 'l1.txt'), Buffer.from('caf\u00e9 {{v}}', 'latin1'));
  });

  after(() => rm(directory, { recursive: true }));

  for (const one of cases) {
    it(`${one.id} ${one.title}`, async () => {
      const file = parse(one.input);
      assert.equal(file.requests.length, one.requests.length, 'number of requests');
      assert.deepEqual(file.problems.map(({ code }) => code), one.problems);
      const variables = file.variables.map(({ name, value }) => [name, value]);
      if (one.variables) assert.deepEqual(variables, one.variables);
      for (const [index, expected] of one.requests.entries()) {
        await check(file, file.requests[index]!, expected, directory);
      }
    });
  }

  it('has a case for each number of the reference, none twice', () => {
    assert.equal(cases.length, 72);
    assert.equal(new Set(cases.map(({ id }) => id)).size, 72);
  });
});

async function check(
  file: HttpFile, request: HttpRequest, expected: ExpectedRequest, directory: string,
): Promise<void> {
  const { sent, refused, ...written } = expected;
  const found = describeRequest(request);
  for (const [key, value] of Object.entries(written)) assert.deepEqual(found[key], value, key);
  if (!sent && !refused) return;
  const prepared = await prepare(request, {
    file, directory, uri: 'file:///case.http', options: {}, trusted: true, newId: () => '1', sources,
  });
  if (!prepared.ok) {
    assert.deepEqual(prepared.problems.map(({ code }) => code), refused ?? 'sent');
    return;
  }
  assert.equal(refused, undefined, 'was sent');
  const { spec } = prepared;
  const actual: Record<string, unknown> = {
    ...spec, body: await text(spec.body), problems: prepared.problems.map(({ code }) => code),
  };
  for (const [key, value] of Object.entries(sent ?? {})) assert.deepEqual(actual[key], value, `sent ${key}`);
}

function describeRequest(request: HttpRequest): Record<string, unknown> {
  const { name, title, line, method, url, body = [], elements, headers, httpVersion, metadata } = request;
  return {
    name, title, line, method, url, httpVersion: httpVersion ?? null,
    headers: headers.map(({ name, value }) => [name, value]),
    elements: elements.map(({ kind }) => kind), metadata: metadata.map(({ key }) => key),
    body: body.length === 0 ? null : body.map((one) => one.kind === 'text' ? one.text : `<${one.path}>`).join(''),
  };
}

async function text(parts: readonly BodyPart[] = []): Promise<string> {
  const all = parts.map((part) => part.kind === 'bytes' ? part.bytes : readFile(part.path));
  return Buffer.concat(await Promise.all(all)).toString('utf8');
}
