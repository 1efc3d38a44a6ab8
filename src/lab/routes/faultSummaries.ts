import type { Route } from '../http/handler.ts';
import { alertNames } from '../faults/tlsAlerts.ts';

/** What the front page says of each fault. */
export const faultSummaries: Readonly<Record<string, Route['summary']>> = {
  'refused': {
    en: 'Leads to a port on which nobody listens, and tells its address.',
    ko: '아무도 수신하지 않는 포트의 주소를 알려 주고 그리로 리디렉션합니다.',
  },
  'close': { en: 'Closes the connection without a response.', ko: '응답 없이 연결을 닫습니다.' },
  'reset': { en: 'Resets the TCP connection.', ko: 'TCP 연결을 재설정합니다(RST).' },
  'half-close': {
    en: 'Ends its own direction without a response and goes on listening, for 5 s.',
    ko: '응답 없이 보내는 방향만 닫고 5초 동안 계속 듣습니다.',
  },
  'truncated': {
    en: 'Announces 1,000 bytes, sends 300 and ends.',
    ko: '1,000바이트를 예고하고 300바이트만 보낸 뒤 끝냅니다.',
  },
  'malformed': { en: 'Bytes that are no HTTP response.', ko: 'HTTP 응답이 아닌 바이트를 보냅니다.' },
  'invalid-head': {
    en: 'Field lines that are not allowed: a space in a name, NUL in a value; a capital letter in HTTP/2.',
    ko: '허용되지 않는 헤더 필드를 보냅니다: 이름의 공백, 값의 NUL, HTTP/2에서는 대문자 이름입니다.',
  },
  'huge-head': { en: 'A head of 100 KiB.', ko: '100 KiB 크기의 헤더를 보냅니다.' },
  'two-lengths': {
    en: 'Two Content-Length fields that differ.', ko: '서로 다른 Content-Length 필드를 두 개 보냅니다.',
  },
  'bad-chunk': {
    en: 'A chunk whose size is no number (HTTP/1.1 only).',
    ko: '크기가 숫자가 아닌 청크를 보냅니다(HTTP/1.1만).',
  },
  'length-and-chunks': {
    en: 'Content-Length beside Transfer-Encoding, as request smuggling uses it (HTTP/1.1 only).',
    ko: '요청 밀수에 쓰이는 것처럼 Content-Length와 Transfer-Encoding을 함께 보냅니다(HTTP/1.1만).',
  },
  'interim-flood': { en: '200 interim responses before the final one.', ko: '최종 응답 전에 1xx 응답을 200개 보냅니다.' },
  'slow-drip': {
    en: 'A byte every second and never the last one; after 30 s it is given up.',
    ko: '1초마다 1바이트씩 보내며 끝내지 않습니다. 30초 뒤에 중단합니다.',
  },
  'bad-frame': { en: 'A SETTINGS frame of 5 bytes (HTTP/2 only).', ko: '5바이트짜리 SETTINGS 프레임을 보냅니다(HTTP/2만).' },
  'gzip-bomb': {
    en: 'A few hundred bytes of gzip within gzip that say 256 MiB.', ko: '두 번 풀면 256 MiB가 되는 수백 바이트의 gzip 콘텐츠를 보냅니다.',
  },
  'cut-gzip': { en: 'The first half of a gzip content.', ko: 'gzip 콘텐츠의 앞 절반만 보냅니다.' },
  'wrong-coding': { en: 'Plain text that calls itself gzip.', ko: '일반 텍스트를 gzip이라고 표시해 보냅니다.' },
  'wrong-charset': { en: 'Bytes of EUC-KR that call themselves UTF-8.', ko: 'EUC-KR 바이트를 UTF-8이라고 표시해 보냅니다.' },
  'goaway': {
    en: 'GOAWAY with ?code=, by name or number (HTTP/2 only).', ko: '?code=의 오류 코드로 GOAWAY를 보냅니다(HTTP/2만).',
  },
  'rst-stream': {
    en: 'RST_STREAM with ?code=, by name or number (HTTP/2 only).', ko: '?code=의 오류 코드로 RST_STREAM을 보냅니다(HTTP/2만).',
  },
  'stall': {
    en: 'Reads nothing of the request body for ?ms=, so that flow control stops an upload; then answers.',
    ko: '?ms= 동안 요청 본문을 읽지 않아 흐름 제어로 업로드를 멈추게 한 뒤 응답합니다.',
  },
  'connection-limit': {
    en: 'Leads to a server that has as many connections as it takes for ?ms=: it answers further ones with 503, and resets '
      + 'those that do not speak HTTP/1.',
    ko: '?ms= 동안 연결이 가득 찬 서버로 리디렉션합니다. 그 서버는 다음 연결에 503으로 응답하고, HTTP/1이 아닌 연결은 '
      + '재설정합니다(RST).',
  },
  'descriptor-limit': {
    en: 'Leads to a server that has no file descriptor left for ?ms=: nobody hears of the connection.',
    ko: '?ms= 동안 파일 디스크립터가 바닥난 서버로 리디렉션합니다. 그 서버는 연결을 알지도 못합니다.',
  },
  'tls-alert': {
    en: `Leads to a name under alert.lab.test where TLS ends in an alert: ${alertNames.join(', ')}.`,
    ko: `TLS가 경고로 끝나는 alert.lab.test 아래의 이름으로 리디렉션합니다: ${alertNames.join(', ')}.`,
  },
};
