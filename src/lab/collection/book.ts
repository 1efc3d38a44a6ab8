/** A book as clients write it; its id is in its URL. */
export interface BookContent {
  readonly title: string;
  readonly author: string;
  readonly year: number;
  /** Such as `en` (RFC 5646, the language alone). */
  readonly language: string;
  readonly tags: readonly string[];
  readonly note?: string;
  /** It may be changed under a condition only (RFC 6585 §3). */
  readonly guarded?: boolean;
}

export interface Book extends BookContent {
  readonly id: string;
}

/** What is wrong, and where: a JSON Pointer (RFC 6901). */
export interface Flaw {
  readonly pointer: string;
  readonly detail: string;
}

/** An id that stands in a path as it is. */
export function isBookId(id: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(id);
}

type Rule = readonly [isRight: (value: unknown) => boolean, wanted: string, isOptional?: boolean];

const rules: Readonly<Record<string, Rule>> = {
  title: [(value) => isText(value, 200), 'a title is a text of 1 to 200 characters'],
  author: [(value) => isText(value, 200), 'an author is a text of 1 to 200 characters'],
  year: [isYear, 'a year is a whole number from -3000 to 3000'],
  language: [(value) => isText(value, 3) && /^[a-z]{2,3}$/.test(value), 'a language is two or three small letters'],
  tags: [isTags, 'tags are at most 10 texts of 1 to 30 characters'],
  note: [(value) => isText(value, 1000), 'a note is a text of 1 to 1000 characters', true],
  guarded: [(value) => typeof value === 'boolean', 'guarded is true or false', true],
};

/** Makes a book of what a client sent, members in our order; tags may be left out, an `id` must be the one given. */
export function readBook(value: unknown, id: string): Book | readonly Flaw[] {
  if (!isObject(value)) return [{ pointer: '', detail: 'a book is a JSON object' }];
  const given: Record<string, unknown> = { tags: [], ...value };
  const flaws = [...Object.keys(given).flatMap(flawOfName(id, given)), ...Object.keys(rules).flatMap(flawOf(given))];
  if (flaws.length > 0) return flaws.slice(0, 20);
  const members = Object.keys(rules).filter((name) => given[name] !== undefined);
  return { id, ...Object.fromEntries(members.map((name) => [name, given[name]])) } as unknown as Book;
}

function flawOfName(id: string, given: Readonly<Record<string, unknown>>): (name: string) => Flaw[] {
  return (name) => {
    if (name === 'id') return given.id === id || id === '' ? [] : [{ pointer: '/id', detail: 'the id is in the path' }];
    if (Object.hasOwn(rules, name)) return [];
    const pointer = `/${name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [{ pointer, detail: `a book has ${Object.keys(rules).join(', ')}, and nothing else` }];
  };
}

function flawOf(given: Readonly<Record<string, unknown>>): (name: string) => Flaw[] {
  return (name) => {
    const [isRight, detail, isOptional] = rules[name] ?? [() => false, ''];
    const isFine = given[name] === undefined ? isOptional === true : isRight(given[name]);
    return isFine ? [] : [{ pointer: `/${name}`, detail }];
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Such as can be written in XML, too: no control characters, no halves of surrogate pairs. */
function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= most
    && !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(value);
}

function isYear(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) <= 3000;
}

function isTags(value: unknown): boolean {
  return Array.isArray(value) && value.length <= 10 && value.every((tag) => isText(tag, 30));
}

/** What the shelf holds at first. */
export const firstBooks: readonly Book[] = [
  book('1', 'Frankenstein', 'Mary Shelley', 1818, 'en', ['novel', 'science']),
  book('2', '홍길동전', '허균', 1612, 'ko', ['novel', 'adventure']),
  book('3', 'Around the World in Eighty Days', 'Jules Verne', 1872, 'fr', ['novel', 'travel']),
  book('4', '열하일기', '박지원', 1780, 'ko', ['diary', 'travel']),
  book('5', 'Pride and Prejudice', 'Jane Austen', 1813, 'en', ['novel']),
  book('6', '춘향전', '작자 미상', 1754, 'ko', ['novel', 'love']),
  book('7', 'The Time Machine', 'H. G. Wells', 1895, 'en', ['novel', 'science', 'travel']),
  book('8', '혈의 누', '이인직', 1906, 'ko', ['novel']),
  book('9', 'Alice\u2019s Adventures in Wonderland', 'Lewis Carroll', 1865, 'en', ['novel', 'adventure']),
  book('10', '대동여지도', '김정호', 1861, 'ko', ['map', 'travel']),
  book('11', 'Elements', 'Euclid', -300, 'grc', ['science']),
  { ...book('12', '훈민정음해례본', '집현전', 1446, 'ko', ['science']), guarded: true },
];

function book(id: string, title: string, author: string, year: number, language: string, tags: string[]): Book {
  return { id, title, author, year, language, tags };
}
