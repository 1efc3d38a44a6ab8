import assert from 'node:assert/strict';
import { languages } from '../../src/explain/text/language.ts';
import { explainTopic } from '../../src/explain/topics.ts';
import type { TopicArea } from '../../src/explain/topics.ts';
import { offeredMethods } from '../../src/httpFile/editing/completeRequests.ts';
import { completionsAt } from '../../src/httpFile/editing/completion.ts';
import { requestFields } from '../../src/httpFile/editing/fieldNames.ts';
import { valuesOf } from '../../src/httpFile/editing/fieldValues.ts';
import { metadataKeys } from '../../src/httpFile/parser/metadata.ts';
import { dynamicValue } from '../../src/httpFile/names/dynamic.ts';
import { marked } from '../httpFile/editing/cursor.ts';

// What is offered can be explained, in every language.

function explained(area: TopicArea, ids: Iterable<string>): void {
  const missing = [...ids].filter((id) => languages.some((language) => explainTopic(area, id, language) === undefined));
  assert.deepEqual(missing, []);
}

describe('explained in a sentence', () => {
  it('is every method that is offered', () => explained('method', offeredMethods));
  it('is every field that is offered', () =>
    explained('field', [...requestFields.keys()].map((name) => name.toLowerCase())));
  it('is every piece of metadata that is recognised', () => explained('metadata', metadataKeys));
  it('is every media type that is offered', () => {
    const types = ['accept', 'content-type'].flatMap((name) => valuesOf(name)!.values.map(({ value }) => value));
    explained('media-type', types);
  });
  it('is every directive of what can be cached, preferred or asked for', () => {
    for (const field of [
      'cache-control', 'prefer', 'authorization', 'connection', 'sec-fetch-mode', 'sec-fetch-site', 'range',
    ]) {
      explained('value', valuesOf(field)!.values.map(({ value }) => `${field}: ${value.toLowerCase()}`));
    }
  });

  it('is everything else in the lists', async () => {
    const sources = { now: () => 0, random: () => 0, uuid: () => 'x' };
    const outer = {
      after: (name: string) => {
        const value = name.startsWith('$lab.') ? 'x' : dynamicValue(name, sources);
        return value === undefined ? [] : [{ name, origin: { kind: 'dynamic' as const }, value, secret: false }];
      },
    };
    const login = '# @name login\nGET http://a.test\n\n###\n';
    for (const text of [
      '|', 'curl -|', '|\nGET http://a.test', 'POST http://a.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\n|',
      'GET |', `${login}GET http://a.test |`, `${login}GET {{|}}`, `${login}GET {{login.|}}`,
      `${login}GET {{login.response.|}}`, `${login}GET {{login.response.body.|}}`,
    ]) {
      const { file, lines, position } = marked(text);
      for (const { label, topic } of (await completionsAt(file, lines, position, { outer })).items) {
        if (topic) explained(topic.area, [topic.id]);
        else assert.match(label, /^https?:/, text);
      }
    }
  });

  it('is nothing that nobody knows', () => assert.equal(explainTopic('field', 'constructor', 'en'), undefined));
});
