import { problem } from '../http/answer.ts';
import type { Fault } from '../http/answer.ts';
import type { Route } from '../http/handler.ts';

const summaries: Readonly<Record<Fault, Route['summary']>> = {
  'close': { en: 'Closes the connection without a response.', ko: '응답 없이 연결을 닫습니다.' },
  'reset': { en: 'Resets the TCP connection.', ko: 'TCP 연결을 재설정합니다(RST).' },
  'truncated': {
    en: 'Announces 1,000 bytes, sends 300 and ends.',
    ko: '1,000바이트를 예고하고 300바이트만 보낸 뒤 끝냅니다.',
  },
  'malformed': { en: 'Bytes that are no HTTP response.', ko: 'HTTP 응답이 아닌 바이트를 보냅니다.' },
  'bad-chunk': {
    en: 'A chunk whose size is no number (HTTP/1.1 only).',
    ko: '크기가 숫자가 아닌 청크를 보냅니다(HTTP/1.1만).',
  },
};

export const faultRoutes: readonly Route[] = Object.entries(summaries).map(
  ([name, summary]): Route => ({
    pattern: `GET /faults/${name}`, name: `faults/${name}`, summary, example: `/faults/${name}`,
    handler: ({ head }) => {
      if (name === 'bad-chunk' && head.httpVersion !== '1.1') {
        return problem(400, 'Chunks exist in HTTP/1.1 only (RFC 9112 §7.1).');
      }
      return { fault: name as Fault };
    },
  }));
