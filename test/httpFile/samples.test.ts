import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { parse } from '../../src/httpFile/parse.ts';
import { prepare } from '../../src/run/prepare/prepare.ts';
import { labAddresses } from '../support/labAddresses.ts';

const root = new URL('../../samples/', import.meta.url);
const names = (await readdir(root)).filter((name) => /^\d\d-.*\.http$/.test(name)).sort();

/** What a sample is given when it is sent: an environment, an answer, an earlier response, an import. */
const givenLater = new Set([
  'variable-undefined-untrusted', 'response-not-sent', 'response-request-unknown', 'prompt-unanswered',
]);

describe('the samples', () => {
  it('are there', () => assert.ok(names.length >= 6));

  for (const name of names) {
    it(`${name}: has titles only, no problems, and can be prepared`, async () => {
      const file = parse(await readFile(new URL(name, root), 'utf8'));
      assert.ok(file.requests.length >= 2);
      assert.deepEqual(file.problems.map(({ code, range }) => `${code} in line ${range.start.line + 1}`), []);
      for (const request of file.requests) {
        // Several curl commands may stand in one block, which has one title.
        assert.ok(request.title ?? name === '10-curl.http', `line ${request.line} has no title`);
        const prepared = await prepare(request, {
          file, uri: `file:///${name}`, directory: root.pathname, options: {}, trusted: false, newId: () => '1',
          lab: labAddresses,
        });
        const errors = prepared.problems.filter(({ severity, code }) => severity === 'error' && !givenLater.has(code));
        assert.deepEqual(errors, [], `line ${request.line}`);
      }
    });
  }
});
