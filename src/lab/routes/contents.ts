import { promisify } from 'node:util';
import { brotliCompress, deflate, gzip, zstdCompress } from 'node:zlib';
import { json } from '../http/answer.ts';
import type { Handler, Route } from '../http/handler.ts';

type Compress = (content: Buffer) => Promise<Buffer>;

/** RFC 9110 §8.4.1: `deflate` is the zlib format; RFC 7932; RFC 8878. */
const codings: Readonly<Record<string, readonly [token: string, compress: Compress]>> = {
  gzip: ['gzip', promisify<Buffer, Buffer>(gzip)],
  deflate: ['deflate', promisify<Buffer, Buffer>(deflate)],
  br: ['br', promisify<Buffer, Buffer>(brotliCompress)],
  zstd: ['zstd', promisify<Buffer, Buffer>(zstdCompress)],
};

/** Compressed whether or not the client asked for it: that is what the page is for. */
function compressed(coding: string, compress: Compress): Handler {
  return async ({ head }) => {
    const plain = json(200, {
      coding, accepted: head.all('accept-encoding'), text: 'there and back again, '.repeat(40),
    });
    return {
      ...plain,
      headers: [...plain.headers, ['Content-Encoding', coding], ['Vary', 'Accept-Encoding']],
      body: await compress(plain.body as Buffer),
    };
  };
}

export const contentRoutes: readonly Route[] = Object.entries(codings).map(
  ([path, [token, compress]]): Route => ({
    pattern: `GET /${path}`, name: `contents/${path}`, isPublic: true, example: `/${path}`,
    handler: compressed(token, compress),
    summary: { en: `JSON compressed with ${token}.`, ko: `${token} 방식으로 압축한 JSON입니다.` },
  }));
