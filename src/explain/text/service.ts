import type { Texts } from './text.ts';

/** What was made of HTTPS records (RFC 9460). */
export const serviceTexts = {
  'title': { en: 'HTTPS records', ko: 'HTTPS 레코드' },
  'used-endpoint': { en: 'The connection goes to {target}, port {port}, as the HTTPS record says (RFC 9460). The certificate must still fit the name of the URL.', ko: 'HTTPS 레코드(RFC 9460)에 따라 연결합니다. 대상: {target}, 포트: {port}. 인증서는 여전히 URL의 이름과 맞아야 합니다.' },
  'used-same': { en: 'The HTTPS record (RFC 9460) confirms the origin itself: same host, same port.', ko: 'HTTPS 레코드(RFC 9460)가 가리키는 곳은 원래 호스트와 포트 그대로입니다.' },
  'used-none': { en: 'No HTTPS record was used: the connection goes to the origin itself.', ko: 'HTTPS 레코드를 쓰지 않고 원래 출처로 연결합니다.' },
  'protocols': { en: 'It offers {protocols} there. That chooses TLS over TCP; which version of HTTP is spoken is agreed in the handshake, whose offer stays whole (§7.1.2).', ko: '그곳에서 제공하는 프로토콜: {protocols}. 이에 따라 TCP 위의 TLS를 고르며, HTTP 버전은 핸드셰이크에서 정하므로 제안은 그대로입니다(§7.1.2).' },
  'hinted': { en: 'The addresses are hints of the record, as no answer had any in time (§7.3).', ko: '제때 받은 주소 응답이 없어 레코드의 힌트 주소를 씁니다(§7.3).' },
  'aliases': { en: 'AliasMode records led on to {aliases} (§2.4.2).', ko: 'AliasMode 레코드를 따라간 이름: {aliases} (§2.4.2).' },
  'used': { en: 'used', ko: '사용함' },
  'not-used': { en: 'not used', ko: '사용 안 함' },
  'because-alias-loop': { en: 'its aliases have no end', ko: '별칭이 끝없이 이어집니다' },
  'because-mandatory': { en: 'it must not be used without understanding {about} (§8)', ko: '다음 키를 이해해야 쓸 수 있습니다: {about} (§8)' },
  'because-inconsistent': { en: 'it contradicts itself: it needs {about}, which it does not have (§2.4.3)', ko: '레코드의 내용이 서로 모순됩니다. 있어야 할 키가 없습니다: {about} (§2.4.3)' },
  'because-protocols': { en: 'none of {about} is spoken here over TCP (§7.1.2)', ko: 'TCP로 쓸 수 있는 프로토콜이 없습니다: {about} (§7.1.2)' },
  'because-priority': { en: 'another record has a better priority (§2.4.1)', ko: '우선순위가 더 높은 레코드가 있습니다(§2.4.1)' },
  'because-drawn': { en: 'another record of the same priority was drawn by lot (§2.4.1)', ko: '우선순위가 같은 다른 레코드를 무작위로 골랐습니다(§2.4.1)' },
  'because-no-address': { en: 'its target has no address', ko: '대상에 주소가 없습니다' },
  'because-unreachable': { en: 'nobody answered there, so the next or the origin itself was tried (§3.1)', ko: '응답이 없어 다음 대상이나 원래 출처로 연결을 시도했습니다(§3.1)' },
  'because-port': { en: 'nothing can be reached at port {about}', ko: '연결할 수 없는 포트입니다: {about}' },
  'because-only-shown': { en: 'HTTPS records are only shown here, as the setting or @dns says', ko: '설정이나 @dns에 따라 HTTPS 레코드를 표시만 합니다' },
  'because-late': { en: 'it came more than 50 ms after the addresses, and nobody waited', ko: '주소보다 50ms 넘게 늦게 와서 기다리지 않았습니다' },
  'because-malformed': { en: 'a record of the set is malformed, which spoils all of them (§2.2)', ko: '형식이 잘못된 레코드가 있어 전체를 쓰지 않습니다(§2.2)' },
  'because-plain': { en: 'the request goes over http:, as it was typed', ko: '입력한 대로 http:로 보내는 요청입니다' },
} satisfies Texts;
