import { bytes } from '../http/answer.ts';
import type { Route } from '../http/handler.ts';

// The same picture in the formats that need an encoder of their own, 16 pixels square.

const jpeg = `
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4
x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAQ
ABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAQAE/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/EABUBAQEAAAAAAAAAAAAAAAAAAAQF/8
QAFhEAAwAAAAAAAAAAAAAAAAAAAAED/9oADAMBAAIRAxEAPwDGUVJINOZ//9k=`;

const webp = 'UklGRjYAAABXRUJQVlA4ICoAAABwAQCdASoQABAAA4BaJbACdAF1AAD+5FQO+j/1P+2Me/5mO3q3tQkuwAA=';

const size = 16;

/**
 * GIF89a. With 128 colours the codes of LZW have 8 bits, and keep them as long as the table is cleared (code 128) often
 * enough: each pixel is a byte.
 */
function drawGif(): Buffer {
  const palette = Buffer.alloc(3 * 128);
  for (let shade = 0; shade < 2 * size - 1; shade += 1) {
    const share = shade / (2 * size - 2);
    palette.set([10 + 114 * share, 126 - 49 * share, 164 + 42 * share].map(Math.round), 3 * shade);
  }
  const codes = Array.from({ length: size * size }, (_, pixel) => (pixel % size) + Math.floor(pixel / size))
    .flatMap((code, pixel) => (pixel % 64 === 0 ? [128, code] : [code]));
  const blocks = [...codes, 129].flatMap((code, index, all) =>
    (index % 255 === 0 ? [Math.min(255, all.length - index), code] : [code]));
  return Buffer.concat([
    Buffer.from('GIF89a'), Buffer.of(size, 0, size, 0, 0xf6, 0, 0), palette,
    Buffer.of(0x2c, 0, 0, 0, 0, size, 0, size, 0, 0, 7, ...blocks, 0, 0x3b),
  ]);
}

const pictures: Readonly<Record<string, () => Buffer>> = {
  gif: drawGif, jpeg: () => Buffer.from(jpeg, 'base64'), webp: () => Buffer.from(webp, 'base64'),
};

export const imageRoutes: readonly Route[] = Object.entries(pictures).map(([format, draw]): Route => ({
  pattern: `GET /image.${format}`, name: `images/${format}`, isPublic: true, example: `/image.${format}`,
  handler: () => bytes(200, `image/${format}`, draw()),
  summary: { en: `A picture as ${format.toUpperCase()}.`, ko: `${format.toUpperCase()} 그림입니다.` },
}));
