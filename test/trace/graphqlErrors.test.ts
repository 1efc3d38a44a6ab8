import assert from 'node:assert/strict';
import { graphqlOutcome } from '../../src/trace/graphqlErrors.ts';

// GraphQL §7.1.
describe('errors of a GraphQL response', () => {
  const rows: [what: string, content: unknown, expected: ReturnType<typeof graphqlOutcome>][] = [
    ['none', { data: { a: 1 } }, undefined],
    ['an empty list', { data: { a: 1 }, errors: [] }, undefined],
    ['one, with all parts, beside data', {
      data: { hero: null }, errors: [{ message: 'No name', path: ['hero', 'friends', 1, 'name'], locations: [{ line: 6, column: 7 }], extensions: { code: 'NOT_FOUND' } }],
    }, { errors: [{ message: 'No name', path: 'hero.friends.1.name', location: { line: 6, column: 7 }, code: 'NOT_FOUND' }], count: 1, hasData: true }],
    ['one of the request as a whole', { errors: [{ message: 'Syntax Error' }] }, { errors: [{ message: 'Syntax Error' }], count: 1, hasData: false }],
    ['data that is null', { data: null, errors: [{ message: 'x' }] }, { errors: [{ message: 'x' }], count: 1, hasData: false }],
    ['parts that are something else', { errors: [{ message: 7, path: 'a', locations: 'b', extensions: [] }, 'text', null] },
      { errors: [{ message: '' }, { message: 'text' }, { message: '' }], count: 3, hasData: false }],
    ['a list', [1], undefined], ['a text', 'errors', undefined], ['errors that are no list', { errors: 'x' }, undefined],
  ];
  for (const [what, content, expected] of rows) {
    it(what, () => assert.deepEqual(graphqlOutcome(JSON.stringify(content)), expected));
  }

  it('what is no JSON has none', () => assert.equal(graphqlOutcome('<html>'), undefined));

  it('are bounded', () => {
    const found = graphqlOutcome(
      JSON.stringify({ errors: Array.from({ length: 100 }, () => ({ message: 'x'.repeat(5000) })) }),
    )!;
    assert.deepEqual([found.errors.length, found.count, found.errors[0]!.message.length], [20, 100, 500]);
  });
});
