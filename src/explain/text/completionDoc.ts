import type { Texts } from './text.ts';

/** What the remaining items of the completion list put in, one sentence each. */
export const completionDocTexts = {
  'get': { en: 'A GET request that asks for JSON.', ko: 'JSON을 요청하는 GET 요청입니다.' },
  'post-json': { en: 'A POST request with a JSON body.', ko: 'JSON 본문이 있는 POST 요청입니다.' },
  'post-form': { en: 'A POST request with the fields of a form.', ko: '양식 필드를 보내는 POST 요청입니다.' },
  'post-multipart': { en: 'A POST request that uploads a file as a part of a form.', ko: '양식의 일부로 파일을 올리는 POST 요청입니다.' },
  'post-file': { en: 'A POST request with a file as its body.', ko: '파일을 본문으로 보내는 POST 요청입니다.' },
  'put-json': { en: 'A PUT request with a JSON body.', ko: 'JSON 본문이 있는 PUT 요청입니다.' },
  'patch-json': { en: 'A PATCH request with the members to change.', ko: '바꿀 멤버를 보내는 PATCH 요청입니다.' },
  'graphql': { en: 'A GraphQL query.', ko: 'GraphQL 쿼리입니다.' },
  'soap': { en: 'A SOAP 1.2 message.', ko: 'SOAP 1.2 메시지입니다.' },
  'variable': { en: 'A variable of this file; `{{name}}` puts its value in.', ko: '이 파일의 변수입니다. `{{name}}`으로 값을 넣습니다.' },
  'name': { en: 'A name, so that other requests can use the response.', ko: '다른 요청에서 응답을 쓸 수 있도록 이름을 붙입니다.' },
  'import': { en: "Another file's variables and named requests.", ko: '다른 파일의 변수와 이름 있는 요청을 가져옵니다.' },
  'origin': { en: 'Used by another request of this file.', ko: '이 파일의 다른 요청에서 쓰는 출처입니다.' },
  'url': { en: 'The URL of another request of this file.', ko: '이 파일에 있는 다른 요청의 URL입니다.' },
  'request': { en: 'A named request: something out of its last response.', ko: '이름 있는 요청입니다. 마지막 응답에서 값을 가져옵니다.' },
  'response': { en: 'What came back last time.', ko: '마지막으로 받은 응답입니다.' },
  'body': { en: 'The content.', ko: '콘텐츠입니다.' },
  'headers': { en: 'The headers, by name.', ko: '이름으로 찾는 헤더입니다.' },
  'cookies': { en: 'The cookies that were set, by name.', ko: '이름으로 찾는, 설정된 쿠키입니다.' },
  'status': { en: 'The status code.', ko: '상태 코드입니다.' },
  'json-path': { en: 'A value in the JSON of the body, by JSONPath (RFC 9535).', ko: '본문의 JSON에서 JSONPath로 찾는 값입니다(RFC 9535).' },
  'whole-body': { en: 'The whole body.', ko: '본문 전체입니다.' },
} satisfies Texts;
