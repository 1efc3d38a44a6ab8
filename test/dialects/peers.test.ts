import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpRequest } from '../../src/httpFile/syntax.ts';
import { folder, httpYacReadings, keptReadings, loadHttpYac, parsed, sent, written } from './peers.ts';
import type { Reading } from './peers.ts';

// What other tools read, against what we read. Where Roundtrip means to differ, the entry names the decision of the
// dialect's reference (C…) and what is different: that it still is different is checked too.

interface Difference {
  readonly decision: `C${number}`;
  readonly members: readonly (keyof Reading)[];
}

type Differences = Readonly<Record<string, Difference>>;

/** By file and request, counted from 1. */
const fromRestClient: Differences = {
  // Two fields of a name are sent as two.
  'headers.http 3': { decision: 'C28', members: ['headers'] },
  // A user and a password become credentials as RFC 7617 wants them; REST Client does that when it sends.
  'headers.http 1': { decision: 'C44', members: ['headers'] },
  'login.http 2': { decision: 'C44', members: ['headers'] },
  // Its parser compares with `graphql` only.
  'graph.http 1': { decision: 'C25', members: ['headers', 'body'] },
  // It knows no `REPORT`.
  'soap.http 4': { decision: 'C30', members: ['method', 'url'] },
  // It sends the definition of a variable as the body.
  'names.http 2': { decision: 'C21', members: ['body'] },
};

/** Readings of httpYac that are no request to us: a block comment of one line. */
const onlyInHttpYac: Readonly<Record<string, Difference['decision']>> = { 'comments.http 3': 'C39' };

const fromHttpYac: Differences = {
  // The comment before it took its title.
  'comments.http 3': { decision: 'C39', members: ['name'] },
  // It takes the operation of a GraphQL request out of the body while it parses.
  'graph.http 1': { decision: 'C26', members: ['body'] },
};

describe('files for REST Client', () => {
  const kept = keptReadings('restClient');
  it('are all there', () => assert.deepEqual(filesOf('restClient'), Object.keys(kept).sort()));

  for (const [name, theirs] of Object.entries(kept)) {
    it(`mean what REST Client sends: ${name}`, async () => {
      const file = parsed('restClient', name);
      const ours = await Promise.all(file.requests.map((request) => sent('restClient', file, request)));
      compareAll(name, ours, theirs.map((one) => ({ ...one, url: asSent(one.url) })), fromRestClient);
    });
  }
});

describe('files for httpYac', function () {
  this.timeout(60_000);
  let parseFile: ReturnType<typeof loadHttpYac>;
  before(() => { parseFile = loadHttpYac(); });

  for (const name of filesOf('httpYac')) {
    it(`mean what httpYac reads: ${name}`, async () => {
      const path = join(folder, 'httpYac', name);
      const theirs = await httpYacReadings(parseFile, path, readFileSync(path, 'utf8'));
      const file = parsed('httpYac', name);
      const ours = await Promise.all(file.requests.map(async (request): Promise<Reading> => {
        const { method, url, headers } = written(request);
        const label = request.name ?? request.title;
        const body = hasFile(request) ? withoutPaths(request) : (await sent('httpYac', file, request)).body;
        return { ...(label === undefined ? {} : { name: label }), method, url, headers, body };
      }));
      const requests = theirs.filter((_, index) => !(`${name} ${index + 1}` in onlyInHttpYac));
      compareAll(name, ours, requests, fromHttpYac);
    });
  }
});

for (const tool of ['jetBrains', 'visualStudio', 'kulala'] as const) {
  describe(`files for ${tool}`, () => {
    const kept = keptReadings(tool);
    it('are all there', () => assert.deepEqual(filesOf(tool), Object.keys(kept).sort()));

    for (const [name, expected] of Object.entries(kept)) {
      it(`mean what their author meant: ${name}`, () => {
        const ours = parsed(tool, name).requests.map((request) => {
          const { line: _line, ...rest } = written(request);
          return rest;
        });
        assert.deepEqual(ours, expected);
      });
    }
  });
}

function filesOf(tool: string): string[] {
  return readdirSync(join(folder, tool)).filter((name) => name.endsWith('.http')).sort();
}

function compareAll(
  name: string, ours: readonly Reading[], theirs: readonly Reading[], differences: Differences,
): void {
  assert.equal(ours.length, theirs.length, `requests of ${name}: ${ours.map(({ url }) => url).join(' ')}`);
  for (const [index, their] of theirs.entries()) compare(`${name} ${index + 1}`, ours[index]!, their, differences);
}

function compare(place: string, ours: Reading, theirs: Reading, differences: Differences): void {
  const difference = differences[place];
  for (const member of Object.keys({ ...ours, ...theirs }) as (keyof Reading)[]) {
    if (!difference?.members.includes(member)) {
      assert.deepEqual(ours[member], theirs[member], `${place}: ${member}`);
    } else {
      assert.notDeepEqual(
        ours[member], theirs[member], `${place}: ${difference.decision} makes no difference any more`,
      );
    }
  }
}

/** Its sender gives the URL to the same standard's parser that we use. */
function asSent(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}

function hasFile({ body = [] }: HttpRequest): boolean {
  return body.some(({ kind }) => kind === 'file');
}

function withoutPaths({ body = [] }: HttpRequest): string {
  return body.map((one) => one.kind === 'text' ? one.text : '<file>').join('');
}
