import type { Texts } from './text.ts';

/** What the lab did on purpose, by the name of the fault: beside its mark in the server's lane. */
export const faultTexts = {
  'exit': { en: 'the worker process died in the middle of the request', ko: '요청을 처리하던 워커 프로세스가 종료됨' },
  'close': { en: 'closed the connection without a response', ko: '응답 없이 연결을 닫음' },
  'reset': { en: 'reset the TCP connection (RST)', ko: 'TCP 연결을 재설정함(RST)' },
  'half-close': { en: 'ended its direction of the connection without a response', ko: '응답 없이 보내는 방향만 닫음' },
  'truncated': { en: 'announced 1,000 bytes and ended after 300', ko: '1,000바이트를 예고하고 300바이트 뒤에 끝냄' },
  'malformed': { en: 'wrote what is no response', ko: '응답이 아닌 바이트를 보냄' },
  'invalid-head': { en: 'wrote field lines that are not allowed (RFC 9110 §5)', ko: '허용되지 않는 헤더 필드를 보냄(RFC 9110 §5)' },
  'huge-head': { en: 'wrote a head of 100 KiB', ko: '100 KiB 크기의 헤더를 보냄' },
  'bad-chunk': { en: 'wrote a chunk whose size is no number (RFC 9112 §7.1)', ko: '크기가 숫자가 아닌 청크를 보냄(RFC 9112 §7.1)' },
  'two-lengths': {
    en: 'wrote two different Content-Length fields (RFC 9112 §6.3)', ko: '서로 다른 Content-Length 두 개를 보냄(RFC 9112 §6.3)',
  },
  'length-and-chunks': {
    en: 'wrote Content-Length beside Transfer-Encoding (RFC 9112 §6.1)',
    ko: 'Content-Length와 Transfer-Encoding을 함께 보냄(RFC 9112 §6.1)',
  },
  'interim-flood': { en: 'wrote 200 interim responses (RFC 9110 §15.2)', ko: '1xx 중간 응답을 200개 보냄(RFC 9110 §15.2)' },
  'slow-drip': { en: 'writes a byte every second and never the last one', ko: '1초마다 1바이트씩 보내고 끝내지 않음' },
  'stall': { en: 'did not read the request body for a while', ko: '요청 본문을 한동안 읽지 않음' },
  'gzip-bomb': { en: 'sent gzip within gzip that says 256 MiB', ko: '두 번 풀면 256 MiB가 되는 gzip을 보냄' },
  'cut-gzip': { en: 'sent the first half of a gzip content', ko: 'gzip 콘텐츠의 앞 절반만 보냄' },
  'wrong-coding': { en: 'called plain text gzip', ko: '일반 텍스트를 gzip이라고 표시함' },
  'wrong-charset': { en: 'called EUC-KR bytes UTF-8', ko: 'EUC-KR 바이트를 UTF-8이라고 표시함' },
  'refused': { en: 'named a port on which nobody listens', ko: '아무도 수신하지 않는 포트를 알려 줌' },
  'goaway': { en: 'sent GOAWAY and ended the connection (RFC 9113 §6.8)', ko: 'GOAWAY를 보내고 연결을 끝냄(RFC 9113 §6.8)' },
  'rst-stream': { en: 'sent RST_STREAM (RFC 9113 §6.4)', ko: 'RST_STREAM을 보냄(RFC 9113 §6.4)' },
  'bad-frame': { en: 'sent a SETTINGS frame of 5 bytes (RFC 9113 §6.5)', ko: '5바이트짜리 SETTINGS 프레임을 보냄(RFC 9113 §6.5)' },
  'connection-limit': { en: 'named a server that has no room for a connection', ko: '연결이 가득 찬 서버를 알려 줌' },
  'descriptor-limit': { en: 'named a server that has no file descriptor left', ko: '파일 디스크립터가 바닥난 서버를 알려 줌' },
  'tls-alert': { en: 'answered the ClientHello with an alert', ko: 'ClientHello에 경고로 응답함' },
} satisfies Texts;
