import { readBook } from '../collection/book.ts';
import type { Book } from '../collection/book.ts';
import { select } from '../collection/selection.ts';
import type { Collection } from '../collection/store.ts';
import { GraphQLError } from './document.ts';
import { createSchema, field } from './introspection.ts';
import { parseType } from './parse.ts';
import type { FieldDefinition, InputDefinition, Schema, TypeDefinition, Values } from './schema.ts';

const orders = ['TITLE', 'AUTHOR', 'YEAR', 'LANGUAGE'];

/** The books of the lab as a schema of GraphQL. */
export function bookSchema(books: Collection): Schema {
  return createSchema('Query', 'Mutation', [
    { kind: 'OBJECT', name: 'Query', description: 'What can be asked.', fields: queries(books) },
    { kind: 'OBJECT', name: 'Mutation', description: 'What can be changed.', fields: mutations(books) },
    { kind: 'OBJECT', name: 'Book', description: 'A book of the shelf.', fields: bookFields(books) },
    {
      kind: 'OBJECT', name: 'BookPage', description: 'A page of a list.',
      fields: {
        total: field('Int!', 'How many books there are on all pages.', ({ total }: { total: number }) => total),
        books: field('[Book!]!', 'Those of this page.', (page: { books: readonly Book[] }) => page.books),
      },
    },
    {
      kind: 'ENUM', name: 'Order', description: 'By what books are sorted.',
      values: Object.fromEntries(orders.flatMap((order) => [
        [order, `By ${order.toLowerCase()}.`], [`${order}_DOWN`, `By ${order.toLowerCase()}, the last first.`],
      ])),
    },
    bookInput('BookInput', 'A new book.', '!'), bookInput('BookChange', 'What to change of a book.', ''),
  ]);
}

function input(type: string, description: string, defaultValue?: unknown): InputDefinition {
  return { type: parseType(type), description, ...(defaultValue === undefined ? {} : { defaultValue }) };
}

function bookInput(name: string, description: string, required: '!' | ''): TypeDefinition {
  return {
    kind: 'INPUT_OBJECT', name, description,
    fields: {
      title: input(`String${required}`, 'Up to 200 characters.'),
      author: input(`String${required}`, 'Up to 200 characters.'),
      year: input(`Int${required}`, 'From -3000 to 3000.'),
      language: input(`String${required}`, 'Such as en.'),
      tags: input('[String!]', 'Up to 10.', required ? [] : undefined),
      note: input('String', 'Up to 1000 characters; null takes it away.'),
    },
  };
}

function queries(books: Collection): Readonly<Record<string, FieldDefinition>> {
  return {
    book: field('Book', 'A book by its id.', (_, { id }) => books.get(id as string)?.book, {
      id: input('ID!', 'Of the book.'),
    }),
    books: field('BookPage!', 'Books, filtered and sorted.', (_, args) => {
      const { sort = [], page, size, ...filters } = args as { sort?: string[]; page: number; size: number } & Values;
      if (page < 1 || size < 1 || size > 100) throw new GraphQLError('The page is 1 or more, its size 1 to 100.');
      return select(books.all().map(({ book }) => book), {
        page, size,
        sort: sort.map((order) => order.toLowerCase().replace(/^(.*)_down$/, '-$1')),
        filters: Object.entries(filters).flatMap(([name, value]) =>
          (value === null ? [] : [[name, String(value)] as const])),
      });
    }, {
      q: input('String', 'A part of title or author.'), author: input('String', 'The whole author.'),
      language: input('String', 'Such as en.'), year: input('Int', 'The year.'),
      tag: input('String', 'One of its tags.'),
      sort: input('[Order!]', 'The first counts most.', []),
      page: input('Int!', 'From 1.', 1), size: input('Int!', 'Of a page, up to 100.', 5),
    }),
  };
}

function bookFields(books: Collection): Readonly<Record<string, FieldDefinition>> {
  return {
    id: field('ID!', 'Its name in the URL of REST.', ({ id }: Book) => id),
    title: field('String!', 'Its title.', ({ title }: Book) => title),
    author: field('String!', 'Who wrote it.', ({ author }: Book) => author),
    year: field('Int!', 'When it came out.', ({ year }: Book) => year),
    language: field('String!', 'The language it was written in.', ({ language }: Book) => language),
    tags: field('[String!]!', 'Words about it.', ({ tags }: Book) => tags),
    note: field('String', 'A remark.', ({ note }: Book) => note),
    guarded: field('Boolean!', 'It is not to be changed from here.', ({ guarded }: Book) => guarded === true),
    like: field('[Book!]!', 'Up to three others with a tag of this one.', (book: Book) => alike(books, book)),
  };
}

function alike(books: Collection, { id, tags }: Book): readonly Book[] {
  const wanted = new Set(tags);
  const found: Book[] = [];
  for (const { book } of wanted.size > 0 ? books.all() : []) {
    if (book.id !== id && book.tags.some((tag) => wanted.has(tag))) found.push(book);
    if (found.length === 3) break;
  }
  return found;
}

function mutations(books: Collection): Readonly<Record<string, FieldDefinition>> {
  const id = input('ID!', 'Of the book.');
  return {
    addBook: field('Book!', 'Adds a book.', (_, args) =>
      books.put({ ...checked(args.book as Values, ''), id: books.nextId() }).book, {
      book: input('BookInput!', 'The book.'),
    }),
    changeBook: field('Book', 'Changes a book; null: there is none.', (_, args) => {
      const book = changeable(books, args.id as string);
      const kept = Object.entries({ ...book, ...(args.change as Values) }).filter(([, value]) => value !== null);
      return book && books.put(checked(Object.fromEntries(kept), book.id)).book;
    }, { id, change: input('BookChange!', 'What to change.') }),
    deleteBook: field('Boolean!', 'Deletes a book; false: there is none.', (_, args) => {
      const book = changeable(books, args.id as string);
      if (book) books.remove(book.id);
      return book !== undefined;
    }, { id }),
    resetBooks: field('Boolean!', 'Puts the books back as they were at first.', () => {
      books.reset();
      return true;
    }),
  };
}

/** A guarded book wants a condition, and GraphQL has no field for it. */
function changeable(books: Collection, id: string): Book | undefined {
  const book = books.get(id)?.book;
  if (!book?.guarded) return book;
  throw new GraphQLError('This book is guarded: change it over REST, with If-Match.', undefined, { code: 'GUARDED' });
}

function checked(value: Values, id: string): Book {
  const given = Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
  const read = readBook(given, id);
  if (!Array.isArray(read)) return read as Book;
  const flaws = read as readonly { readonly detail: string }[];
  throw new GraphQLError(`This is no book of ours: ${flaws.map(({ detail }) => detail).join('; ')}.`, undefined,
    { code: 'INVALID', errors: flaws });
}
