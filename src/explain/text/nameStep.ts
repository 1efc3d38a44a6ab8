import type { Texts } from './text.ts';

/** What each step of a name lookup says, in one sentence. */
export const nameStepTexts = {
  'resolve': { en: 'The request gives the addresses itself (@resolve), so nobody is asked.', ko: '요청에서 주소를 직접 지정하여(@resolve) 아무에게도 묻지 않습니다.' },
  'referral': { en: 'A referral: {child} has name servers of its own (servers: {count}, addresses that came along as glue: {glue}), which are asked next.', ko: '다른 서버로 안내하는 응답입니다. {child} 영역의 네임 서버 {count}개와 글루 주소 {glue}개를 받았으며, 다음으로 이 서버에 묻습니다.' },
  'referral-without-glue': { en: 'A referral: {child} has name servers of its own (servers: {count}) but no address of them came along, so one is looked up first.', ko: '다른 서버로 안내하는 응답입니다. {child} 영역의 네임 서버 {count}개를 받았지만 쓸 수 있는 주소가 없어 먼저 그 주소를 조회합니다.' },
  'minimised-passed': { en: 'No zone begins at {asked}, so the same servers are asked for one label more (RFC 9156).', ko: '{asked}: 여기서 시작하는 영역이 없어 같은 서버에 레이블을 더해 다시 묻습니다(RFC 9156).' },
  'minimised-failed': { en: 'The server makes nothing of the shorter name {asked}, so the whole name is asked for (RFC 9156 §2.3).', ko: '짧은 이름({asked})으로는 답을 얻지 못해 전체 이름으로 묻습니다(RFC 9156 §2.3).' },
  'alias': { en: '{asked} is an alias (CNAME) of {alias}, where the walk goes on.', ko: '{asked}: 별칭(CNAME)이므로 다음 이름으로 조회를 이어 갑니다: {alias}.' },
  'answer': { en: 'The answer, from a server of the zone {zone} itself: {values}, valid for {ttl}.', ko: '{zone} 영역의 서버가 직접 답했습니다: {values}(유효 시간 {ttl}).' },
  'server-address': { en: 'The address of a name server that came without glue: {values}.', ko: '글루 없이 받은 네임 서버의 주소입니다: {values}.' },
  'service': { en: 'The HTTPS record (RFC 9460) says how the service can be reached: {values}.', ko: 'HTTPS 레코드(RFC 9460)에 서비스에 접속하는 방법이 있습니다: {values}.' },
  'service-none': { en: 'There is no HTTPS record (RFC 9460): nothing but the address says how the service is reached.', ko: 'HTTPS 레코드(RFC 9460)가 없어 주소 말고는 접속 방법에 관한 정보가 없습니다.' },
  'peer-name': { en: "The name kept for the peer's address (PTR): {values}.", ko: '상대 주소에 등록된 이름(PTR)입니다: {values}.' },
  'peer-name-none': { en: "No name is kept for the peer's address.", ko: '상대 주소에 등록된 이름이 없습니다.' },
  'no-data': { en: 'The name is there but has no {type} record.', ko: '이름은 있지만 {type} 레코드가 없습니다.' },
  'no-data-ttl': { en: 'The name is there but has no {type} record; its SOA record lets that be remembered for {ttl}.', ko: '이름은 있지만 {type} 레코드가 없습니다. SOA 레코드에 따라 이 사실을 {ttl} 동안 기억해도 됩니다.' },
  'name-error': { en: 'The name does not exist.', ko: '존재하지 않는 이름입니다.' },
  'name-error-ttl': { en: 'The name does not exist; the SOA record lets that be remembered for {ttl}.', ko: '존재하지 않는 이름입니다. SOA 레코드에 따라 이 사실을 {ttl} 동안 기억해도 됩니다.' },
  'lame': { en: 'A lame delegation: the server is named for the zone {zone} but does not serve it, so another server is needed.', ko: '잘못된 위임입니다. {zone} 영역의 서버로 지정되었지만 실제로 담당하지 않으므로 다른 서버가 필요합니다.' },
  'server-failure': { en: 'The server could not answer, so another server is needed.', ko: '서버에서 답하지 못했으므로 다른 서버가 필요합니다.' },
  'timeout': { en: 'No answer in time: other servers are asked, then this one again, as long as tries are left.', ko: '제시간에 응답이 없어 남은 횟수 안에서 다른 서버에 묻고 이 서버에도 다시 묻습니다.' },
  'truncated': { en: 'The answer did not fit a datagram and is asked for again over TCP.', ko: '응답이 데이터그램 하나에 들어가지 않아 TCP로 다시 묻습니다.' },
  'malformed': { en: 'The answer is not used: {message}.', ko: '응답을 쓰지 않습니다: {message}.' },
  'error': { en: 'No use of this server: {message}.', ko: '이 서버에서 답을 얻지 못했습니다: {message}.' },
} satisfies Texts;
