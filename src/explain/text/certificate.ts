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
  'starts-day': { en: 'starts within a day', ko: '하루 안에 시작' },
  'starts': { en: 'starts in {count} days', ko: '{count}일 뒤 시작' },

  'name-matches': { en: 'name matches `{name}`', ko: '`{name}` 이름과 일치' },
  'names-are': { en: 'for {names}', ko: '{names} 인증서' },
  'name-differs': { en: 'for {names}, not for `{host}`', ko: '{names} 인증서이며 `{host}` 이름은 없음' },
  'name-other-kind': { en: 'only DNS names and addresses count', ko: 'DNS 이름과 주소만 인정됨' },
  'name-malformed': { en: 'not a DNS name', ko: 'DNS 이름이 아님' },
  'name-address-as-name': {
    en: 'an address written as a DNS name; it counts only as an address (iPAddress)',
    ko: 'DNS 이름으로 적힌 주소이며, 주소 항목(iPAddress)일 때만 인정됨',
  },
  'name-wildcard-place': {
    en: 'a wildcard counts only once, in the first label', ko: '와일드카드는 첫 레이블에 하나만 인정됨',
  },
  'name-wildcard-wide': {
    en: 'a wildcard right below a top-level domain does not count',
    ko: '최상위 도메인 바로 아래의 와일드카드는 인정되지 않음',
  },
  'name-wildcard-label': {
    en: 'a wildcard stands for exactly one label', ko: '와일드카드는 정확히 레이블 하나를 대신함',
  },
  'name-wildcard-partial': {
    en: 'accepted here, but a wildcard should be a whole label (RFC 9525 §6.3): other clients may refuse',
    ko: '여기서는 받아들였지만 와일드카드는 레이블 전체여야 하므로(RFC 9525 §6.3) 거부하는 클라이언트도 있음',
  },
  'name-common-name': {
    en: 'the common name, as the certificate holds no DNS name; RFC 9525 no longer allows that, and browsers refuse',
    ko: '인증서에 DNS 이름이 없어 일반 이름(CN)으로 판단함. RFC 9525에서는 더 이상 허용하지 않으며 브라우저에서는 거부함',
  },
  'name-common-name-ignored': {
    en: 'the common name does not count beside DNS names', ko: 'DNS 이름이 있으면 일반 이름(CN)은 인정되지 않음',
  },
  'name-common-name-address': {
    en: 'an address in the common name does not count', ko: '일반 이름(CN)에 적힌 주소는 인정되지 않음',
  },

  'store-system': { en: 'the operating system', ko: '운영 체제' },
  'store-bundled': { en: 'Mozilla’s list in Node.js', ko: 'Node.js에 포함된 Mozilla 목록' },
  'store-lab': { en: 'the lab', ko: '랩' },
  'store-setting': { en: '{file}, which your setting {setting} names', ko: '사용자 설정 {setting}에 지정한 {file}' },
  'store-environment': { en: 'the file named by {variable}', ko: '{variable} 환경 변수의 파일' },

  'sent-in-place': { en: 'in its place', ko: '순서에 맞음' },
  'sent-root': { en: 'the root, which need not be sent', ko: '루트, 보내지 않아도 됨' },
  'sent-twice': { en: 'sent before already', ko: '이미 보낸 인증서' },
  'sent-misplaced': { en: 'out of order', ko: '순서가 어긋남' },
  'sent-cross-signed': {
    en: 'by {issuer}, for clients that do not know the authority itself',
    ko: '{issuer} 기관에서 발급, 이 인증 기관을 직접 알지 못하는 클라이언트용',
  },
  'sent-superfluous': { en: 'not part of the chain', ko: '체인에 속하지 않음' },
  'chain-order': {
    en: 'Each certificate should be followed by the one of its issuer (RFC 8446 §4.4.2). The server sent them in another order: some clients cannot read that.',
    ko: '각 인증서 다음에는 발급자의 인증서가 와야 합니다(RFC 8446 §4.4.2). 서버에서 다른 순서로 보냈으므로 읽지 못하는 클라이언트도 있습니다.',
  },
  'chain-superfluous': {
    en: '{count} of the certificates sent are not needed. They make each handshake longer.',
    ko: '보낸 인증서 중 {count}개는 필요하지 않습니다. 핸드셰이크마다 전송량만 늘어납니다.',
  },
  'chain-superfluous-one': {
    en: 'One of the certificates sent is not needed. It makes each handshake longer.',
    ko: '보낸 인증서 중 하나는 필요하지 않습니다. 핸드셰이크마다 전송량만 늘어납니다.',
  },
  'chain-missing': {
    en: '`{subject}` was issued by `{issuer}`, whose certificate the server did not send and no store here holds. If it is an intermediate, the server has to send it (RFC 8446 §4.4.2).',
    ko: '`{subject}` 인증서는 `{issuer}` 기관에서 발급했지만, 그 기관의 인증서를 서버에서 보내지 않았고 이 컴퓨터의 저장소에도 없습니다. 중간 인증서라면 서버에서 보내야 합니다(RFC 8446 §4.4.2).',
  },
  'chain-missing-url': {
    en: 'The certificate says where it can be had: {url} (not fetched).',
    ko: '인증서에 적힌 받을 수 있는 주소: {url} (가져오지 않음)',
  },
  'chain-known-here': {
    en: 'The server did not send the certificate of `{subject}`. It was found in a store here; other clients may not know it, and refuse.',
    ko: '서버에서 `{subject}` 인증서를 보내지 않았습니다. 이 컴퓨터의 저장소에서 찾았지만, 모르는 클라이언트에서는 거부할 수 있습니다.',
  },
  'staple-missing': {
    en: 'The certificate demands a stapled OCSP status with each handshake (RFC 7633), and the server sent none.',
    ko: '이 인증서는 핸드셰이크마다 OCSP 상태를 함께 보내도록 요구하지만(RFC 7633) 서버에서 보내지 않았습니다.',
  },
  'staple-other': {
    en: 'The status that the server sent is that of another certificate. Clients that look at it may refuse.',
    ko: '서버에서 보낸 상태는 다른 인증서의 것입니다. 이를 확인하는 클라이언트에서는 거부할 수 있습니다.',
  },
  'staple-revoked': {
    en: 'The status that the server itself sent says that the certificate was revoked on {date}.',
    ko: '서버에서 직접 보낸 상태에 따르면 이 인증서는 폐기되었습니다(폐기 일시: {date}).',
  },
  'staple-old': { en: 'The stapled status was valid until {date}.', ko: '함께 보낸 상태의 유효 기간이 지났습니다(기한: {date}).' },

  'error-expired': { en: 'a certificate of the chain has expired', ko: '체인의 인증서가 만료됨' },
  'error-not-yet-valid': { en: 'a certificate of the chain is not yet valid', ko: '체인의 인증서가 아직 유효하지 않음' },
  'error-self-signed': { en: 'the certificate vouches for itself', ko: '인증서가 자기 자신을 보증함' },
  'error-unknown-root': { en: 'it leads to a root that is not trusted here', ko: '신뢰하지 않는 루트로 이어짐' },
  'error-unknown-issuer': { en: 'an issuer is not known here', ko: '발급자를 알 수 없음' },
  'error-signature': { en: 'a signature of the chain is wrong', ko: '체인의 서명이 잘못됨' },
  'error-purpose': { en: 'a certificate is not meant for this', ko: '이 용도의 인증서가 아님' },
  'error-revoked': { en: 'a certificate has been revoked', ko: '인증서가 폐기됨' },
  'error-weak-key': { en: "the server's key is too weak", ko: '서버의 키가 너무 약함' },
  'error-weak-authority-key': { en: "an authority's key is too weak", ko: '인증 기관의 키가 너무 약함' },
  'error-weak-signature': { en: 'a signature of the chain is too weak', ko: '체인의 서명이 너무 약함' },
  'error-other': { en: 'the chain is not trusted', ko: '신뢰할 수 없는 체인' },
} satisfies Texts;
