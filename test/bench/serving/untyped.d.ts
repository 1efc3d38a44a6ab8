// Packages that the benchmarks are measured against and that tell no types: as much of them as is used.

declare module 'express' {
  import type { RequestListener } from 'node:http';

  interface Response {
    set(fields: Readonly<Record<string, string>>): Response;
    set(name: string, value: string): Response;
    status(code: number): Response;
    type(type: string): Response;
    send(content: string): void;
  }
  interface Request {
    readonly params: Readonly<Record<string, string>>;
    readonly session: { user?: string };
  }
  interface Application extends RequestListener {
    get(path: string, handler: (request: Request, response: Response) => void): void;
    use(handler: unknown): void;
  }
  export default function makeExpress(): Application;
}

declare module 'express-session' {
  interface Options {
    readonly secret: string;
    readonly resave: boolean;
    readonly saveUninitialized: boolean;
    readonly rolling: boolean;
    /** In ms. */
    readonly cookie: { readonly maxAge: number };
  }
  export default function makeSessions(options: Options): unknown;
}

declare module 'koa' {
  import type { RequestListener } from 'node:http';

  interface Context {
    readonly path: string;
    type: string;
    body: string;
    set(fields: Readonly<Record<string, string>>): void;
  }
  export default class Koa {
    use(handler: (context: Context) => void): void;
    callback(): RequestListener;
  }
}
