import type { Texts } from './text.ts';

/** Of what went over the wire: bytes, lines and chunks, frames, records. */
export const wireTexts = {
  // the views
  'views': { en: 'How the bytes are shown', ko: '바이트를 보는 방식' },
  'view-text': { en: 'Text', ko: '텍스트' },
  'view-frames': { en: 'Frames', ko: '프레임' },
  'view-hex': { en: 'Hex', ko: '16진수' },
  'layers': { en: 'Layer', ko: '계층' },
  'layer-plain': { en: 'Decrypted', ko: '복호화됨' },
  'layer-transport': { en: 'Encrypted', ko: '암호화됨' },
  'layer-inside': { en: 'In the tunnel', ko: '터널 안' },
  'layer-whole': { en: 'With the proxy', ko: '프록시 포함' },
  'scopes': { en: 'Which frames', ko: '프레임 범위' },
  'scope-stream': { en: 'Stream {stream}', ko: '스트림 {stream}' },
  'scope-exchange': { en: 'This exchange', ko: '이 교환' },
  'scope-connection': { en: 'Whole connection', ko: '연결 전체' },
  'loading': { en: 'Reading the bytes…', ko: '바이트를 읽는 중…' },
  'totals': { en: '{sent} sent, {received} received on this connection', ko: '이 연결에서 {sent} 보냄, {received} 받음' },

  // a write or a read
  'sent': { en: 'sent', ko: '보냄' },
  'received': { en: 'received', ko: '받음' },
  'one-write': { en: '{bytes} bytes in 1 write', ko: '쓰기 1회에 {bytes}바이트' },
  'one-read': { en: '{bytes} bytes in 1 read', ko: '읽기 1회에 {bytes}바이트' },
  'single-write': { en: '1 byte in 1 write', ko: '쓰기 1회에 1바이트' },
  'single-read': { en: '1 byte in 1 read', ko: '읽기 1회에 1바이트' },
  'gap': { en: '{bytes} bytes passed here that were not kept.', ko: '여기에서 {bytes}바이트가 지나갔지만 보관하지 않았습니다.' },
  'all-of-segment': { en: 'Show all {bytes} bytes', ko: '{bytes}바이트 모두 보기' },
  'more-segments': { en: 'Show {count} more', ko: '{count}개 더 보기' },
  'rest-not-kept': {
    en: 'Of each exchange the first 256 kB in each direction are kept. What came after that was counted, not kept.',
    ko: '교환마다 방향별로 처음 256kB를 보관합니다. 그 뒤의 바이트는 크기만 셌고 보관하지 않았습니다.',
  },
  'held-in-tls': {
    en: '{bytes} bytes were given to TLS at {at} and left at {leftAt}: for those {time} Roundtrip’s own process held them, not the network.',
    ko: '{bytes}바이트를 {at} 시점에 TLS에 넘겼지만 {leftAt} 시점에 나갔습니다. 그 사이 {time} 동안은 네트워크가 아니라 Roundtrip 프로세스 안에 있었습니다.',
  },
  'no-bytes': { en: 'No byte of this exchange passed.', ko: '이 교환에서는 바이트가 하나도 오가지 않았습니다.' },
  'no-connection': { en: 'There was no connection, so no byte passed.', ko: '연결이 없었으므로 오간 바이트가 없습니다.' },

  // why there is nothing
  'not-kept': {
    en: 'The bytes were not kept, because the request says # @no-capture.',
    ko: '요청에 # @no-capture가 있어 바이트를 보관하지 않았습니다.',
  },
  'forgotten': {
    en: 'The bytes were let go to make room for those of later connections. Send the request again to see them.',
    ko: '이후 연결의 바이트를 보관하려고 이 바이트는 비웠습니다. 다시 보려면 요청을 다시 보내십시오.',
  },
  'engine-ended': {
    en: 'The bytes are gone: the engine that held them has ended since. Send the request again to see them.',
    ko: '바이트를 가지고 있던 엔진이 그 뒤에 종료되어 남아 있지 않습니다. 다시 보려면 요청을 다시 보내십시오.',
  },
  'no-frames': {
    en: 'No frames were recorded, because the request says # @no-capture.',
    ko: '요청에 # @no-capture가 있어 프레임을 기록하지 않았습니다.',
  },
  'no-frames-yet': { en: 'No frame has passed yet.', ko: '아직 지나간 프레임이 없습니다.' },

  // pieces of HTTP/1.1
  'piece-chunk': { en: 'chunk of {size} bytes', ko: '{size}바이트 청크' },
  'piece-last-chunk': { en: 'last chunk', ko: '마지막 청크' },
  'piece-trailer': { en: 'trailer', ko: '트레일러' },
  'piece-switched': { en: 'another protocol from here on', ko: '여기부터 다른 프로토콜' },
  'piece-excess': { en: 'belongs to no message', ko: '어느 메시지에도 속하지 않음' },
  'cut': { en: 'goes on, not kept or not received', ko: '이어짐, 보관하지 않았거나 받지 못함' },
  'problem-bare-lf': { en: 'line end without CR (RFC 9112 §2.2)', ko: 'CR 없는 줄 끝 (RFC 9112 §2.2)' },
  'problem-bare-cr': { en: 'CR within a line (RFC 9112 §2.2)', ko: '줄 안의 CR (RFC 9112 §2.2)' },
  'problem-start-line': { en: 'no start line of HTTP/1.1 (RFC 9112 §3, §4)', ko: 'HTTP/1.1 시작 줄이 아님 (RFC 9112 §3, §4)' },
  'problem-no-colon': { en: 'no field: the name or the colon is missing (RFC 9112 §5)', ko: '필드가 아님: 이름이나 콜론 없음 (RFC 9112 §5)' },
  'problem-space-before-colon': { en: 'space before the colon (RFC 9112 §5.1)', ko: '콜론 앞 공백 (RFC 9112 §5.1)' },
  'problem-folded': { en: 'folded line (RFC 9112 §5.2)', ko: '접힌 줄 (RFC 9112 §5.2)' },
  'problem-two-lengths': { en: 'Content-Length and Transfer-Encoding (RFC 9112 §6.1)', ko: 'Content-Length와 Transfer-Encoding이 함께 있음 (RFC 9112 §6.1)' },
  'problem-content-length': { en: 'no length, or another than before (RFC 9112 §6.3)', ko: '길이가 아니거나 앞의 값과 다름 (RFC 9112 §6.3)' },
  'problem-transfer-coding': { en: 'chunked is not the last coding (RFC 9112 §6.1)', ko: 'chunked가 마지막 코딩이 아님 (RFC 9112 §6.1)' },
  'problem-chunk-size': { en: 'no chunk size (RFC 9112 §7.1)', ko: '청크 크기가 아님 (RFC 9112 §7.1)' },
  'problem-chunk-end': { en: 'no line end after the chunk (RFC 9112 §7.1)', ko: '청크 뒤에 줄 끝이 없음 (RFC 9112 §7.1)' },

  // the table of frames
  'frames': { en: 'HTTP/2 frames', ko: 'HTTP/2 프레임' },
  'column-time': { en: 'Time', ko: '시각' },
  'column-direction': { en: 'Direction', ko: '방향' },
  'column-stream': { en: 'Stream', ko: '스트림' },
  'column-type': { en: 'Type', ko: '종류' },
  'column-flags': { en: 'Flags', ko: '플래그' },
  'column-length': { en: 'Length', ko: '길이' },
  'column-summary': { en: 'What it says', ko: '내용' },
  'details': { en: 'Details of frame {index}, {type}', ko: '프레임 {index} {type} 자세히' },
  'omitted': { en: '{count} more frames passed that are not listed.', ko: '목록에 없는 프레임이 {count}개 더 지나갔습니다.' },
  'frame-count': { en: '{count} frames', ko: '프레임 {count}개' },
  'fields-in': { en: 'fields: {count}, bytes: {size} instead of {full}', ko: '필드 {count}개, {full}바이트 대신 {size}바이트' },
  'acknowledged': { en: 'acknowledged', ko: '확인됨' },
  'no-settings': { en: 'no change', ko: '변경 없음' },
  'window-left': { en: '{windows} left', ko: '{windows} 남음' },
  'window-now': { en: '+{increment} → {windows}', ko: '+{increment} → {windows}' },
  'window-stream': { en: 'stream {size}', ko: '스트림 {size}' },
  'window-connection': { en: 'connection {size}', ko: '연결 {size}' },
  'last-stream': { en: 'last stream {stream}', ko: '마지막 스트림 {stream}' },
  'promised': { en: 'promises stream {stream}', ko: '스트림 {stream} 예고' },
  'about-stream': { en: 'about stream {stream}', ko: '스트림 {stream}에 대해' },
  'depends': { en: 'depends on stream {stream}, weight {weight}', ko: '스트림 {stream}에 의존, 가중치 {weight}' },
  'exclusive': { en: 'exclusive', ko: '배타적' },
  'goes-on': { en: 'more of the fields above', ko: '위 필드의 계속' },
  'padding': { en: '{size} bytes of padding', ko: '패딩 {size}바이트' },
  'frame-malformed': { en: 'malformed: its length does not fit its type', ko: '잘못된 형식: 길이가 종류와 맞지 않음' },
  'frame-compression': { en: 'its fields cannot be decoded (RFC 9113 §4.3)', ko: '필드를 해석할 수 없음 (RFC 9113 §4.3)' },
  'frame-too-large': { en: 'larger than what is decoded', ko: '해석하는 크기보다 큼' },

  // a frame's details
  'field-name': { en: 'Name', ko: '이름' },
  'field-value': { en: 'Value', ko: '값' },
  'field-written': { en: 'Written as', ko: '표기' },
  'field-size': { en: 'Bytes', ko: '바이트' },
  'written-indexed': { en: 'number {index} of the table', ko: '테이블의 {index}번' },
  'written-incremental': { en: 'literal, added to the table', ko: '리터럴, 테이블에 추가' },
  'written-without-indexing': { en: 'literal', ko: '리터럴' },
  'written-never-indexed': { en: 'literal, never to be put into a table', ko: '리터럴, 테이블에 절대 넣지 않음' },
  'written-name': { en: 'name {index} of the table', ko: '이름은 테이블의 {index}번' },
  'huffman-name': { en: 'name in Huffman code', ko: '이름은 허프만 부호' },
  'huffman-value': { en: 'value in Huffman code', ko: '값은 허프만 부호' },
  'huffman-both': { en: 'Huffman code', ko: '허프만 부호' },
  'omitted-fields': { en: '{count} more fields are not listed.', ko: '목록에 없는 필드가 {count}개 더 있습니다.' },
  'table-sizes': { en: 'Sets the size of the dynamic table: {sizes}', ko: '동적 테이블의 크기 설정: {sizes}' },
  'setting-identifier': { en: 'Setting', ko: '설정' },

  // flow control
  'stall-we': {
    en: 'We had sent all that the {window} window allowed and waited {time} for the server’s WINDOW_UPDATE.',
    ko: '{window} 윈도가 허용하는 만큼 모두 보낸 뒤 서버의 WINDOW_UPDATE를 {time} 동안 기다렸습니다.',
  },
  'stall-server': {
    en: 'The server had sent all that the {window} window allowed and waited {time} for our WINDOW_UPDATE.',
    ko: '서버가 {window} 윈도가 허용하는 만큼 모두 보낸 뒤 이쪽의 WINDOW_UPDATE를 {time} 동안 기다렸습니다.',
  },
  'stall-open-we': {
    en: 'We had sent all that the {window} window allowed; no WINDOW_UPDATE followed.',
    ko: '{window} 윈도가 허용하는 만큼 모두 보냈지만 그 뒤로 WINDOW_UPDATE가 오지 않았습니다.',
  },
  'stall-open-server': {
    en: 'The server had sent all that the {window} window allowed; no WINDOW_UPDATE followed.',
    ko: '서버가 {window} 윈도가 허용하는 만큼 모두 보냈지만 그 뒤로 WINDOW_UPDATE가 이어지지 않았습니다.',
  },
  'stalls-more': { en: '{count} further waits, {time} in all.', ko: '그 밖에 {count}번 더 기다렸고, 모두 {time} 걸렸습니다.' },
  'stall-stream': { en: 'stream', ko: '스트림' },
  'stall-connection': { en: 'connection', ko: '연결' },

  // TLS records
  'records': { en: 'TLS records', ko: 'TLS 레코드' },
  'record': { en: 'record {type}, {bytes} bytes', ko: '레코드 {type}, {bytes}바이트' },
} satisfies Texts;
