import type { Texts } from './text.ts';

/** What a name server of the lab says of a question, and what its client is told of that. */
export const questionTexts = {
  'rule-record': { en: 'records of {zone}', ko: '{zone}의 레코드' },
  'rule-alias': { en: 'an alias (CNAME): it leads to {target}', ko: '별칭(CNAME), 이어지는 이름: {target}' },
  'rule-subtree-alias': {
    en: 'an alias made from a DNAME: it leads to {target}', ko: 'DNAME에서 만든 별칭, 이어지는 이름: {target}',
  },
  'rule-wildcard': { en: 'no records of its own: those of a wildcard', ko: '이 이름의 레코드가 없어 와일드카드 레코드로 응답' },
  'rule-delegation': { en: '{target} is delegated, glue: {glue}', ko: '{target} 위임됨, 글루: {glue}' },
  'rule-no-data': { en: 'the name exists, without this type', ko: '이름은 있지만 이 유형의 레코드는 없음' },
  'rule-no-name': { en: 'no such name in {zone}', ko: '{zone}에 없는 이름' },
  'rule-trouble': { en: 'fails on purpose', ko: '고의로 실패' },
  'rule-not-served': { en: 'in no zone of this server', ko: '이 서버의 어느 영역에도 없음' },
  'rule-lame': { en: 'asked for {zone}, which it does not serve', ko: '담당하지 않는 {zone} 영역의 질의' },
  'rule-refused': { en: 'transfers and other classes are refused', ko: '영역 전송과 다른 클래스는 거부' },
  'rule-edns-version': { en: 'this version of EDNS is unknown', ko: '지원하지 않는 EDNS 버전' },
  'rule-silent': { en: 'received, and not answered on purpose', ko: '받고도 고의로 답하지 않음' },
  'cut': { en: '{how}; too long for UDP, cut off', ko: '{how}, UDP에 담기지 않아 잘림' },
  'delayed': { en: '{how}; held back for {delay} on purpose', ko: '{how}, 고의로 {delay} 지연' },
  'note': { en: '{type} {name} → {rcode}: {how}', ko: '{type} {name} → {rcode}: {how}' },
  'note-silent': { en: '{type} {name}: {how}', ko: '{type} {name}: {how}' },
  'unreadable-too-short': {
    en: '{size}, too short for the header of a DNS message (12 B)', ko: '{size}, DNS 메시지 헤더(12 B)보다 짧음',
  },
  'unreadable-too-long': {
    en: 'the first two bytes, the length of a message in DNS over TCP, say {size}, more than is taken; connection closed',
    ko: 'TCP 위 DNS에서 메시지 길이인 처음 두 바이트가 {size}로, 받는 크기를 넘어 연결을 닫음',
  },
  'unreadable-cut-off': { en: '{size} of a message came, and not its end', ko: '메시지 중 {size}만 오고 끝은 오지 않음' },
  'unreadable-response': { en: '{size}, a response, which is never answered', ko: '{size}, 응답 메시지에는 답하지 않음' },
  'unreadable-opcode': { en: '{size}, another operation than a query', ko: '{size}, 질의가 아닌 연산' },
  'unreadable-format': { en: '{size}, not in the format of a question', ko: '{size}, 질의 형식이 아님' },
  'unreadable-note': { en: '{rcode}: {how}', ko: '{rcode}: {how}' },
  'unreadable-note-silent': { en: 'no answer: {how}', ko: '응답 없음: {how}' },
  'received': {
    en: 'The server got {size} over {transport} from port {port}: id {id}, {type} {name}, flags {flags}, {edns}.',
    ko: '서버가 받은 질의: {transport}, 보낸 포트 {port}, {size}, ID {id}, {type} {name}, 플래그 {flags}, {edns}.',
  },
  'sent': {
    en: 'It sent {size} after {time}: {rcode}, flags {flags}; {how}.', ko: '{time} 뒤 보낸 응답: {size}, {rcode}, 플래그 {flags}. {how}.',
  },
  'kept-silent': { en: 'It sent nothing; {how}.', ko: '보낸 응답 없음. {how}.' },
  'edns': { en: 'EDNS size {size} B', ko: 'EDNS 크기 {size} B' },
  'no-edns': { en: 'no EDNS', ko: 'EDNS 없음' },
  'no-flags': { en: 'none', ko: '없음' },
} as const satisfies Texts;
