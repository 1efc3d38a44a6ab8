import type { Texts } from './text.ts';

/** What was asked of TLS, and what became of it: sessions, versions, certificates of our own. */
export const tlsAskedTexts = {
  'session-resumed': {
    en: 'resumed from {age} ago: took {now}, the full handshake {before}; {size} of certificates not sent again',
    ko: '{age} 전 세션에서 재개: {now} 소요(전체 핸드셰이크: {before}), 인증서 {size} 재전송 생략',
  },
  'session-resumed-plain': { en: 'resumed from an earlier one', ko: '이전 세션에서 재개' },
  'session-full': { en: 'full handshake', ko: '전체 핸드셰이크' },
  'versions-chosen': { en: '{versions}, as asked for', ko: '{versions}(지정한 범위)' },
  'presented': { en: 'asked for, and presented: `{name}` from {label}', ko: '서버에서 요구하여 제시함: {label} 파일의 `{name}` 인증서' },
  'not-asked-again': {
    en: 'not asked for again: the resumed session stands for the one of the full handshake',
    ko: '다시 요구하지 않음: 재개한 세션이 전체 핸드셰이크의 인증서를 대신합니다',
  },
  'not-asked': { en: 'not asked for, so {label} was not presented', ko: '서버에서 요구하지 않아 {label} 파일을 제시하지 않음' },
  'not-asked-none': { en: 'not asked for', ko: '서버에서 요구하지 않음' },
  'absent-none': { en: 'asked for, and none was presented: none is named for this host', ko: '서버에서 요구했지만 이 호스트용 인증서가 지정되지 않아 제시하지 않음' },
  'absent-request': { en: 'asked for, and none was presented: `# @no-client-cert` says so', ko: '서버에서 요구했지만 `# @no-client-cert`에 따라 제시하지 않음' },
  'absent-other-origin': {
    en: 'asked for, and none was presented: it stays with the origin that redirected here',
    ko: '서버에서 요구했지만 리디렉션한 출처의 인증서이므로 제시하지 않음',
  },
  'accepts': { en: 'It accepts certificates of {names}.', ko: '받아들이는 발급자: {names}.' },
  'accepts-more': { en: '{names} and {count} more', ko: '{names} 외 {count}개' },
  'accepts-any': { en: 'It names no authority whose certificates it accepts.', ko: '받아들이는 발급자를 밝히지 않았습니다.' },
} satisfies Texts;
