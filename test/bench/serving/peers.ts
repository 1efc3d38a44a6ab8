// What the lab is measured against: servers of others with a route like the lab's, and node:http with none.
import { serve } from '@hono/node-server';
import makeExpress from 'express';
import makeSessions from 'express-session';
import { Hono } from 'hono';
import Koa from 'koa';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Serving } from './server.ts';

/** The fields that the lab gives, too. */
const common = { 'Server': 'Roundtrip-Lab', 'X-Content-Type-Options': 'nosniff' };
const textType = 'text/plain; charset=utf-8';

/** What to answer whoever asks whatever: names and values of fields in turn. */
export interface FixedAnswer {
  readonly fields: readonly string[];
  readonly text: string;
}

/** node:http as fast as it goes: the answer is there before anybody asks. */
export function bare({ fields, text }: FixedAnswer): Promise<Serving> {
  const known = Object.fromEntries(fields.flatMap((name, index) =>
    index % 2 === 0 ? [[name, fields[index + 1]!]] : []));
  return listening(createServer((_, response) => response.writeHead(200, known).end(text)));
}

export function express(): Promise<Serving> {
  const app = makeExpress();
  app.get('/hello/:name', (request, response) => {
    response.set(common).type(textType).send(`Hello, ${request.params.name}!\n`);
  });
  return listening(createServer(app));
}

/** Its sessions in memory, where `/login` begins one; like the lab's, one ends when it is not used for half an hour. */
export function expressSession(): Promise<Serving> {
  const app = makeExpress();
  app.use(makeSessions({
    secret: 'a secret', resave: false, saveUninitialized: false, rolling: true, cookie: { maxAge: 30 * 60_000 },
  }));
  app.get('/login', (request, response) => {
    request.session.user = 'ada';
    response.type(textType).send('in\n');
  });
  app.get('/me', (request, response) => {
    const { user: known } = request.session;
    response.set(common).set('Cache-Control', 'no-store').status(known === undefined ? 401 : 200).type('json')
      .send(`${JSON.stringify({ user: known }, null, 2)}\n`);
  });
  return listening(createServer(app));
}

export function koa(): Promise<Serving> {
  const app = new Koa();
  app.use((context) => {
    const name = /^\/hello\/([^/]+)$/.exec(context.path)?.[1];
    if (name === undefined) return;
    context.set(common);
    context.type = textType;
    context.body = `Hello, ${decodeURIComponent(name)}!\n`;
  });
  return listening(createServer(app.callback()));
}

export function hono(): Promise<Serving> {
  const app = new Hono();
  app.get('/hello/:name', (context) => context.body(`Hello, ${context.req.param('name')}!\n`, 200, {
    ...common, 'Content-Type': textType,
  }));
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve({ port }));
  });
}

function listening(server: Server): Promise<Serving> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ port: (server.address() as AddressInfo).port }));
  });
}
