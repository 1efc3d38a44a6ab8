import { monotonicNow } from '../clock.ts';
import type { Answer } from '../http/answer.ts';
import type { Route } from '../http/handler.ts';
import { readHead } from '../http/requestHead.ts';
import type { RequestHead } from '../http/requestHead.ts';
import type { FieldLine } from '../messages.ts';
import { createBookRoutes } from '../routes/books.ts';
import type { BookRoute } from '../routes/books.ts';

// One bookshelf for the whole lab: it is in the primary, which answers what workers are asked about books.

/** A request for books, as it goes to the primary. */
interface Asked {
  readonly pattern: string;
  readonly method: string;
  readonly target: string;
  readonly httpVersion: RequestHead['httpVersion'];
  readonly scheme: RequestHead['scheme'];
  readonly fields: readonly FieldLine[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Base64. */
  readonly body: string;
}

/** An answer on its way back; its body in Base64. */
interface Given {
  readonly statusCode: number;
  readonly headers: readonly FieldLine[];
  readonly body?: string;
}

/** The routes of a worker: each asks the primary, and says so. */
export function askedBookRoutes(ask: (value: string) => Promise<unknown>): readonly Route[] {
  return createBookRoutes().map((route): Route => ({
    ...route,
    handler: async ({ head, parameters, body, account }) => {
      const { method, target, httpVersion, scheme, headers, authority } = head;
      const pseudo: FieldLine[] = httpVersion === '2' && authority !== undefined ? [[':authority', authority]] : [];
      const fields = [...pseudo, ...headers];
      const asked: Asked = {
        pattern: route.pattern, method, target, httpVersion, scheme, fields, parameters, body: body.toString('base64'),
      };
      const startAt = monotonicNow();
      const given = await ask(JSON.stringify(asked)) as Given;
      account.add({
        type: 'dialogue', startAt, at: monotonicNow(), protocol: 'IPC', sent: `${method} ${target}`,
        received: String(given.statusCode),
      });
      return answerOf(given);
    },
  }));
}

function answerOf({ statusCode, headers, body }: Given): Answer {
  return {
    statusCode,
    headers: headers.map(([name, value]): FieldLine =>
      [name, name === 'X-Stored-In' ? `${value}; process=primary` : value]),
    ...(body === undefined ? {} : { body: Buffer.from(body, 'base64') }),
  };
}

/** What the primary answers, by its own routes. */
export function bookAnswers(routes: readonly BookRoute[]): (asked: string) => Given {
  return (text) => {
    const { pattern, method, target, httpVersion, scheme, fields, parameters, body } = JSON.parse(text) as Asked;
    const route = routes.find((one) => one.pattern === pattern);
    if (!route) throw new Error(`no route ${pattern}`);
    const head = readHead({ method, url: target, httpVersion, rawHeaders: fields.flat() }, scheme);
    const answer = route.handler({ head, parameters, body: Buffer.from(body, 'base64') });
    const { statusCode, headers } = answer;
    return { statusCode, headers, ...(Buffer.isBuffer(answer.body) ? { body: answer.body.toString('base64') } : {}) };
  };
}
