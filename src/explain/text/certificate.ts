import type { Texts } from './text.ts';

/** What a certificate chain shows. */
export const certificateTexts = {
  'trusted': { en: 'trusted for {host}', ko: '{host} 신뢰됨' },
  'not-for': { en: 'not for {host}', ko: '{host}의 인증서가 아님' },
  'expired-chain': { en: 'expired', ko: '만료됨' },
  'not-yet-valid-chain': { en: 'not yet valid', ko: '아직 유효하지 않음' },
  'self-signed-chain': { en: 'self-signed', ko: '자체 서명됨' },
  'untrusted': { en: 'not trusted', ko: '신뢰할 수 없음' },
  'verification-off': { en: 'not verified: verification was off', ko: '검증하지 않음: 검증이 꺼져 있었습니다' },
  'verification-off-bad': { en: 'verification was off; it would have failed', ko: '검증이 꺼져 있었으며, 검증했다면 실패했을 것입니다' },

  'leaf': { en: 'the server', ko: '서버' },
  'intermediate': { en: 'intermediate', ko: '중간 인증 기관' },
  'root': { en: 'root', ko: '루트' },
  'sent': { en: 'sent by the server', ko: '서버에서 보냄' },
  'not-sent': { en: 'not sent', ko: '보내지 않음' },
  'trusted-from': { en: 'trusted from {store}', ko: '신뢰 출처: {store}' },

  'days-left': { en: '{count} days left', ko: '{count}일 남음' },
  'day-left': { en: '1 day left', ko: '1일 남음' },
  'hours-left': { en: '{count} h left', ko: '{count}시간 남음' },
  'expired': { en: 'expired {count} days ago', ko: '{count}일 전 만료' },
  'expired-day': { en: 'expired a day ago', ko: '하루 전 만료' },
  'expired-today': { en: 'expired less than a day ago', ko: '만료된 지 하루가 지나지 않음' },
  'starts': { en: 'starts in {count} days', ko: '{count}일 뒤 시작' },

  'name-matches': { en: 'name matches `{name}`', ko: '`{name}` 이름과 일치' },
  'names-are': { en: 'for {names}', ko: '{names} 인증서' },
  'name-differs': { en: 'for {names}, not for `{host}`', ko: '{names} 인증서이며 `{host}` 이름은 없음' },
} satisfies Texts;
