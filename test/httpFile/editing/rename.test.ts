import assert from 'node:assert/strict';
import { prepareRename, rename } from '../../../src/httpFile/editing/rename.ts';
import { edited, known, marked, place } from './marked.ts';

/** The texts of the files after a rename at the cursor in the first; or why there is none. */
function renamed(
  text: string, newName: string, others: Record<string, string> = {},
  imports: Record<string, readonly string[]> = { main: Object.keys(others) },
): Record<string, string> | string {
  const { text: main, position } = marked(text);
  const texts: Record<string, string> = { main, ...others };
  const files = known(texts, imports);
  const result = rename(files[0]!, position, newName, files);
  if ('refused' in result) return `${result.refused} ${result.places['name'] ?? ''}`.trim();
  return Object.fromEntries([...result].map(([uri, edits]) => [uri, edited(texts[uri]!, edits)]));
}

describe('rename', () => {
  const table: [string, string, string, string][] = [
    ['a variable from its definition', '@‸a = 1\nGET http://{{a}}', 'b', '@b = 1\nGET http://{{b}}'],
    ['a variable from a use', '@a = {{a}}\nGET http://{{a‸}}\nX: {{a}}\n\n{{a}}', 'b', '@b = {{b}}\nGET http://{{b}}\nX: {{b}}\n\n{{b}}'],
    ['spaces and percent stay', '@a = 1\nGET http://{{ ‸a }}/{{%a}}/{{ % a}}', 'b-c', '@b-c = 1\nGET http://{{ b-c }}/{{%b-c}}/{{ % b-c}}'],
    ['names that begin alike stay', '@a = 1\n@ab = 2\nGET http://{{‸a}}{{ab}}', 'x', '@x = 1\n@ab = 2\nGET http://{{x}}{{ab}}'],
    ['all definitions of the name', '@‸a = 1\n### x\n@a = 2\nGET http://{{a}}', 'x', '@x = 1\n### x\n@x = 2\nGET http://{{x}}'],
    ['a prompt', '# @prompt ‸a The a\nGET http://{{a}}', 'x', '# @prompt x The a\nGET http://{{x}}'],
    ['an argument of run', '@‸a = 1\n### x\nrun #y (@a = {{a}}, @b=2)\n', 'x', '@x = 1\n### x\nrun #y (@x = {{x}}, @b=2)\n'],
    ['CRLF and a byte order mark', '@‸a = 1\r\nGET http://{{a}}\r\n', 'x', '@x = 1\nGET http://{{x}}\n'],
    ['a request and its references', '# @name log‸in\nGET http://x/\n### y\n# @ref login\nGET http://{{login.response.body.$.a}}/{{% login.response.headers.B}}', 'sign-in',
      '# @name sign-in\nGET http://x/\n### y\n# @ref sign-in\nGET http://{{sign-in.response.body.$.a}}/{{% sign-in.response.headers.B}}'],
    ['a request in each form of its name (C15)', '# @name=get-‸user\nGET http://x/\n### y\nGET http://{{getUser.response.body}}/{{get_user.response.body}}/{{get-user.response.body}}', 'read-one.user',
      '# @name=read-one.user\nGET http://x/\n### y\nGET http://{{readOneUser.response.body}}/{{read_one_user.response.body}}/{{read-one.user.response.body}}'],
    ['a request from a reference', '# @name login\nGET http://x/\n### y\nGET http://{{log‸in.response.body}}', 'x', '# @name x\nGET http://x/\n### y\nGET http://{{x.response.body}}'],
    ['a request as httpYac refers to it', '# @name log‸in\nGET http://x/\n### y\nGET http://{{login.token}}/{{loginResponse.statusCode}}', 'sign-in',
      '# @name sign-in\nGET http://x/\n### y\nGET http://{{signIn.token}}/{{signInResponse.statusCode}}'],
    ['a global variable from its short name', '@global.a = 1\nGET http://{{‸a}}/{{global.a}}', 'b', '@global.b = 1\nGET http://{{b}}/{{global.b}}'],
    ['a global variable from its definition', '@global.‸a = 1\nGET http://{{a}}/{{global.a}}', 'global.b', '@global.b = 1\nGET http://{{b}}/{{global.b}}'],
    ['a global variable to one of the file', '@global.‸a = 1\nGET http://{{a}}/{{global.a}}', 'b', '@b = 1\nGET http://{{b}}/{{b}}'],
    ['a variable beside a global one', '@global.a = 1\n@‸a = 2\nGET http://{{a}}/{{global.a}}', 'b', '@global.a = 1\n@b = 2\nGET http://{{b}}/{{global.a}}'],
    ['a title', '### Log ‸in\nGET http://x/\n### y\nrun #Log in\n', 'Sign in', '### Sign in\nGET http://x/\n### y\nrun #Sign in\n'],
    ['a name to itself', '@‸a = 1\nGET http://{{a}}', 'a', '@a = 1\nGET http://{{a}}'],
  ];
  for (const [title, text, name, expected] of table) {
    it(title, () => assert.deepEqual(renamed(text, name), { main: expected }));
  }

  const refused: [string, string, string, string][] = [
    ['nothing', '@a = 1\nGET http://x‸/', 'x', 'nothing-here'],
    ['a dynamic variable', 'GET http://{{$gu‸id}}', 'x', 'nothing-here'],
    ['a name of the environment', 'GET http://{{to‸ken}}', 'x', 'not-defined-here token'],
    ['to nothing', '@‸a = 1', ' ', 'name-invalid'],
    ['to a name with a space', '@‸a = 1', 'a b', 'name-invalid a b'],
    ['to a name with =', '@‸a = 1', 'a=b', 'name-invalid a=b'],
    ['to a name with braces', '@‸a = 1', 'a}}b', 'name-invalid a}}b'],
    ['to an encoded name', '@‸a = 1', '%b', 'name-invalid %b'],
    ['to a dynamic variable', '@‸a = 1', '$guid', 'name-dynamic $guid'],
    ['to what reads as a reference', '@‸a = 1', 'a.response.body', 'name-invalid a.response.body'],
    ['a request to what reads as a reference', '# @name ‸a\nGET http://x/', 'a.response', 'name-invalid a.response'],
    ['to a name that is taken', '@‸a = 1\n@b = 2', 'b', 'name-taken b'],
    ['a global variable to a name that is taken', '@global.‸a = 1\n@b = 2', 'global.b', 'name-taken global.b'],
    ['to the name of a prompt', '@‸a = 1\n### x\n# @prompt b\nGET http://x/', 'b', 'name-taken b'],
    ['a request to a name that is taken', '# @name ‸a\nGET http://x/\n### b\nGET http://x/', 'b', 'name-taken b'],
  ];
  for (const [title, text, name, expected] of refused) {
    it(`refuses ${title}`, () => assert.equal(renamed(text, name), expected));
  }

  it('tells the exact range', () => {
    const { text, position } = marked('@token = 1\nGET http://{{% tok‸en }}');
    const found = prepareRename(known({ main: text })[0]!, position);
    assert.ok('range' in found);
    assert.deepEqual([place(found.range), found.name], ['1:15-20', 'token']);
  });

  it('changes the file that defines it and all that import that file', () => assert.deepEqual(
    renamed('GET http://{{‸a}}', 'b',
      { common: '@a = 1\n@c = {{a}}', other: 'GET http://{{a}}', own: '@a = 2\nGET http://{{a}}', stranger: 'GET http://{{a}}' },
      { main: ['common'], other: ['common'], own: ['common'] }),
    { main: 'GET http://{{b}}', common: '@b = 1\n@c = {{b}}', other: 'GET http://{{b}}' }));

  it('changes the files that import this one', () => assert.deepEqual(
    renamed(
      '# @name log‸in\nPOST http://x/', 'sign-in', { main2: '### a\nGET http://{{login.response.body}}' },
      { main2: ['main'] },
    ),
    { main: '# @name sign-in\nPOST http://x/', main2: '### a\nGET http://{{sign-in.response.body}}' }));

  it('refuses a name that an import or an importing file has', () => {
    assert.equal(renamed('@‸a = 1', 'b', { one: '@b = 1' }), 'name-taken b');
    const importing = '@b = 1\nGET http://{{a}}';
    assert.equal(renamed('@‸a = 1', 'b', { one: importing }, { one: ['main'] }), 'name-taken b');
  });
});
