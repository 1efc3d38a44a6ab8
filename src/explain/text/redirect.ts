import type { Texts } from './text.ts';

/** What a redirect changes in the request that follows it (RFC 9110 §15.4). */
export const redirectTexts = {
  'method': { en: 'The method: `{from}` became `{to}`.', ko: '메서드: `{from}` → `{to}`' },
  'body': { en: 'The body was left out, with the fields that describe it.', ko: '본문과 본문을 설명하는 필드를 뺐습니다.' },
  'origin': { en: 'The origin: from `{from}` to `{to}`.', ko: '출처(origin): `{from}` → `{to}`' },
  'scheme': { en: 'The connection is no longer encrypted: `{from}` became `{to}`.', ko: '연결이 더 이상 암호화되지 않습니다: `{from}` → `{to}`' },
  'field': { en: '`{from}` was left out, because credentials stop at another origin.', ko: '인증 정보는 다른 출처로 보내지 않으므로 `{from}` 필드를 뺐습니다.' },
  'certificate': { en: 'The client certificate stayed behind, because credentials stop at another origin.', ko: '인증 정보는 다른 출처로 보내지 않으므로 클라이언트 인증서를 제시하지 않습니다.' },
  'proxy': { en: 'The proxy: from `{from}` to `{to}`.', ko: '프록시: `{from}` → `{to}`' },
} satisfies Texts;
