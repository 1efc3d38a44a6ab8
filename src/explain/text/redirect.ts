import type { Texts } from './text.ts';

/** What a redirect changes in the request that follows it (RFC 9110 §15.4). */
export const redirectTexts = {
  'asked-300': { en: '300 offers several places; choosing one is left to you.', ko: '300 응답은 여러 곳을 제시하며, 고르는 일은 사용자에게 맡깁니다.' },
  'asked-301': { en: '301 says that it has moved for good. `POST` becomes `GET`, as it has always been done; other methods stay, with their content (RFC 9110 §15.4.2).', ko: '301 응답은 영구히 옮겼음을 뜻합니다. 관례에 따라 `POST` 메서드는 `GET`으로 바꾸고, 다른 메서드는 콘텐츠와 함께 그대로 둡니다(RFC 9110 §15.4.2).' },
  'asked-301-kept': { en: '301 says that it has moved for good; `{method}` stays as it is (RFC 9110 §15.4.2).', ko: '301 응답은 영구히 옮겼음을 뜻하며, `{method}` 메서드는 그대로 둡니다(RFC 9110 §15.4.2).' },
  'asked-302': { en: '302 says that it is elsewhere for now. `POST` becomes `GET`, as it has always been done; other methods stay, with their content (RFC 9110 §15.4.3).', ko: '302 응답은 잠시 다른 곳에 있음을 뜻합니다. 관례에 따라 `POST` 메서드는 `GET`으로 바꾸고, 다른 메서드는 콘텐츠와 함께 그대로 둡니다(RFC 9110 §15.4.3).' },
  'asked-302-kept': { en: '302 says that it is elsewhere for now; `{method}` stays as it is (RFC 9110 §15.4.3).', ko: '302 응답은 잠시 다른 곳에 있음을 뜻하며, `{method}` 메서드는 그대로 둡니다(RFC 9110 §15.4.3).' },
  'asked-303': { en: '303 says where to look for the outcome: with `GET` (or `HEAD`), without content (RFC 9110 §15.4.4).', ko: '303 응답은 결과를 확인할 곳을 알려 줍니다. 콘텐츠 없이 `GET`(또는 `HEAD`) 메서드로 요청합니다(RFC 9110 §15.4.4).' },
  'asked-305': { en: '305 names a proxy to use. It is deprecated and never followed, since anybody could name one (RFC 9110 §15.4.6).', ko: '305 응답은 사용할 프록시를 지정합니다. 누구나 지정할 수 있어 폐기되었으며 따르지 않습니다(RFC 9110 §15.4.6).' },
  'asked-306': { en: '306 is no longer used, and not followed (RFC 9110 §15.4.7).', ko: '306 응답은 더 이상 쓰지 않으며 따르지 않습니다(RFC 9110 §15.4.7).' },
  'asked-307': { en: '307 says that it is elsewhere for now, for the same method with the same content (RFC 9110 §15.4.8).', ko: '307 응답은 잠시 다른 곳에 있음을 뜻하며, 같은 메서드와 같은 콘텐츠로 요청합니다(RFC 9110 §15.4.8).' },
  'asked-308': { en: '308 says that it has moved for good, for the same method with the same content (RFC 9110 §15.4.9).', ko: '308 응답은 영구히 옮겼음을 뜻하며, 같은 메서드와 같은 콘텐츠로 요청합니다(RFC 9110 §15.4.9).' },
  'sent-because': { en: 'Sent because `{request}` answered {status} with `Location: {location}`.', ko: '`{request}` 요청에 {status} 응답과 `Location: {location}` 필드가 와서 보냈습니다.' },
  'unchanged': { en: 'Nothing else of the request changed.', ko: '요청의 다른 부분은 바뀌지 않았습니다.' },
  'not-followed': { en: 'It was not followed, as this request asks.', ko: '이 요청의 설정에 따라 따라가지 않았습니다.' },
  'without-location': { en: 'It has no `Location`, so there is nowhere to go.', ko: '`Location` 필드가 없어 따라갈 곳이 없습니다.' },
  'secret-body': { en: 'The body went along to another origin, and it holds a secret value: be sure that this is meant.', ko: '비밀 값이 든 본문을 다른 출처로 보냈습니다. 의도한 것인지 확인하십시오.' },
  'secret-messages': { en: 'The messages of this WebSocket went along to another origin, and one holds a secret value: be sure that this is meant.', ko: '비밀 값이 든 WebSocket 메시지를 다른 출처로 보냈습니다. 의도한 것인지 확인하십시오.' },
  'method': { en: 'The method: `{from}` became `{to}`.', ko: '메서드: `{from}` → `{to}`' },
  'body': { en: 'The body was left out, with the fields that describe it.', ko: '본문과 본문을 설명하는 필드를 뺐습니다.' },
  'trailers': { en: 'The trailers were left out: they belong to the body (RFC 9110 §6.5).', ko: '트레일러를 뺐습니다. 트레일러는 본문에 딸린 필드입니다(RFC 9110 §6.5).' },
  'origin': { en: 'The origin: from `{from}` to `{to}`.', ko: '출처(origin): `{from}` → `{to}`' },
  'scheme': { en: 'The connection is no longer encrypted: `{from}` became `{to}`.', ko: '연결이 더 이상 암호화되지 않습니다: `{from}` → `{to}`' },
  'field': { en: '`{from}` was left out, because credentials stop at another origin.', ko: '인증 정보는 다른 출처로 보내지 않으므로 `{from}` 필드를 뺐습니다.' },
  'certificate': { en: 'The client certificate stayed behind, because credentials stop at another origin.', ko: '인증 정보는 다른 출처로 보내지 않으므로 클라이언트 인증서를 제시하지 않습니다.' },
  'proxy': { en: 'The proxy: from `{from}` to `{to}`.', ko: '프록시: `{from}` → `{to}`' },
} satisfies Texts;
