import { deepEqual, equal } from 'node:assert/strict';
import { hang, heading, padded, widest } from '../../src/cli/columns.ts';
import { factLines } from '../../src/cli/factLines.ts';

const terminal = (columns: number, colours = false) => ({ columns, colours });

describe('columns of the terminal', () => {
  it('break a text between words, with further lines below it, and nothing where there is no end', () => {
    const text = 'one two three four five six seven';
    deepEqual(hang('head: ', text, terminal(30)), ['head: one two three four five', '      six seven']);
    deepEqual(hang('head: ', text, terminal(Infinity)), [`head: ${text}`]);
  });

  it('keep a figure and its unit together, and count Hangul twice and colours not at all', () => {
    deepEqual(hang('', 'this one needs about 512 B more', terminal(25)), ['this one needs about', '512 B more']);
    deepEqual(hang('', '가나다라 마바사아 자차카타', terminal(20)), ['가나다라 마바사아', '자차카타']);
    const painted = heading('head', '', terminal(30, true));
    deepEqual(hang(`${painted}: `, 'one two three four five six seven', terminal(30)), [
      `${painted}: one two three four five`, '      six seven',
    ]);
    equal(widest(['ab', '가나', painted]), 4);
    equal(padded(painted, 6), `${painted}  `);
  });

  it('leave to the terminal what has too little room, and words longer than a line', () => {
    deepEqual(hang('a head that is long ', 'and a text', terminal(25)), ['a head that is long and a text']);
    deepEqual(hang('', 'a https://a.very.long.example/ b', terminal(22)), ['a', 'https://a.very.long.example/', 'b']);
  });

  it('are two for facts, with what is good and bad', () => {
    deepEqual(factLines([
      { name: 'Name', text: '`a` fits', tone: 'good' }, { name: 'Trusted', text: 'no', tone: 'bad', note: 'CODE' },
      { name: 'Own', text: 'asked for', tone: 'warn', below: 'It accepts\u001b any.' },
    ], 2, terminal(Infinity)), [
      '  Name     ✓ a fits', '  Trusted  ✗ no · CODE', '  Own      ! asked for', '           It accepts\\x1b any.',
    ]);
  });
});
