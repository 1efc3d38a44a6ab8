import { createFileServer } from '../files/server.ts';
import { unpackSite } from '../files/site.ts';
import type { Route } from '../http/handler.ts';

/** The lab's files, unpacked when the first is asked for. */
export function createFileRoutes(): readonly Route[] {
  return [{
    pattern: 'GET /files/{path...}', name: 'files', isPublic: true, example: '/files/',
    handler: createFileServer('/files/', unpackSite),
    summary: {
      en: 'Files: a page with stylesheet, script and pictures, cached, compressed (br, gzip), in ranges.',
      ko: '정적 파일입니다. 스타일시트, 스크립트, 그림이 있는 페이지이며 캐시, 압축(br, gzip), 범위 요청을 지원합니다.',
    },
  }];
}
