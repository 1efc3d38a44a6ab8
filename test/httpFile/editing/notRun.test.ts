import assert from 'node:assert/strict';
import { linesBelow, withoutFollowers } from '../../../src/httpFile/editing/notRun.ts';
import { parse } from '../../../src/httpFile/parse.ts';

const text = `GET http://a.test/

> {%
  client.test('a', () => {
  });
%}
?? status == 200
?? header content-type includes json

?? body exists
###
GET http://b.test/

?? status == 200
{{
  one();
  two();
}}
`;

describe('what is not run', () => {
  it('is marked once for a run of checks, and on the first line of a script', () => {
    const { marks, followers } = withoutFollowers(parse(text).problems);
    assert.deepEqual(marks.map(({ code, range }) => `${code} ${range.start.line}`), [
      'script-not-run 2', 'assert-not-run 6', 'assert-not-run 13', 'js-block-not-run 14',
    ]);
    assert.deepEqual(followers.map(({ range }) => range.start.line), [7, 9]);
    const below = marks.map(linesBelow);
    assert.deepEqual(below.map((range) => range && [range.start, range.end.line]), [
      [{ line: 3, character: 0 }, 5], undefined, undefined, [{ line: 15, character: 0 }, 17],
    ]);
  });

  it('leaves a list without such problems as it is', () => {
    const { problems } = parse('GET\n\n###\nGET http://a.test/\nX\n');
    assert.equal(withoutFollowers(problems).marks, problems);
  });
});
