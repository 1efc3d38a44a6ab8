import assert from 'node:assert/strict';
import { parse } from '../../src/httpFile/parse.ts';
import { requestAt } from '../../src/httpFile/position.ts';
import { requestKeys } from '../../src/ui/requestKeys.ts';

const text = `### Login
POST http://a.test/login

###
# @name me
GET http://a.test/me

###
GET http://a.test/

###
GET http://a.test/
`;

describe('requests of an open file', () => {
  it('have keys that name them', () => {
    assert.deepEqual(requestKeys(parse(text)), [
      'Login',
      'me',
      'GET http://a.test/',
      'GET http://a.test/ (1)',
    ]);
  });

  it('keep their keys while lines move', () => {
    const moved = parse(`# a comment\n\n@host = a.test\n\n${text}`);
    assert.deepEqual(requestKeys(moved), requestKeys(parse(text)));
  });

  it('are found from any line of their block', () => {
    const file = parse(text);
    const at = (line: number) => requestAt(file, line)?.line;
    assert.deepEqual([0, 1, 2, 3, 4, 5, 8, 11, 99].map(at), [2, 2, 2, 6, 6, 6, 9, 12, 12]);
    assert.equal(requestAt(parse(''), 0), undefined);
  });
});
