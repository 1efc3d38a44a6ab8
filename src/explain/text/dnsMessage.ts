import type { Texts } from './text.ts';

/** The messages of an exchange with a name server, octet by octet. */
export const dnsMessageTexts = {
  'query': { en: 'Query', ko: '질의' },
  'answer': { en: 'Answer', ko: '응답' },
  'octets': { en: 'Octets', ko: '옥텟' },
  'part': { en: 'Part', ko: '부분' },
  'value': { en: 'Value', ko: '값' },
  'mark': { en: 'Show these octets', ko: '이 옥텟 표시' },
  'hex': { en: '{message} for {question}, octet by octet', ko: '{question} {message}의 모든 옥텟' },
  'part-id': { en: 'ID', ko: 'ID' },
  'part-flags': { en: 'Flags', ko: '플래그' },
  'part-counts': { en: 'Counts', ko: '개수' },
  'part-question': { en: 'Question', ko: '질문' },
  'part-answer': { en: 'Answer', ko: '응답' },
  'part-authority': { en: 'Authority', ko: '권한' },
  'part-additional': { en: 'Additional', ko: '추가' },
  'part-edns': { en: 'EDNS', ko: 'EDNS' },
  'part-rest': { en: 'Rest', ko: '나머지' },
  'size': { en: '{count} octets', ko: '{count}옥텟' },
  'edns': { en: 'version {version}, UDP answers up to {size} octets', ko: '버전 {version}, UDP 응답 최대 {size}옥텟' },
  'length-before': {
    en: 'Over {transport}, two octets with its length stood before each message (RFC 1035 §4.2.2).',
    ko: '{transport}에서는 각 메시지 앞에 길이를 나타내는 2옥텟이 있었습니다(RFC 1035 §4.2.2).',
  },
  'kept': { en: 'Its first {kept} are kept, of {size}.', ko: '{size} 중 처음 {kept}만 보관되어 있습니다.' },
  'cut-short': {
    en: 'It ends within what begins at octet {at}, though its header counts more.',
    ko: '헤더의 개수만큼 읽기 전에, {at}번 옥텟에서 시작한 부분 안에서 끝납니다.',
  },
  'bad-name': {
    en: 'A name in what begins at octet {at} is none, so nothing after it can be read.',
    ko: '{at}번 옥텟에서 시작한 부분의 이름이 잘못되어 그 뒤는 읽을 수 없습니다.',
  },
  'no-header': {
    en: 'This is no DNS message: a header takes 12 octets.', ko: 'DNS 메시지가 아닙니다. 헤더만 12옥텟이어야 합니다.',
  },
  'other-content': {
    en: 'What the server sent over HTTPS is no DNS message.', ko: '서버가 HTTPS로 보낸 내용은 DNS 메시지가 아닙니다.',
  },
  'omitted': {
    en: 'The octets of its messages are left out: those of the questions before it are all that is kept of a lookup.',
    ko: '메시지의 옥텟은 보관되지 않았습니다. 앞선 질의들의 메시지만으로 한 조회에서 보관하는 한도에 이르렀습니다.',
  },
} as const satisfies Texts;
