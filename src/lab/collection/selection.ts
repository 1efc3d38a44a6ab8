import type { FieldLine } from '../messages.ts';
import { wholeNumber } from '../routes/numbers.ts';
import type { Book } from './book.ts';

/** Which books a list has, in which order, and which page of it. */
export interface Selection {
  readonly filters: readonly (readonly [name: string, value: string])[];
  /** `-` before a name: downwards. */
  readonly sort: readonly string[];
  /** From 1. */
  readonly page: number;
  readonly size: number;
}

/** What was found: one page, and how many there are altogether. */
export interface Found {
  readonly books: readonly Book[];
  readonly total: number;
}

const filters: Readonly<Record<string, (book: Book, value: string) => boolean>> = {
  q: (book, value) => `${book.title}\n${book.author}`.toLowerCase().includes(value.toLowerCase()),
  author: (book, value) => book.author === value,
  language: (book, value) => book.language === value,
  year: (book, value) => String(book.year) === value,
  tag: (book, value) => book.tags.includes(value),
};
const sortable = ['title', 'author', 'year', 'language'] as const;
const maxSize = 100;
const maxParameters = 16;

/** Reads the query of a list; a text says what is wrong with it. */
export function readSelection(query: URLSearchParams): Selection | string {
  const given = [...query];
  const unknown = given.find(([name]) => !Object.hasOwn(filters, name) && !['sort', 'page', 'size'].includes(name));
  if (unknown || given.length > maxParameters) {
    return `The query has ${Object.keys(filters).join(', ')} to filter, and sort, page and size.`;
  }
  const sort = (query.get('sort') ?? '').split(',').filter((name) => name !== '');
  if (!sort.every((name) => (sortable as readonly string[]).includes(name.replace(/^-/, '')))) {
    return `A list is sorted by ${sortable.join(', ')}; with - before the name, downwards.`;
  }
  const page = wholeNumber(query.get('page') ?? '1', 1, 1_000_000);
  const size = wholeNumber(query.get('size') ?? '5', 1, maxSize);
  if (page === undefined || size === undefined) return `The page is 1 or more, its size 1 to ${maxSize}.`;
  return { filters: given.filter(([name]) => Object.hasOwn(filters, name)), sort, page, size };
}

/** The page asked for. */
export function select(books: readonly Book[], { filters: wanted, sort, page, size }: Selection): Found {
  const fitting = books.filter((book) => wanted.every(([name, value]) => filters[name]?.(book, value)));
  const sorted = sort.length === 0 ? fitting : fitting.toSorted((a, b) => order(a, b, sort));
  return { books: sorted.slice((page - 1) * size, page * size), total: fitting.length };
}

function order(a: Book, b: Book, sort: readonly string[]): number {
  for (const written of sort) {
    const name = written.replace(/^-/, '') as (typeof sortable)[number];
    const [left, right] = [a[name], b[name]];
    if (left !== right) return (left < right ? -1 : 1) * (written.startsWith('-') ? -1 : 1);
  }
  return 0;
}

/** Where the other pages are (RFC 8288, relations of RFC 5988 and IANA), and how many books there are. */
export function pageLinks(path: string, query: URLSearchParams, { page, size }: Selection, total: number): FieldLine[] {
  const last = Math.max(1, Math.ceil(total / size));
  const at = (number: number, relation: string) => {
    const other = new URLSearchParams(query);
    other.set('page', String(number));
    return `<${path}?${other}>; rel="${relation}"`;
  };
  const links = [
    at(1, 'first'), ...(page > 1 ? [at(Math.min(page - 1, last), 'prev')] : []),
    ...(page < last ? [at(page + 1, 'next')] : []), at(last, 'last'),
  ];
  return [['Link', links.join(', ')], ['X-Total-Count', String(total)]];
}
