import { isBuiltin } from 'node:module';
import type { DatabaseSync } from 'node:sqlite';
import { firstBooks } from './book.ts';
import type { Book } from './book.ts';

/** A book and when it was written last, in ms since 1970. */
export interface StoredBook {
  readonly book: Book;
  readonly modifiedAt: number;
}

/** Where the books are, in the order in which they came; nothing outlives the lab. */
export interface Shelf {
  all(): readonly StoredBook[];
  get(id: string): StoredBook | undefined;
  /** Writes a book, a new one at the end. */
  put(stored: StoredBook): void;
  remove(id: string): void;
  clear(): void;
}

/** What the books are stored in on this machine: Node has SQLite since 22.13, other programs' Node may not. */
export const storedIn = isBuiltin('node:sqlite') ? 'node:sqlite' : 'memory';

function createShelf(kind: 'node:sqlite' | 'memory'): Shelf {
  return kind === 'memory' ? memoryShelf() : sqliteShelf(openDatabase());
}

function memoryShelf(): Shelf {
  const books = new Map<string, StoredBook>();
  return {
    all: () => [...books.values()],
    get: (id) => books.get(id),
    put: (stored) => void books.set(stored.book.id, stored),
    remove: (id) => void books.delete(id),
    clear: () => books.clear(),
  };
}

/** SQLite is loaded with the first book. It warns of being experimental in some versions: nobody here can help it. */
function openDatabase(): DatabaseSync {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
    return new Database(':memory:');
  } finally {
    process.emitWarning = emitWarning;
  }
}

interface Row {
  readonly content: string;
  readonly modifiedAt: number;
}

function sqliteShelf(database: DatabaseSync): Shelf {
  database.exec(`CREATE TABLE book (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL, modifiedAt INTEGER NOT NULL
  ) STRICT`);
  const every = database.prepare('SELECT content, modifiedAt FROM book ORDER BY number');
  const one = database.prepare('SELECT content, modifiedAt FROM book WHERE id = ?');
  const write = database.prepare(`INSERT INTO book (id, content, modifiedAt) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET content = excluded.content, modifiedAt = excluded.modifiedAt`);
  const remove = database.prepare('DELETE FROM book WHERE id = ?');
  const read = (row: unknown): StoredBook => {
    const { content, modifiedAt } = row as Row;
    return { book: JSON.parse(content) as Book, modifiedAt };
  };
  return {
    all: () => every.all().map(read),
    get: (id) => {
      const row = one.get(id);
      return row && read(row);
    },
    put: ({ book, modifiedAt }) => void write.run(book.id, JSON.stringify(book), modifiedAt),
    remove: (id) => void remove.run(id),
    clear: () => database.exec('DELETE FROM book'),
  };
}

/** No more books than this: for a new one the oldest goes. */
export const maxBooks = 500;

/** The books of one lab, for REST and GraphQL alike. */
export interface Collection {
  readonly storedIn: string;
  readonly modifiedAt: number;
  all(): readonly StoredBook[];
  get(id: string): StoredBook | undefined;
  /** An id that no book has or had. */
  nextId(): string;
  put(book: Book): StoredBook;
  remove(id: string): void;
  /** As at first. */
  reset(): void;
}

/** `now` in ms since 1970. Nothing is loaded or filled before it is asked for something. */
export function createCollection(kind: 'node:sqlite' | 'memory' = storedIn, now: () => number = Date.now): Collection {
  let opened: Shelf | undefined;
  let modifiedAt = 0;
  let lastNumber = 0;
  // A query may ask for all of them thousands of times.
  let listed: readonly StoredBook[] | undefined;
  const fill = (shelf: Shelf) => {
    modifiedAt = now();
    lastNumber = firstBooks.length;
    for (const book of firstBooks) shelf.put({ book, modifiedAt });
    listed = undefined;
    return shelf;
  };
  const shelf = () => (opened ??= fill(createShelf(kind)));
  return {
    storedIn: kind,
    get modifiedAt() {
      shelf();
      return modifiedAt;
    },
    all: () => (listed ??= shelf().all()),
    get: (id) => shelf().get(id),
    nextId() {
      do lastNumber += 1; while (shelf().get(String(lastNumber)));
      return String(lastNumber);
    },
    put(book) {
      const books = shelf();
      const isNew = !books.get(book.id);
      const all = isNew ? books.all() : [];
      if (all[0] && all.length >= maxBooks) books.remove(all[0].book.id);
      modifiedAt = now();
      const stored = { book, modifiedAt };
      books.put(stored);
      listed = undefined;
      return stored;
    },
    remove(id) {
      shelf().remove(id);
      listed = undefined;
      modifiedAt = now();
    },
    reset() {
      const books = shelf();
      books.clear();
      fill(books);
    },
  };
}
