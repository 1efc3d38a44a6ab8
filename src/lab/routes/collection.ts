import { isBookId, readBook } from '../collection/book.ts';
import type { Book, Flaw } from '../collection/book.ts';
import { jsonPatch, mergePatch, readDocument } from '../collection/documents.ts';
import { forms, write } from '../collection/forms.ts';
import { createKeyedAnswers, readKey } from '../collection/idempotency.ts';
import type { KeyedAnswers } from '../collection/idempotency.ts';
import { pageLinks, readSelection, select } from '../collection/selection.ts';
import type { Collection, StoredBook } from '../collection/store.ts';
import { problem } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import { evaluate, isConditional } from '../http/conditions.ts';
import type { LabRequest } from '../http/handler.ts';
import { httpDate } from '../http/httpDate.ts';
import { preferredType } from '../http/negotiate.ts';
import { answerWith, etagOf, preconditionFailed } from '../http/representation.ts';
import type { FieldLine } from '../messages.ts';
import type { BookRoute } from './books.ts';

const maxBody = 65_536;
const patchTypes = ['application/merge-patch+json', 'application/json-patch+json'];

type Handler = BookRoute['handler'];

/** REST over the books of a lab. */
export function createCollectionRoutes(books: Collection): readonly BookRoute[] {
  const keyed = createKeyedAnswers(500);
  const kept: FieldLine = ['X-Stored-In', books.storedIn];
  const reset: Handler = () => {
    books.reset();
    keyed.clear();
    return { statusCode: 204, headers: [kept] };
  };
  const place = books.storedIn === 'memory' ? { en: 'memory', ko: '메모리' } : { en: 'SQLite', ko: 'SQLite' };
  return [
    {
      pattern: 'GET /books', name: 'books/list', isPublic: true, example: '/books?tag=travel&sort=-year',
      handler: list(books, kept),
      summary: {
        en: `Books, kept in ${place.en}: filter (q, author, language, year, tag), sort, page, size; `
          + 'JSON, CSV, XML, HTML.',
        ko: `책 목록입니다(저장소: ${place.ko}). 필터(q, author, language, year, tag), sort, page, size와 `
          + 'JSON, CSV, XML, HTML을 지원합니다.',
      },
    },
    {
      pattern: 'POST /books', name: 'books/create', handler: create(books, keyed, kept),
      summary: {
        en: 'Adds a book (JSON); with Idempotency-Key only once.',
        ko: 'JSON으로 책을 추가합니다. Idempotency-Key가 있으면 한 번만 추가합니다.',
      },
    },
    {
      pattern: 'POST /books/reset', name: 'books/reset', handler: reset,
      summary: { en: 'Puts the books back as they were at first.', ko: '책을 처음 상태로 되돌립니다.' },
    },
    {
      pattern: 'OPTIONS /books', name: 'books/options',
      handler: () => options('GET, HEAD, OPTIONS, POST', ['Accept-Post', 'application/json']),
      summary: { en: 'The methods for all books.', ko: '책 목록에 쓸 수 있는 메서드입니다.' },
    },
    ...oneBook(books, kept),
  ];
}

function oneBook(books: Collection, kept: FieldLine): readonly BookRoute[] {
  return [
    {
      pattern: 'GET /books/{id}', name: 'books/get', isPublic: true, example: '/books/4', handler: get(books, kept),
      summary: {
        en: 'A book, with ETag and Last-Modified, conditions and ranges.',
        ko: '책 한 권입니다. ETag와 Last-Modified, 조건부 요청, 범위 요청을 지원합니다.',
      },
    },
    {
      pattern: 'PUT /books/{id}', name: 'books/put', handler: replace(books, kept),
      summary: {
        en: 'Creates or replaces a book; If-Match and If-None-Match prevent lost updates.',
        ko: '책을 만들거나 바꿉니다. If-Match와 If-None-Match로 갱신 손실을 막습니다.',
      },
    },
    {
      pattern: 'PATCH /books/{id}', name: 'books/patch', handler: patch(books, kept),
      summary: {
        en: 'Changes a book by JSON Merge Patch or JSON Patch.',
        ko: 'JSON Merge Patch나 JSON Patch로 책의 일부를 고칩니다.',
      },
    },
    {
      pattern: 'DELETE /books/{id}', name: 'books/delete', handler: remove(books, kept),
      summary: { en: 'Deletes a book.', ko: '책을 삭제합니다.' },
    },
    {
      pattern: 'OPTIONS /books/{id}', name: 'books/options',
      handler: () => options('DELETE, GET, HEAD, OPTIONS, PATCH, PUT', ['Accept-Patch', patchTypes.join(', ')]),
      summary: { en: 'The methods for one book.', ko: '책 한 권에 쓸 수 있는 메서드입니다.' },
    },
  ];
}

/** RFC 9110 §9.3.7 */
function options(allow: string, accepted: FieldLine): Answer {
  return { statusCode: 204, headers: [['Allow', allow], accepted] };
}

function list(books: Collection, kept: FieldLine): Handler {
  return ({ head }) => {
    const selection = readSelection(head.query);
    if (typeof selection === 'string') return problem(400, selection, [kept]);
    const found = select(books.all().map(({ book }) => book), selection);
    const links = pageLinks(head.path, head.query, selection, found.total);
    return shown(head, found.books, books.modifiedAt, [kept, ...links]);
  };
}

/** RFC 9110 §12.1: proactive negotiation, and RFC 9111: kept, but asked for anew each time. */
function shown(
  head: LabRequest['head'], books: Book | readonly Book[], modifiedAt: number, fields: readonly FieldLine[],
): Answer {
  const form = preferredType(head, forms);
  if (!form) return problem(406, `There are ${forms.join(', ')}.`, [['Vary', 'Accept']]);
  const { contentType, body, headers } = write(form, books);
  return answerWith(head, {
    contentType, body, modifiedAt,
    headers: [['Vary', 'Accept'], ['Cache-Control', 'no-cache'], ...fields, ...headers],
  }, Date.now());
}

function get(books: Collection, kept: FieldLine): Handler {
  return ({ head, parameters }) => {
    const stored = books.get(parameters.id ?? '');
    if (stored) return shown(head, stored.book, stored.modifiedAt, [kept]);
    const verdict = evaluate(head, { etags: [] });
    return verdict.outcome === 'failed' ? preconditionFailed(verdict) : noBook(parameters.id, kept);
  };
}

function noBook(id: string | undefined, kept: FieldLine): Answer {
  return problem(404, `There is no book ${id ?? ''}. GET /books lists them.`, [kept]);
}

function create(books: Collection, keyed: KeyedAnswers, kept: FieldLine): Handler {
  return ({ head, body }) => {
    const fields = head.all('idempotency-key');
    const key = fields.length > 0 ? readKey(fields.join(', ')) : undefined;
    if (fields.length > 0 && key === undefined) {
      return problem(400, 'An Idempotency-Key has 1 to 200 visible characters of ASCII.', [kept]);
    }
    const known = key === undefined ? undefined : keyed.find(key, body);
    if (known === 'other') {
      return problem(422, 'This Idempotency-Key was used for another request. A new request needs a new key.', [kept]);
    }
    if (known) return { ...known, headers: [...known.headers, ['Idempotency-Replayed', 'true']] };
    const document = documentOf(head, body, ['application/json'], 'Accept-Post', kept);
    if ('statusCode' in document) return document;
    const read = readBook(document.value, '');
    if (isFlawed(read)) return flawed(read, kept);
    const { book } = books.put({ ...read, id: books.nextId() });
    const answer = written(201, book, books, [kept, ['Location', `/books/${book.id}`]]);
    if (key !== undefined) keyed.keep(key, body, answer);
    return answer;
  };
}

/** The book as it is now, with its validators, after a change (RFC 9110 §9.3.4). */
function written(statusCode: number, book: Book, books: Collection, headers: readonly FieldLine[]): Answer {
  const { body, contentType } = write('application/json', book);
  const modifiedAt = books.get(book.id)?.modifiedAt ?? 0;
  return {
    statusCode, body,
    headers: [
      ['Content-Type', contentType], ['ETag', etagOf(body)], ['Last-Modified', httpDate(modifiedAt)],
      ['Content-Location', `/books/${book.id}`], ...headers,
    ],
  };
}

/** The JSON of a body of one of the types, or why there is none. */
function documentOf(
  head: LabRequest['head'], body: Buffer, types: readonly string[], field: string, kept: FieldLine,
): { readonly value: unknown; readonly type: string } | Answer {
  const type = (head.first('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  // RFC 9110 §15.5.16, RFC 5789 §2.2
  if (!types.includes(type)) {
    return problem(415, `The body is ${types.join(' or ')}, and Content-Type says so.`,
      [[field, types.join(', ')], kept]);
  }
  if (body.length > maxBody) return problem(413, `A book takes no more than ${maxBody} bytes.`, [kept]);
  const document = readDocument(body);
  return typeof document === 'string' ? problem(400, document, [kept]) : { ...document, type };
}

function isFlawed(read: Book | readonly Flaw[]): read is readonly Flaw[] {
  return Array.isArray(read);
}

function flawed(errors: readonly Flaw[], kept: FieldLine): Answer {
  return problem(422, 'This is no book of ours: see errors.', [kept], { errors });
}

/** Why a change must not be made on the present state; undefined: it may be. */
function forbidden(head: LabRequest['head'], stored: StoredBook | undefined, kept: FieldLine): Answer | undefined {
  // Whatever the form that the client knows, it is this state that it knows.
  const etags = stored ? forms.map((form) => etagOf(write(form, stored.book).body)) : [];
  const verdict = evaluate(head, { etags, ...(stored ? { modifiedAt: stored.modifiedAt } : {}) });
  if (verdict.outcome === 'failed') return preconditionFailed(verdict);
  if (!stored?.book.guarded || isConditional(head)) return undefined;
  // RFC 6585 §3
  return problem(428, 'This book is guarded: say which state you change, by If-Match with its ETag.', [kept]);
}

function replace(books: Collection, kept: FieldLine): Handler {
  return ({ head, parameters, body }) => {
    const id = parameters.id ?? '';
    if (!isBookId(id)) return problem(400, 'An id has 1 to 64 small letters, digits and hyphens.', [kept]);
    // RFC 9110 §14.5: a part must not be taken for the whole.
    if (head.first('content-range') !== undefined) return problem(400, 'PUT takes whole books only.', [kept]);
    const document = documentOf(head, body, ['application/json'], 'Accept', kept);
    if ('statusCode' in document) return document;
    const read = readBook(document.value, id);
    if (isFlawed(read)) return flawed(read, kept);
    const stored = books.get(id);
    const reason = forbidden(head, stored, kept);
    if (reason) return reason;
    books.put(read);
    return stored ? written(200, read, books, [kept])
      : written(201, read, books, [kept, ['Location', `/books/${id}`]]);
  };
}

function patch(books: Collection, kept: FieldLine): Handler {
  return ({ head, parameters, body }) => {
    const id = parameters.id ?? '';
    const stored = books.get(id);
    if (!stored) return noBook(id, kept);
    const document = documentOf(head, body, patchTypes, 'Accept-Patch', kept);
    if ('statusCode' in document) return document;
    const reason = forbidden(head, stored, kept);
    if (reason) return reason;
    const patched = document.type === 'application/json-patch+json' ? jsonPatch(stored.book, document.value)
      : { outcome: 'patched', value: mergePatch(stored.book, document.value) } as const;
    if (patched.outcome === 'failed') return problem(patched.statusCode, patched.detail, [kept]);
    const read = readBook(patched.value, id);
    if (isFlawed(read)) return flawed(read, kept);
    books.put(read);
    return written(200, read, books, [kept]);
  };
}

function remove(books: Collection, kept: FieldLine): Handler {
  return ({ head, parameters }) => {
    const id = parameters.id ?? '';
    const stored = books.get(id);
    const reason = forbidden(head, stored, kept);
    if (reason) return reason;
    if (!stored) return noBook(id, kept);
    books.remove(id);
    return { statusCode: 204, headers: [kept] };
  };
}
