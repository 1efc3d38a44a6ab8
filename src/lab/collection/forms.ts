import { pageFields } from '../routes/pages.ts';
import type { FieldLine } from '../messages.ts';
import type { Book } from './book.ts';

/** The forms that books are given in, the usual one first. */
export const forms = ['application/json', 'text/csv', 'application/xml', 'text/html'] as const;
export type Form = (typeof forms)[number];

/** A book, or several of them, as a document of one of the forms. */
export interface Written {
  readonly contentType: string;
  readonly body: Buffer;
  readonly headers: readonly FieldLine[];
}

/** Writes one book, or a list of them, in UTF-8. */
export function write(form: Form, books: Book | readonly Book[]): Written {
  const list = 'id' in books ? [books] : books;
  const body = (text: string) => Buffer.from(text);
  switch (form) {
    case 'application/json':
      return { contentType: form, body: body(`${JSON.stringify(books, null, 2)}\n`), headers: [] };
    case 'text/csv':
      // RFC 4180 §3
      return { contentType: `${form}; charset=utf-8; header=present`, body: body(csv(list)), headers: [] };
    case 'application/xml':
      return { contentType: `${form}; charset=utf-8`, body: body(xml(books)), headers: [] };
    case 'text/html':
      return { contentType: `${form}; charset=utf-8`, body: body(html(list)), headers: pageFields };
  }
}

const columns = ['id', 'title', 'author', 'year', 'language', 'tags', 'note', 'guarded'] as const;

/** A cell, or the text of an element. */
function plain(book: Book, column: (typeof columns)[number]): string {
  const value = book[column];
  return Array.isArray(value) ? value.join(' ') : String(value ?? '');
}

/** RFC 4180 §2: lines end in CRLF, a cell in quotation marks has them doubled. */
function csv(books: readonly Book[]): string {
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const rows = books.map((book) => columns.map((column) => quoted(plain(book, column))).join(','));
  return [columns.join(','), ...rows].map((row) => `${row}\r\n`).join('');
}

function xml(books: Book | readonly Book[]): string {
  const declaration = '<?xml version="1.0" encoding="utf-8"?>\n';
  if ('id' in books) return `${declaration}${element(books)}\n`;
  return `${declaration}<books>\n${books.map((book) => `${element(book)}\n`).join('')}</books>\n`;
}

function element(book: Book): string {
  const rest = columns.filter((column) => column !== 'id' && column !== 'tags' && book[column] !== undefined);
  const simple = rest.map((column) => `  <${column}>${escaped(plain(book, column))}</${column}>\n`);
  const tags = book.tags.map((tag) => `  <tag>${escaped(tag)}</tag>\n`);
  return `<book id="${escaped(book.id)}">\n${[...simple, ...tags].join('')}</book>`;
}

function html(books: readonly Book[]): string {
  const used = columns.filter((column) => books.some((book) => plain(book, column) !== ''));
  const head = used.map((column) => `<th>${column}`).join('');
  const rows = books.map((book) => `<tr>${used.map((column) => `<td>${cell(book, column)}`).join('')}\n`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Books of the lab</title>
<style>:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}</style>
<h1>Books</h1>
<table><thead><tr>${head}<tbody>
${rows.join('')}</table>
</html>
`;
}

function cell(book: Book, column: (typeof columns)[number]): string {
  const content = escaped(plain(book, column));
  return column === 'id' ? `<a href="/books/${content}">${content}</a>` : content;
}

/** For content and attributes of both HTML and XML. */
function escaped(content: string): string {
  return content.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
