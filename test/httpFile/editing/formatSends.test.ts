import assert from 'node:assert/strict';
import { parse as parseJson } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import { createDocument } from '../../../src/httpFile/document.ts';
import { formatEdits } from '../../../src/httpFile/editing/format.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import { createRandom } from '../../dialects/random.ts';
import { caseInputs, writtenFiles } from '../../dialects/seeds.ts';
import { edited } from './marked.ts';

function formatted(text: string): string {
  const document = createDocument(text);
  return edited(text, formatEdits(document.file, document, { indent: '  ' }));
}

describe('formatting sends the same', () => {
  const texts = [...caseInputs(), ...writtenFiles().map(({ text }) => text)];

  it('for all cases, samples and files of other tools', async () => {
    for (const text of texts) await sendsTheSame(text);
  });

  it('for the same with white space put in', async () => {
    const random = createRandom(7);
    for (let round = 0; round < 1000; round++) await sendsTheSame(untidy(random.pick(texts), random));
  });
});

/** Blank lines, spaces at the ends of lines and around colons, where somebody may have left them. */
function untidy(text: string, random: { below(limit: number): number; pick<T>(from: readonly T[]): T }): string {
  return text.split('\n').map((line) => {
    switch (random.below(12)) {
      case 0: return `${line}${random.pick(['  ', '\t'])}`;
      case 1: return `${line}\n${random.pick(['', ' ', '\n'])}`;
      case 2: return line.replace(/^([\w-]{1,40}): /, `$1${random.pick([':', ' : ', ':\t'])}`);
      case 3: return `${random.pick(['', '  '])}${line}`;
      default: return line;
    }
  }).join('\n');
}

async function sendsTheSame(text: string): Promise<void> {
  const after = formatted(text);
  assert.equal(formatted(after), after, `a second time: ${JSON.stringify(text)}`);
  assert.deepEqual(await specsOf(after), await specsOf(text), JSON.stringify(text));
}

/** What each request would send, JSON by value; or why it would not. */
async function specsOf(text: string): Promise<unknown[]> {
  const { file } = createDocument(text);
  return Promise.all(file.requests.map(async (request) => {
    const prepared = await prepare(request, {
      file, uri: 'file:///a.http', directory: '/nowhere', options: {}, trusted: false, newId: () => '1',
      sendAnyway: true,
      sources: { now: () => 0, random: () => 0.5, uuid: () => 'uuid' },
    });
    if (!prepared.ok) return prepared.problems.map(({ code }) => code);
    const { method, url, headers, body = [], httpVersion, options: sent } = prepared.spec;
    const contents = body.map((part) => part.kind === 'bytes' ? byValue(Buffer.from(part.bytes).toString('latin1')) : part);
    const fields = headers.filter(([name]) => name.toLowerCase() !== 'content-length');
    return { method, url, fields, contents, httpVersion, sent };
  }));
}

/**
 * JSON's value, also with comments that are sent; with a name in it that has no value, its text without white space.
 */
function byValue(text: string): unknown {
  const errors: ParseError[] = [];
  const value = parseJson(text, errors) as unknown;
  if (errors.length === 0) return value;
  return /^[{[][^]*\{\{/.test(text) ? text.replace(/\s+/g, '') : text;
}
