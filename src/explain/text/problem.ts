import type { Texts } from './text.ts';

/** What each problem of a request file says: what is wrong, and what to do next. */
export const problemTexts = {
  // the file
  'file-too-large': {
    en: 'This file is larger than {limit}, so its requests are not read. Split it into several files.',
    ko: '파일이 {limit}보다 커서 요청을 읽지 않았습니다. 파일을 여러 개로 나누십시오.',
  },

  // blocks
  'separator-missing': {
    en: 'A request starts here without a separator. Put a line ### before it.',
    ko: '구분선 없이 새 요청이 시작됩니다. 이 줄 앞에 ### 줄을 넣으십시오.',
  },
  'no-request-line': {
    en: 'This block has a header but no request line, so nothing is sent. Start it with a line such as GET https://example.com/.',
    ko: '이 블록에는 헤더만 있고 요청 줄이 없어 아무것도 보내지 않습니다. GET https://example.com/ 같은 줄로 시작하십시오.',
  },
  'not-a-request': {
    en: 'This line is neither a URL nor a request line, so nothing is sent. Start it with # to make it a comment.',
    ko: '이 줄은 URL도 요청 줄도 아니어서 아무것도 보내지 않습니다. 주석이라면 줄 앞에 #을 붙이십시오.',
  },
  'foreign-command': {
    en: 'This is a command for {program}, which is not read, so nothing is sent. Copy the request as cURL and paste that here.',
    ko: '이 명령({program})은 읽지 않으므로 보내지 않습니다. 요청을 cURL로 복사하여 여기에 붙여 넣으십시오.',
  },
  'loose-request-line': {
    en: 'The whole line is read as the URL of a GET request. Write a method and an absolute URL to be clear.',
    ko: '줄 전체를 GET 요청의 URL로 읽었습니다. 메서드와 전체 URL을 적으면 분명해집니다.',
  },
  'comment-not-closed': {
    en: 'This comment is never closed, so the rest of the block is ignored. End it with */.',
    ko: '주석이 닫히지 않아 블록의 나머지를 무시합니다. */로 끝내십시오.',
  },
  'script-not-closed': {
    en: 'This script is not closed before the next separator, so nothing is sent. End it with a line %}.',
    ko: '다음 구분선 전에 스크립트가 닫히지 않아 보내지 않습니다. %} 줄로 끝내십시오.',
  },
  'js-block-not-closed': {
    en: 'This block of JavaScript is not closed, so it is taken to end before the next request line. End it with a line }}.',
    ko: '자바스크립트 블록이 닫히지 않아 다음 요청 줄 앞에서 끝난 것으로 읽었습니다. }} 줄로 끝내십시오.',
  },

  // the request line
  'url-missing': {
    en: 'There is no URL after {method}. Write one, such as https://example.com/.',
    ko: '{method} 뒤에 URL이 없습니다. https://example.com/ 같은 URL을 적으십시오.',
  },
  'url-quoted': {
    en: 'The URL is written in quotes or brackets. Remove them.',
    ko: 'URL이 따옴표나 꺾쇠로 둘러싸여 있습니다. 따옴표와 꺾쇠를 지우십시오.',
  },
  'url-space': {
    en: 'Spaces in the URL are sent as %20.',
    ko: 'URL의 공백은 %20으로 바꾸어 보냅니다.',
  },
  'scheme-missing': {
    en: 'No scheme is written, so this is sent to {url}. Write https:// for an encrypted connection.',
    ko: '스킴이 없어 http:로 보냅니다: {url}. 암호화하려면 https://를 적으십시오.',
  },
  'http-version-unknown': {
    en: '{version} is not a known version and is ignored. Use HTTP/1.0, HTTP/1.1, HTTP/2 or HTTP/2 (Prior Knowledge).',
    ko: '알 수 없는 버전이라 무시합니다: {version}. HTTP/1.0, HTTP/1.1, HTTP/2, HTTP/2 (Prior Knowledge) 중에서 고르십시오.',
  },
  'http-3-unsupported': {
    en: 'HTTP/3 is not supported yet, so the version is negotiated as if none were written. Use HTTP/2 or HTTP/1.1.',
    ko: 'HTTP/3은 아직 지원하지 않아 버전을 적지 않은 것처럼 협상합니다. HTTP/2나 HTTP/1.1을 사용하십시오.',
  },
  'query-after-header': {
    en: 'This query line stands after a header. It is added to the URL; move it below the request line.',
    ko: '쿼리 줄이 헤더 뒤에 있습니다. URL에 붙여 보내지만, 요청 줄 바로 아래로 옮기는 것이 좋습니다.',
  },
  'curl-quote-not-closed': {
    en: 'This quote of the curl command is never closed, so the command cannot be read. Close it.',
    ko: 'curl 명령의 따옴표가 닫히지 않아 명령을 읽을 수 없습니다. 따옴표를 닫으십시오.',
  },
  'curl-option-unsupported': {
    en: 'Not supported in a curl command: {option}. Without it another request would be sent, so nothing is. Remove it to send the rest.',
    ko: 'curl 명령에서 지원하지 않습니다: {option}. 빼고 보내면 다른 요청이 되므로 보내지 않습니다. 나머지만 보내려면 지우십시오.',
  },
  'curl-option-ignored': {
    en: 'Left out of the curl command: {options}. The request is sent without it; remove it or write a request instead.',
    ko: 'curl 명령에서 다음은 반영하지 않고 보냅니다: {options}. 지우거나 요청으로 바꾸어 적으십시오.',
  },
  'curl-output-ignored': {
    en: 'Left out of the curl command, as the response is shown in the inspector and can be saved from there: {options}.',
    ko: '응답은 인스펙터에 표시되고 거기에서 저장할 수 있어 curl 명령에서 다음은 반영하지 않습니다: {options}.',
  },
  'curl-variable': {
    en: 'Read from the variables of this computer when the command is sent, in trusted workspaces: {names}.',
    ko: '보낼 때 이 컴퓨터의 환경 변수에서 읽습니다(신뢰하는 작업 영역에서만): {names}.',
  },
  'shell-value-unknown': {
    en: 'Only a shell knows the value of {text}, and none is run here, so nothing is sent. Write the value itself, or the name of a variable: {{name}}.',
    ko: '셸만 알 수 있는 값이며 여기서는 셸을 실행하지 않아 보내지 않습니다: {text}. 값을 직접 적거나 {{name}} 같은 변수를 사용하십시오.',
  },
  'curl-line-ignored': {
    en: 'This line does not belong to the curl command before it and is not sent. End the line before it with \\ or put ### between them.',
    ko: '앞의 curl 명령에 속하지 않는 줄이라 보내지 않습니다. 앞줄을 \\로 끝내거나 사이에 ###을 넣으십시오.',
  },

  // headers
  'header-without-colon': {
    en: '“{name}” has no colon and is not sent. Write a header as Name: value.',
    ko: '콜론이 없어 보내지 않습니다: {name}. 헤더는 이름: 값 형식으로 적으십시오.',
  },
  'space-before-colon': {
    en: 'The space before the colon of {name} is not sent: no space may stand there (RFC 9112 §5.1). Remove it.',
    ko: '{name} 헤더의 콜론 앞 공백은 보내지 않습니다. 그 자리에는 공백을 둘 수 없으니(RFC 9112 §5.1) 지우십시오.',
  },
  'blank-line-missing': {
    en: 'This line is no header, so the body starts here. Put a blank line before it.',
    ko: '헤더가 아니어서 여기부터 본문으로 읽습니다. 이 줄 앞에 빈 줄을 넣으십시오.',
  },
  'header-name-space': {
    en: '“{name}” cannot be a header: names have no spaces. Everything from here on is sent as the body. Write {hyphenated} if you mean that header.',
    ko: '“{name}”: 헤더 이름에는 공백을 쓸 수 없어 여기부터 모두 본문으로 보냅니다. 헤더라면 {hyphenated}처럼 적으십시오.',
  },
  'header-after-blank-line': {
    en: 'This looks like a header but stands after a blank line, so it is sent as body. Remove the blank line before it.',
    ko: '헤더처럼 보이지만 빈 줄 뒤에 있어 본문으로 보냅니다. 앞의 빈 줄을 지우십시오.',
  },

  // bodies
  'comment-stripped': {
    en: 'Comment lines are not sent as part of this body. Add # @raw-body above the request to keep them.',
    ko: '본문의 주석 줄은 보내지 않습니다. 그대로 보내려면 요청 위에 # @raw-body 줄을 넣으십시오.',
  },
  'trailing-comment-sent': {
    en: 'The comment at the end of this line is sent with the body. Move it to a line of its own.',
    ko: '줄 끝의 주석은 본문과 함께 보냅니다. 주석을 별도의 줄로 옮기십시오.',
  },
  'block-comment-sent': {
    en: 'The comment /* … */ on this line is sent with the body. Write it on a line of its own that starts with //.',
    ko: '이 줄의 /* … */ 주석은 본문과 함께 보냅니다. //로 시작하는 별도의 줄로 적으십시오.',
  },
  'indented-include': {
    en: 'This line is indented, so it is sent as text. Move < to the first column to send the file.',
    ko: '들여쓴 줄이라 글자 그대로 보냅니다. 파일을 보내려면 <를 줄 맨 앞으로 옮기십시오.',
  },

  // metadata
  'metadata-without-request': {
    en: '@{key} belongs to no request: no request line follows before the next separator. Move it next to its request.',
    ko: '다음 구분선 전에 요청 줄이 없어 @{key}에 해당하는 요청이 없습니다. 요청 바로 위로 옮기십시오.',
  },
  'metadata-ignored': {
    en: '@{key} is known from other tools but has no effect here yet.',
    ko: '@{key} 설정은 다른 도구에서 쓰이지만 여기서는 아직 적용되지 않습니다.',
  },
  'metadata-misspelt': {
    en: '@{key} is not known, so this line is only a comment. Write @{nearest} if that is meant.',
    ko: '알 수 없는 설정이라 주석으로만 봅니다: @{key}. @{nearest}의 오타가 아닌지 확인하십시오.',
  },
  'metadata-unknown': {
    en: '@{key} is not known, so this line is only a comment. Check its spelling, or take out the @.',
    ko: '알 수 없는 설정이라 주석으로만 봅니다: @{key}. 철자를 확인하거나 @를 지우십시오.',
  },
  'request-disabled': {
    en: 'This request is left out when all are sent. Send it by itself, or remove the line to include it.',
    ko: '모두 보낼 때 이 요청은 제외됩니다. 따로 보내거나, 포함하려면 이 줄을 지우십시오.',
  },
  'metadata-no-value': {
    en: '@{key} has no value and is ignored. Write the value after it.',
    ko: '@{key}에 값이 없어 무시합니다. 뒤에 값을 적으십시오.',
  },
  'timeout-invalid': {
    en: '“{value}” is not a time for @{key} and is ignored. Write a number of seconds, or a unit: 500 ms, 5 s, 2 m.',
    ko: '@{key}의 시간으로 읽을 수 없어 무시합니다: {value}. 초 단위 숫자나 500 ms, 5 s, 2 m처럼 적으십시오.',
  },
  'timeout-large': {
    en: '@{key} counts in seconds, so {value} is a long time. Write {value} ms if milliseconds are meant.',
    ko: '@{key}의 단위는 초이므로 {value}초는 매우 긴 시간입니다. 밀리초라면 {value} ms로 적으십시오.',
  },
  'name-twice': {
    en: 'This request has several names; the last one, {name}, counts. Remove the others.',
    ko: '요청에 이름이 여러 개 있어 마지막 이름을 사용합니다: {name}. 나머지는 지우십시오.',
  },
  'name-duplicate': {
    en: 'The request on line {line} is called {name} too. Give each request its own name.',
    ko: '{line}번째 줄의 요청도 이름이 같습니다: {name}. 요청마다 다른 이름을 붙이십시오.',
  },

  // variables
  'variable-name-space': {
    en: 'The name of a variable has no spaces, so “{name}” is not defined. Write @{joined} = value, and the same name where it is used.',
    ko: '변수 이름에는 공백을 쓸 수 없어 정의하지 않았습니다: “{name}”. @{joined} = 값처럼 적고, 쓰는 곳에도 같은 이름을 적으십시오.',
  },
  'variable-equals-missing': {
    en: 'A line that starts with @ defines a variable, but = is missing, so it is not read. Write @{name} = value, or start the line with # if it is a comment.',
    ko: '@로 시작하는 줄은 변수를 정의하는데 =가 없어 읽지 않았습니다. @{name} = 값처럼 적고, 주석이라면 줄 앞에 #을 붙이십시오.',
  },
  'variable-redefined': {
    en: '{name} has another value on line {line}. A request takes the nearest definition above it.',
    ko: '{line}번째 줄에서 이미 다른 값으로 정의한 변수입니다: {name}. 요청은 바로 위의 가장 가까운 정의를 사용합니다.',
  },
  'variable-quotes': {
    en: 'The quotes are part of the value of {name}. Remove them if they are not meant to be sent.',
    ko: '따옴표도 변수 값의 일부로 보냅니다: {name}. 보낼 뜻이 아니라면 지우십시오.',
  },
  'variable-path-escaped': {
    en: 'In the value of {name}, \\n, \\r and \\t stand for a line end or a tab. Write \\\\ for each backslash of the path, or use slashes.',
    ko: '{name} 값의 \\n, \\r, \\t는 줄 바꿈이나 탭으로 바뀝니다. 경로의 역슬래시는 \\\\로 적거나 /를 사용하십시오.',
  },
  'variable-unclosed': {
    en: 'The URL has “{{” without the “}}” that ends a variable, so nothing is sent. Close the variable.',
    ko: 'URL에 “}}”로 닫지 않은 “{{” 변수가 있어 보내지 않습니다. 변수를 닫으십시오.',
  },
  'variable-cycle': {
    en: 'These variables need each other: {path}. Give one of them a value of its own.',
    ko: '변수가 서로를 참조합니다: {path}. 그중 하나에 값을 직접 적으십시오.',
  },

  // recognised and never sent
  'script-not-run': {
    en: 'Scripts are not run yet, and never sent.',
    ko: '스크립트는 아직 실행하지 않으며, 보내지도 않습니다.',
  },
  'js-block-not-run': {
    en: 'JavaScript blocks are not run, and never sent.',
    ko: '자바스크립트 블록은 실행하지 않으며, 보내지도 않습니다.',
  },
  'assert-not-run': {
    en: 'This check is not run yet, and never sent.',
    ko: '이 검사는 아직 실행하지 않으며, 보내지도 않습니다.',
  },
  'redirect-not-run': {
    en: 'The response is not written to a file yet. Open it from the inspector instead.',
    ko: '응답을 아직 파일에 쓰지 않습니다. 대신 인스펙터에서 여십시오.',
  },
  'response-ref-ignored': {
    en: 'This reference to a stored response is ignored, and never sent.',
    ko: '저장된 응답을 가리키는 이 줄은 무시하며, 보내지도 않습니다.',
  },
  'run-not-run': {
    en: 'run has no effect yet. Send the request it names by itself.',
    ko: 'run은 아직 적용되지 않습니다. 가리키는 요청을 직접 보내십시오.',
  },
  'spread-not-supported': {
    en: 'Headers from an expression are not supported and not sent. Write them one per line.',
    ko: '표현식으로 만든 헤더는 지원하지 않아 보내지 않습니다. 헤더를 한 줄에 하나씩 적으십시오.',
  },
  'protocol-not-sent': {
    en: '{protocol} cannot be spoken yet, so this request is not sent. Requests over HTTP are.',
    ko: '아직 지원하지 않는 프로토콜이라 이 요청을 보내지 않습니다: {protocol}. HTTP 요청은 보낼 수 있습니다.',
  },
  'message-not-sent': {
    en: 'This message is not sent, as messages over a connection that stays open are not supported yet.',
    ko: '열린 연결로 주고받는 메시지는 아직 지원하지 않아 보내지 않습니다.',
  },
  'loop-not-run': {
    en: 'Loops are not run yet: the request is sent once. Send it again for each value.',
    ko: '반복은 아직 실행하지 않아 요청을 한 번만 보냅니다. 값마다 다시 보내십시오.',
  },
  'nop-not-run': {
    en: 'NOP stands for no request, only scripts, and scripts are not run yet. Nothing is sent.',
    ko: 'NOP은 요청 없이 스크립트만 실행한다는 뜻이며, 스크립트는 아직 실행하지 않아 아무것도 보내지 않습니다.',
  },

  // found when the request is prepared
  'variable-undefined': {
    en: '{name} has no value, so nothing is sent. Define it with a line @{name} = value.',
    ko: '값이 없는 변수라 보내지 않았습니다: {name}. @{name} = 값 줄로 정의하십시오.',
  },
  'variable-undefined-inside': {
    en: '{name}, which @{variable} uses, has no value, so nothing is sent. Define it with a line @{name} = value.',
    ko: '@{variable}에서 쓰는 변수에 값이 없어 보내지 않았습니다: {name}. @{name} = 값 줄로 정의하십시오.',
  },
  'variable-undefined-itself': {
    en: '@{name} uses {name} itself, which nothing else defines, so nothing is sent. Define {name} in an environment, or give @{name} another value.',
    ko: '@{name}의 값에 같은 이름이 들어 있는데 다른 곳에는 정의가 없어 보내지 않았습니다: {name}. 환경에 정의하거나 @{name}의 값을 바꾸십시오.',
  },
  'variable-undefined-untrusted': {
    en: '{name} has no value in this file, and environments are not read because the workspace is not trusted, so nothing is sent. Trust the workspace, or define it with a line @{name} = value.',
    ko: '이 파일에 값이 없고, 신뢰하지 않는 작업 영역이라 환경도 읽지 않아 보내지 않았습니다: {name}. 작업 영역을 신뢰하거나 @{name} = 값 줄로 정의하십시오.',
  },
  'variable-undefined-expression': {
    en: 'Expressions are not supported, and names have no spaces, so {{{name}}} has no value and nothing is sent. Write the value itself, or the name of a variable instead.',
    ko: '표현식은 지원하지 않고 이름에는 공백을 쓸 수 없어 보내지 않았습니다: {{{name}}}. 값을 직접 적거나 변수 이름으로 바꾸십시오.',
  },
  'variable-undefined-builtin': {
    en: '{name} is not one of the built-in variables supported here, so nothing is sent. Type {{$ to see those that are, or use a variable of your own.',
    ko: '여기서 지원하는 기본 변수가 아니라 보내지 않았습니다: {name}. {{$까지 입력해 지원하는 변수를 확인하거나 직접 정의한 변수를 사용하십시오.',
  },
  'variable-too-deep': {
    en: 'Variables are nested more than {limit} deep at {name}, so nothing is sent. Write the value out.',
    ko: '변수가 {limit}단계보다 깊이 중첩되어 보내지 않았습니다: {name}. 값을 직접 적으십시오.',
  },
  'variable-too-large': {
    en: 'The value of {name} becomes larger than a variable may be (1 MiB, 16 MiB in one text), so nothing is sent. Use a body file.',
    ko: '변수 값이 너무 커서(1 MiB, 한 텍스트에 16 MiB까지) 보내지 않았습니다: {name}. 본문 파일을 사용하십시오.',
  },
  'process-variable-undefined': {
    en: 'The environment variable {variable} is not set, so nothing is sent. Set it before starting VS Code or the terminal.',
    ko: '환경 변수가 설정되지 않아 보내지 않았습니다: {variable}. VS Code나 터미널을 시작하기 전에 설정하십시오.',
  },
  'dotenv-variable-undefined': {
    en: 'No .env file here or in the folders above has {variable}, so nothing is sent. Add a line {variable}=value to one.',
    ko: '이 폴더와 상위 폴더의 .env 파일에 없는 변수라 보내지 않았습니다: {variable}. {variable}=값 줄을 추가하십시오.',
  },
  'environment-untrusted': {
    en: '{name} is not read because the workspace is not trusted, so nothing is sent. Trust the workspace, or write the value into this file.',
    ko: '신뢰하지 않는 작업 영역이라 읽지 않았습니다: {name}. 작업 영역을 신뢰하거나 값을 이 파일에 적으십시오.',
  },
  'environment-value-list': {
    en: '{name} is a list in the environment, so nothing is sent. Write one of its elements, such as {{{part}}}.',
    ko: '환경에서 목록인 값이라 보내지 않았습니다: {name}. {{{part}}}처럼 원소 하나를 적으십시오.',
  },
  'environment-value-object': {
    en: '{name} is an object in the environment, so nothing is sent. Write one of its members, such as {{{part}}}.',
    ko: '환경에서 객체인 값이라 보내지 않았습니다: {name}. {{{part}}}처럼 멤버 하나를 적으십시오.',
  },
  'environment-value-null': {
    en: '{name} is null in the environment, which is no value, so nothing is sent. Give it a text there, such as "".',
    ko: '환경에서 null이라 값이 없어 보내지 않았습니다: {name}. 환경에서 ""처럼 값을 적으십시오.',
  },
  'token-unsupported': {
    en: '{name} would sign in to get a token, which is not supported yet, so nothing is sent. Get the token another way and store it as a secret or in http-client.private.env.json.',
    ko: '로그인해서 토큰을 받는 변수는 아직 지원하지 않아 보내지 않았습니다: {name}. 토큰을 따로 받아 비밀 값이나 http-client.private.env.json 파일에 넣으십시오.',
  },
  'token-not-fetched': {
    en: '{name} stands for a token, which is got when the request is sent: send it first.',
    ko: '요청을 보낼 때 받는 토큰({name})입니다. 먼저 요청을 보내십시오.',
  },
  'token-unknown': {
    en: 'There is no authorization “{id}” under Security.Auth of the chosen environment, so nothing is sent. Known: {ids}. Add it to http-client.env.json, or choose another environment.',
    ko: '선택한 환경의 Security.Auth 아래에 없는 인증 설정이라 보내지 않았습니다: {id}. 있는 것: {ids}. http-client.env.json 파일에 넣거나 다른 환경을 선택하십시오.',
  },
  'token-incomplete': {
    en: 'The authorization “{id}” has no {key}, so no token can be got and nothing is sent. Add it under Security.Auth.',
    ko: '인증 설정({id})에 {key} 값이 없어 토큰을 받지 못하고 보내지 않았습니다. Security.Auth 아래에 넣으십시오.',
  },
  'token-setting-invalid': {
    en: 'The authorization “{id}” has a {key} that cannot be used ({value}), so nothing is sent. Supported grants are Client Credentials, Authorization Code, Device Authorization and Password; URLs begin with http: or https:.',
    ko: '인증 설정({id})의 {key} 값을 쓸 수 없어 보내지 않았습니다: {value}. 승인 방식은 Client Credentials, Authorization Code, Device Authorization, Password 중 하나이고 URL은 http: 또는 https:로 시작해야 합니다.',
  },
  'token-redirect-elsewhere': {
    en: 'The authorization “{id}” leads the browser to {url}, where nobody listens for it. Register http://127.0.0.1/ with the authorization server and write it as the Redirect URL, or leave that out.',
    ko: '인증 설정({id})의 Redirect URL({url})에서는 결과를 받을 수 없습니다. 인증 서버에 http://127.0.0.1/ 주소를 등록하고 그 주소를 적거나 Redirect URL을 비우십시오.',
  },
  'token-unanswered': {
    en: 'The authorization server {url} gave no answer for “{id}”, so there is no token and nothing is sent. The exchange before shows in which phase it failed.',
    ko: '인증 서버({url})에서 응답이 없어 토큰을 받지 못하고 보내지 않았습니다: {id}. 어느 단계에서 실패했는지는 앞선 요청에서 볼 수 있습니다.',
  },
  'token-response-invalid': {
    en: 'The authorization server’s answer for “{id}” is not one of OAuth 2 ({reason}), so nothing is sent. Check the URLs under Security.Auth; the exchange before shows the answer.',
    ko: '인증 서버의 응답이 OAuth 2 형식이 아니라 보내지 않았습니다: {id}({reason}). Security.Auth 아래의 URL을 확인하십시오. 응답은 앞선 요청에서 볼 수 있습니다.',
  },
  'token-refused': {
    en: 'The authorization server refused a token for “{id}” ({error}), so nothing is sent. Check client ID, secret and scope, or sign in again.',
    ko: '인증 서버에서 토큰을 거부해 보내지 않았습니다: {id}({error}). 클라이언트 ID와 비밀 값, 범위를 확인하거나 다시 로그인하십시오.',
  },
  'token-cancelled': {
    en: 'The sign-in for “{id}” was not completed, so there is no token and nothing is sent. Send again to sign in.',
    ko: '로그인을 마치지 않아 토큰을 받지 못하고 보내지 않았습니다: {id}. 다시 보내면 로그인할 수 있습니다.',
  },
  'token-kind-missing': {
    en: 'The authorization server gave no {kind} for “{id}”, so nothing is sent. For an id_token, the scope must hold openid.',
    ko: '인증 서버의 응답에 {kind} 값이 없어 보내지 않았습니다: {id}. id_token을 받으려면 Scope에 openid가 있어야 합니다.',
  },
  'history-folder-unsupported': {
    en: '{name} is a folder of another tool, so nothing is sent. Write the path, or {{$projectRoot}} for the workspace’s folder.',
    ko: '다른 도구의 폴더를 가리키는 변수라 보내지 않았습니다: {name}. 경로를 직접 적거나 작업 영역 폴더라면 {{$projectRoot}} 변수를 사용하십시오.',
  },
  'example-server-unsupported': {
    en: '{name} is the example server of another tool, so nothing is sent. Use the lab instead: {{$lab.http}}.',
    ko: '다른 도구의 예제 서버라 보내지 않았습니다: {name}. 대신 랩의 {{$lab.http}} 변수를 사용하십시오.',
  },
  'random-unknown': {
    en: 'There is no random value {name}, so nothing is sent. Use one that completion lists, such as {{$random.name.fullName}}.',
    ko: '없는 무작위 값이라 보내지 않았습니다: {name}. 자동 완성에 나오는 {{$random.name.fullName}} 같은 값을 사용하십시오.',
  },
  'dynamic-arguments': {
    en: '{name} cannot be understood, so nothing is sent. Write it like {example}.',
    ko: '해석할 수 없어 보내지 않았습니다: {name}. {example}처럼 적으십시오.',
  },
  'lab-not-running': {
    en: '{name} needs the lab, which is not running. Start the lab and send again.',
    ko: '랩이 실행되고 있지 않아 값을 알 수 없습니다: {name}. 랩을 시작하고 다시 보내십시오.',
  },
  'lab-server-not-running': {
    en: '{name} names a server of the lab that could not be started: its port is taken, perhaps. Start it in the Lab view, or choose another port, and send again.',
    ko: '랩의 서버를 시작하지 못해 값을 알 수 없습니다: {name}. 포트가 이미 사용 중일 수 있습니다. 랩 보기에서 그 서버를 시작하거나 다른 포트를 고른 뒤 다시 보내십시오.',
  },
  'lab-variable-unknown': {
    en: 'The lab has no {name}. Use one of these, all but the first two also with Port at the end: {choices}.',
    ko: '랩에 없는 변수입니다: {name}. 다음에서 고르십시오(처음 두 개 말고는 끝에 Port를 붙일 수도 있습니다): {choices}.',
  },
  'method-invalid': {
    en: '“{method}” is not a method, so nothing is sent. Use letters only, such as GET or POST.',
    ko: '메서드로 쓸 수 없어 보내지 않았습니다: {method}. GET이나 POST처럼 적으십시오.',
  },
  'protocol-unsupported': {
    en: '{method} requests are not supported, so nothing is sent. Only HTTP requests can be sent.',
    ko: '{method} 요청은 지원하지 않아 보내지 않았습니다. HTTP 요청만 보낼 수 있습니다.',
  },
  'host-missing': {
    en: 'The path {target} needs a host. Add a header Host: example.com, or a variable @host = example.com.',
    ko: '경로만 있고 호스트가 없습니다: {target}. Host: example.com 헤더나 @host = example.com 변수를 넣으십시오.',
  },
  'asterisk-unsupported': {
    en: 'The target * asks about the server as a whole, and only OPTIONS does that (RFC 9112 §3.2.4); {method} does not. Write a URL.',
    ko: '대상 *은 서버 전체를 뜻하며 OPTIONS에만 쓸 수 있습니다(RFC 9112 §3.2.4). 적은 메서드: {method}. URL을 적으십시오.',
  },
  'scheme-unsupported': {
    en: '{scheme}: URLs cannot be sent. Use http: or https:, or ws: or wss: for a WebSocket.',
    ko: '{scheme}: URL은 보낼 수 없습니다. http:나 https:를, WebSocket에는 ws:나 wss:를 사용하십시오.',
  },
  'web-socket-method': {
    en: 'A WebSocket is opened with GET (RFC 6455 §4.1), so {method} sends nothing. Write WEBSOCKET or GET.',
    ko: 'WebSocket은 GET으로 열기 때문에(RFC 6455 §4.1) {method} 요청을 보내지 않았습니다. WEBSOCKET이나 GET을 적으십시오.',
  },
  'trailer-invalid': {
    en: '“{text}” is not a trailer. Write # @trailer Name: value.',
    ko: '트레일러로 읽을 수 없습니다: {text}. # @trailer 이름: 값 형식으로 적으십시오.',
  },
  'trailer-forbidden': {
    en: '{name} is needed before the body and has no place behind it (RFC 9110 §6.5.1), so nothing is sent. Write it as a header.',
    ko: '본문보다 먼저 필요한 필드라 트레일러로 보낼 수 없어(RFC 9110 §6.5.1) 보내지 않았습니다: {name}. 헤더로 적으십시오.',
  },
  'trailer-version': {
    en: 'HTTP/1.0 has no trailers (RFC 9112 §7.1), so nothing is sent. Ask for HTTP/1.1 or HTTP/2.',
    ko: 'HTTP/1.0에는 트레일러가 없어(RFC 9112 §7.1) 보내지 않았습니다. HTTP/1.1이나 HTTP/2를 적으십시오.',
  },
  'reconnect-invalid': {
    en: '“{value}” is not a number of times from 0 to 1000, so {count} is taken.',
    ko: '0에서 1000 사이의 횟수가 아니어서 {count}회로 봅니다: {value}.',
  },
  'port-invalid': {
    en: '“{port}” is not a port. Write a number from 0 to 65535.',
    ko: '포트로 쓸 수 없습니다: {port}. 0에서 65535 사이의 숫자를 적으십시오.',
  },
  'url-invalid': {
    en: '“{url}” is not a valid URL, so nothing is sent. Check the host name and the brackets.',
    ko: '올바른 URL이 아니어서 보내지 않았습니다: {url}. 호스트 이름과 괄호를 확인하십시오.',
  },
  'url-control-character': {
    en: 'The URL holds a line break or another control character, so nothing is sent. Write {{%name}} to percent-encode a variable.',
    ko: 'URL에 줄바꿈 같은 제어 문자가 있어 보내지 않았습니다. 변수를 퍼센트 인코딩하려면 {{%이름}}처럼 적으십시오.',
  },
  'header-name-invalid': {
    en: '“{name}” is not a header name, so nothing is sent. Use letters, digits and hyphens (RFC 9110 §5.1).',
    ko: '헤더 이름으로 쓸 수 없어 보내지 않았습니다: {name}. 영문자, 숫자, 하이픈을 사용하십시오(RFC 9110 §5.1).',
  },
  'header-pseudo': {
    en: '{name} is no header: HTTP/2 makes it from the request line (RFC 9113 §8.3.1), so it is left out. Write it there.',
    ko: '{name} 줄은 헤더가 아니라 HTTP/2에서 요청 줄로 만드는 값이므로(RFC 9113 §8.3.1) 뺍니다. 값은 요청 줄에 적으십시오.',
  },
  'header-from-value': {
    en: '{name} stands for whole header lines, which only variables of this file may do (with @name = Header: value), so nothing is sent. Write the name of the header before it.',
    ko: '헤더 줄 전체를 대신하는 것은 이 파일의 변수(@이름 = 헤더: 값)만 할 수 있어 보내지 않았습니다: {name}. 앞에 헤더 이름을 적으십시오.',
  },
  'header-line-break': {
    en: 'The value of {name} holds a line break, which would start another header, so nothing is sent. Remove it from the variable.',
    ko: '{name} 헤더의 값에 줄바꿈이 있어 보내지 않았습니다. 다른 헤더가 될 수 있으니 변수에서 줄바꿈을 지우십시오.',
  },
  'header-characters': {
    en: 'The value of {name} holds characters that a header cannot carry, so nothing is sent. Percent-encode them with {{%name}}.',
    ko: '{name} 헤더의 값에 헤더로 보낼 수 없는 문자가 있어 보내지 않았습니다. {{%이름}}처럼 퍼센트 인코딩하십시오.',
  },
  'authorization-unsupported': {
    en: '{scheme} authorization cannot be computed, and its secret is not sent as typed. Use Basic, Digest, Bearer or AWS, or get a token elsewhere and write it after Bearer.',
    ko: '계산할 수 없는 인증 방식({scheme})이라 비밀 값을 적힌 그대로 보내지 않았습니다. Basic, Digest, Bearer, AWS 중 하나를 쓰거나 토큰을 따로 받아 Bearer 뒤에 적으십시오.',
  },
  'aws-service-unknown': {
    en: 'The name {host} does not tell which AWS service it is, so the request cannot be signed and nothing is sent. Add service: and region: after the secret.',
    ko: '호스트 이름({host})으로 AWS 서비스를 알 수 없어 서명하지 못하고 보내지 않았습니다. 비밀 키 뒤에 service:와 region: 값을 적으십시오.',
  },
  'authorization-token-unsupported': {
    en: 'Tokens for this kind of authorization cannot be fetched yet, so nothing is sent. Fetch one with a request of its own, such as # @name login, and write Bearer {{login.response.body.$.access_token}}.',
    ko: '이 인증 방식의 토큰은 아직 받아 올 수 없어 보내지 않습니다. # @name login 같은 별도의 요청으로 토큰을 받고 Bearer {{login.response.body.$.access_token}}처럼 적으십시오.',
  },
  'content-length-recomputed': {
    en: 'Content-Length says {written}, but the body has {size} bytes, so {size} is sent. Remove the header, write {size}, or send it as it is with # @raw-headers.',
    ko: '적힌 Content-Length({written}) 대신 실제 본문 크기({size}바이트)를 보냅니다. 헤더를 지우거나 실제 크기를 적고, 적힌 그대로 보내려면 # @raw-headers 줄을 넣으십시오.',
  },
  'content-length-forced': {
    en: 'Content-Length says {written}, but the body has {size} bytes. It is sent so, as # @raw-headers says: the server may wait for the rest, or take what is beyond for another request.',
    ko: '# @raw-headers 설정에 따라 Content-Length 값을 적힌 그대로({written}) 보내지만 본문은 {size}바이트입니다. 서버에서 나머지를 기다리거나, 남는 부분을 다른 요청으로 볼 수 있습니다.',
  },
  'content-length-dropped': {
    en: 'Content-Length is not sent, as it must not stand beside Transfer-Encoding (RFC 9112 §6.2). Remove one of them.',
    ko: 'Content-Length는 Transfer-Encoding과 함께 쓸 수 없어(RFC 9112 §6.2) 보내지 않습니다. 둘 중 하나를 지우십시오.',
  },
  'multipart-boundary-added': {
    en: 'Content-Type names no boundary, so the one of the body is added: {parameter}. Write it there to be clear.',
    ko: 'Content-Type에 boundary가 없어 본문의 값을 붙여 보냅니다: {parameter}. 직접 적으면 분명해집니다.',
  },
  'multipart-boundary-missing': {
    en: 'Content-Type names no boundary and no line of the body starts with --, so the server cannot find the parts. Add ; boundary=b and lines --b before each part and --b-- at the end.',
    ko: 'Content-Type에 boundary가 없고 본문에도 --로 시작하는 줄이 없어 서버가 각 부분을 찾을 수 없습니다. ; boundary=b를 붙이고 각 부분 앞에 --b 줄, 끝에 --b-- 줄을 넣으십시오.',
  },
  'insecure-ignored': {
    en: '@{key} is ignored because the workspace is not trusted: the certificate is verified. Trust the workspace to allow it.',
    ko: '신뢰하지 않는 작업 영역이므로 @{key} 설정을 무시하고 인증서를 검증합니다. 허용하려면 작업 영역을 신뢰하십시오.',
  },
  'client-cert-ignored': {
    en: 'The client certificate is not presented, as this workspace is not trusted. Trust the workspace to use it.',
    ko: '신뢰하지 않는 작업 영역이라 클라이언트 인증서를 제시하지 않습니다. 쓰려면 작업 영역을 신뢰하십시오.',
  },
  'client-cert-missing': {
    en: 'No file of a client certificate is named, so nothing is sent. Write cert.pem key.pem, or file.p12.',
    ko: '클라이언트 인증서 파일이 지정되지 않아 보내지 않았습니다. cert.pem key.pem이나 file.p12처럼 적으십시오.',
  },
  'client-cert-unreadable': {
    en: 'The file {absolute} cannot be read ({reason}), so nothing is sent. The client certificate or its key is looked for there: check the path.',
    ko: '클라이언트 인증서나 키의 파일을 읽을 수 없어({reason}) 보내지 않았습니다: {absolute}. 경로를 확인하십시오.',
  },
  'client-cert-not-a-file': {
    en: '{absolute} is not a regular file of at most 1 MiB, so nothing is sent. Name the file of the client certificate or of its key.',
    ko: '1MiB 이하의 일반 파일이 아니어서 보내지 않았습니다: {absolute}. 클라이언트 인증서나 키의 파일을 지정하십시오.',
  },
  'authorities-unreadable': {
    en: 'The file {absolute}, which `roundtrip.tls.certificateAuthorities` names, cannot be read ({reason}), so its certificate authorities cannot be trusted. Check the path in the setting.',
    ko: '`roundtrip.tls.certificateAuthorities` 설정의 파일을 읽을 수 없어({reason}) 그 인증 기관을 신뢰할 수 없습니다: {absolute}. 설정의 경로를 확인하십시오.',
  },
  'authorities-empty': {
    en: 'The file {absolute}, which `roundtrip.tls.certificateAuthorities` names, holds no certificate in PEM or DER form that can be read. Name the file of the authority’s certificate.',
    ko: '`roundtrip.tls.certificateAuthorities` 설정의 파일에 읽을 수 있는 PEM 또는 DER 형식의 인증서가 없습니다: {absolute}. 인증 기관의 인증서 파일을 지정하십시오.',
  },
  'tls-version-invalid': {
    en: '@tls-version does not know {value}, so nothing is sent. Write 1.3, 1.2..1.3, 1.2.. or ..1.2; 1.0 to 1.3 are known.',
    ko: '@tls-version에 쓸 수 없는 값이라 보내지 않았습니다: {value}. 1.3, 1.2..1.3, 1.2.., ..1.2처럼 적으십시오. 1.0부터 1.3까지 쓸 수 있습니다.',
  },
  'tls-ignored': {
    en: '@{key} is not used, as this workspace is not trusted. Trust the workspace to use it.',
    ko: '신뢰하지 않는 작업 영역이라 @{key} 설정을 쓰지 않습니다. 쓰려면 작업 영역을 신뢰하십시오.',
  },
  'proxy-ignored': {
    en: 'The proxy is not used, as this workspace is not trusted. Trust the workspace to send through it.',
    ko: '신뢰하지 않는 작업 영역이라 프록시를 쓰지 않습니다. 프록시로 보내려면 작업 영역을 신뢰하십시오.',
  },
  'proxy-unsupported': {
    en: 'Requests cannot be sent through this proxy: {proxy}. Write an address such as http://127.0.0.1:3128 or socks5h://127.0.0.1:1080; http, https, socks4, socks4a, socks5 and socks5h are known.',
    ko: '이 프록시로는 요청을 보낼 수 없습니다: {proxy}. http://127.0.0.1:3128이나 socks5h://127.0.0.1:1080 같은 주소를 적으십시오. http, https, socks4, socks4a, socks5, socks5h 방식을 쓸 수 있습니다.',
  },
  'dns-unsupported': {
    en: '@dns does not know {value}, so nothing is sent. Write trace, system, ptr, https-records off, an address such as 192.0.2.53, or tls://address#name or an https: URL, which do not stand beside addresses.',
    ko: '@dns에 쓸 수 없는 값이라 보내지 않았습니다: {value}. trace, system, ptr, https-records off, 192.0.2.53 같은 주소, tls://주소#이름, https: URL 중 하나를 적으십시오. 주소와 뒤의 두 형식은 섞을 수 없습니다.',
  },
  'resolve-invalid': {
    en: '@resolve needs host:port:address, so nothing is sent: {value}. IPv6 addresses stand in brackets: example.com:443:[::1].',
    ko: '@resolve에는 host:port:address가 필요하여 보내지 않았습니다: {value}. IPv6 주소는 example.com:443:[::1]처럼 대괄호로 감싸십시오.',
  },
  'resolve-ignored': {
    en: '@{key} is not used, as this workspace is not trusted: the name is looked up as usual. Trust the workspace to use it.',
    ko: '신뢰하지 않는 작업 영역이라 @{key} 설정을 쓰지 않고 이름을 평소처럼 조회합니다. 쓰려면 작업 영역을 신뢰하십시오.',
  },
  'body-file-missing': {
    en: 'There is no file {absolute}, so nothing is sent. Check the path {path}; it is relative to this file.',
    ko: '파일이 없어 보내지 않았습니다: {absolute}. 경로를 확인하십시오: {path}(이 파일 기준).',
  },
  'body-file-not-regular': {
    en: '{absolute} is not a regular file, so nothing is sent. Name a file, not a folder or a device.',
    ko: '일반 파일이 아니어서 보내지 않았습니다: {absolute}. 폴더나 장치가 아닌 파일을 적으십시오.',
  },
  'body-file-unreadable': {
    en: '{absolute} cannot be read, so nothing is sent. Check its permissions.',
    ko: '읽을 수 없는 파일이라 보내지 않았습니다: {absolute}. 권한을 확인하십시오.',
  },
  'body-file-outside': {
    en: '{path} is outside this file’s folder, and the workspace is not trusted, so nothing is sent. Trust the workspace or copy the file.',
    ko: '신뢰하지 않는 작업 영역에서는 폴더 밖의 파일을 보낼 수 없습니다: {path}. 작업 영역을 신뢰하거나 파일을 복사하십시오.',
  },
  'body-file-too-large': {
    en: '{path} is larger than {limit}, too large to put variables in. Write < instead of <@ to send it as it is.',
    ko: '{limit}보다 커서 변수를 넣을 수 없습니다: {path}. 그대로 보내려면 <@ 대신 <를 적으십시오.',
  },
  'include-not-substituted': {
    en: 'Variables in {path} are sent as they are written. Write <@ instead of < to put their values in.',
    ko: '다음 파일의 변수는 적힌 그대로 보냅니다: {path}. 값을 넣으려면 < 대신 <@를 적으십시오.',
  },
  'body-encoding-unknown': {
    en: '“{encoding}” is not a known encoding. Use a name such as utf-8, latin1, utf-16le or euc-kr.',
    ko: '알 수 없는 인코딩입니다: {encoding}. utf-8, latin1, utf-16le, euc-kr 같은 이름을 사용하십시오.',
  },
  'form-ampersand-missing': {
    en: 'Lines of this form are joined with &. Start each further line with & to be clear.',
    ko: '폼의 줄들을 &로 이어 보냅니다. 둘째 줄부터 &로 시작하면 분명해집니다.',
  },
  'form-percent-ampersand': {
    en: 'In “{text}”, %& puts an & into the value instead of starting the next field. Write %25& if the percent sign ends the value.',
    ko: '“{text}”의 %&는 다음 필드를 시작하지 않고 값에 &를 넣습니다. 값이 퍼센트 기호로 끝난다면 %25&로 적으십시오.',
  },
  'graphql-variables-invalid': {
    en: 'The variables after the GraphQL query are not valid JSON, so nothing is sent. Check quotes and commas.',
    ko: 'GraphQL 쿼리 뒤의 변수가 올바른 JSON이 아니어서 보내지 않았습니다. 따옴표와 쉼표를 확인하십시오.',
  },
  'body-eol-unknown': {
    en: 'Not a kind of line end: {value}. Write # @body-eol crlf or # @body-eol lf; without it lines end as usual.',
    ko: '알 수 없는 줄 끝 종류입니다: {value}. # @body-eol crlf 또는 # @body-eol lf로 적으십시오. 지금은 평소대로 줄을 끝냅니다.',
  },

  // values of earlier responses, prompts, imports and references
  'response-request-unknown': {
    en: 'No request here or in an imported file is called {name}, so nothing is sent. The names are: {names}. Give one with # @name {name}.',
    ko: '그런 이름의 요청이 이 파일에도 가져온 파일에도 없어 보내지 않았습니다: {name}. 있는 이름: {names}. # @name {name} 줄로 이름을 붙이십시오.',
  },
  'response-not-sent': {
    en: '{name} needs the response of {request}, which has not been sent in this session, so nothing is sent. Send {request} first, or add # @ref {request}.',
    ko: '이번 세션에서 아직 보내지 않은 요청의 응답이 필요해 보내지 않았습니다: {name}. {request} 요청을 먼저 보내거나 # @ref {request} 줄을 넣으십시오.',
  },
  'response-none': {
    en: '{name} has no value, because {request} got no response the last time it was sent. Look at it in the inspector and send it again.',
    ko: '마지막으로 보낸 {request} 요청이 응답을 받지 못해 값이 없습니다: {name}. 인스펙터에서 원인을 확인하고 다시 보내십시오.',
  },
  'response-header-missing': {
    en: 'The last exchange of {request} has no header {path}, so {name} has no value and nothing is sent. Check the name in the inspector.',
    ko: '마지막 {request} 교환에 {path} 헤더가 없어 보내지 않았습니다: {name}. 인스펙터에서 이름을 확인하십시오.',
  },
  'response-cookie-missing': {
    en: 'The last exchange of {request} has no cookie {path}, so {name} has no value and nothing is sent. Check the name in the inspector.',
    ko: '마지막 {request} 교환에 {path} 쿠키가 없어 보내지 않았습니다: {name}. 인스펙터에서 이름을 확인하십시오.',
  },
  'response-path-none': {
    en: 'There is nothing at {path} in the last body of {request}, so nothing is sent. Compare the path with the content in the inspector.',
    ko: '마지막 {request} 본문에 해당하는 값이 없어 보내지 않았습니다: {path}. 인스펙터의 콘텐츠와 경로를 비교하십시오.',
  },
  'response-path-invalid': {
    en: '{path} cannot be read as a path ({reason}), so nothing is sent. Write a JSONPath such as $.token or an XPath such as //token.',
    ko: '경로로 읽을 수 없어 보내지 않았습니다: {path} ({reason}). $.token 같은 JSONPath나 //token 같은 XPath를 적으십시오.',
  },
  'response-path-slow': {
    en: 'Looking for {path} in the body of {request} takes too long, so nothing is sent. Write a more direct path.',
    ko: '{request} 본문에서 값을 찾는 데 너무 오래 걸려 보내지 않았습니다: {path}. 더 직접적인 경로를 적으십시오.',
  },
  'response-not-json': {
    en: 'The last body of {request} is not JSON, so {path} finds nothing in it and nothing is sent. Look at it in the inspector; for XML, write an XPath such as //token.',
    ko: '마지막 {request} 본문이 JSON이 아니어서 보내지 않았습니다: {path}. 인스펙터에서 확인하고, XML이라면 //token 같은 XPath를 적으십시오.',
  },
  'response-not-xml': {
    en: 'The last body of {request} is not well-formed XML, so {path} finds nothing in it and nothing is sent. Look at it in the inspector; for JSON, write a JSONPath such as $.token.',
    ko: '마지막 {request} 본문이 올바른 XML이 아니어서 보내지 않았습니다: {path}. 인스펙터에서 확인하고, JSON이라면 $.token 같은 JSONPath를 적으십시오.',
  },
  'response-binary': {
    en: 'The last body of {request} is not text, so {name} has no value and nothing is sent. Use a header, a cookie or the status instead.',
    ko: '마지막 {request} 본문이 텍스트가 아니어서 보내지 않았습니다: {name}. 대신 헤더, 쿠키, 상태 코드를 사용하십시오.',
  },
  'response-too-large': {
    en: 'The last body of {request} is larger than {limit}, too large to look into, so nothing is sent. Ask the server for less, or use a header.',
    ko: '마지막 {request} 본문이 {limit}보다 커서 값을 찾지 않고, 보내지도 않았습니다. 더 작은 응답을 요청하거나 헤더를 사용하십시오.',
  },
  'response-value-too-large': {
    en: 'The value of {name} is larger than {limit}, so nothing is sent. Write a path to a smaller part.',
    ko: '값이 {limit}보다 커서 보내지 않았습니다: {name}. 더 작은 부분을 가리키는 경로를 적으십시오.',
  },
  'response-content-gone': {
    en: 'The body of {request} is no longer kept, so {name} has no value and nothing is sent. Send {request} again.',
    ko: '{request} 요청의 본문이 더 이상 남아 있지 않아 보내지 않았습니다: {name}. {request} 요청을 다시 보내십시오.',
  },
  'prompt-unanswered': {
    en: '{name} has to be asked for, but nobody can be asked here, so nothing is sent. Send it from the editor or a terminal, or give --var "{name}=value" on the command line.',
    ko: '입력을 받아야 하지만 물어볼 수 없어 보내지 않았습니다: {name}. 편집기나 터미널에서 보내거나, 명령줄에 --var "{name}=값" 옵션을 적으십시오.',
  },
  'prompt-asked': {
    en: '{name} is asked for when the request is sent. Give --var "{name}=value" to see it here, or to send without being asked.',
    ko: '보낼 때 입력을 받습니다: {name}. 여기서 보거나 묻지 않고 보내려면 --var "{name}=값" 옵션을 적으십시오.',
  },
  'import-missing': {
    en: '{path} cannot be read, so its variables and requests are unknown here. Check the path; it is relative to the file that imports it.',
    ko: '읽을 수 없는 파일이라 그 변수와 요청을 쓸 수 없습니다: {path}. 경로를 확인하십시오(가져오는 파일 기준).',
  },
  'import-outside': {
    en: '{path} is outside the folder of a workspace that is not trusted, so it is not read. Trust the workspace to allow it.',
    ko: '신뢰하지 않는 작업 영역의 폴더 밖에 있어 읽지 않았습니다: {path}. 허용하려면 작업 영역을 신뢰하십시오.',
  },
  'import-too-deep': {
    en: '{path} is not read: imports go at most 32 files deep and 256 files in all. Import fewer files.',
    ko: 'import는 32단계, 모두 256개 파일까지만 읽으므로 읽지 않았습니다: {path}. 가져오는 파일을 줄이십시오.',
  },
  'ref-unknown': {
    en: '@{key} names {name}, but no request here or in an imported file is called that, so nothing is sent. Correct the name, or import the file.',
    ko: '@{key} 설정이 가리키는 요청이 이 파일에도 가져온 파일에도 없어 보내지 않았습니다: {name}. 이름을 고치거나 파일을 가져오십시오.',
  },
  'ref-cycle': {
    en: 'These requests need each other: {path}. Remove one of the @ref lines.',
    ko: '요청이 서로를 필요로 합니다: {path}. @ref 줄 하나를 지우십시오.',
  },
  'ref-failed': {
    en: '{name}, which this request needs, got no response, so nothing else is sent. Send {name} by itself to see why.',
    ko: '이 요청에 필요한 요청이 응답을 받지 못해 더 보내지 않았습니다: {name}. 그 요청만 따로 보내 원인을 확인하십시오.',
  },
  'multipart-boundary-injected': {
    en: 'The value of {name} would begin or end a part of this multipart body, so nothing is sent. Remove the boundary from the value, or choose another boundary.',
    ko: '변수 값이 멀티파트 본문의 구획을 바꾸게 되어 보내지 않았습니다: {name}. 값에서 경계 문자열을 지우거나 다른 경계를 정하십시오.',
  },
  'multipart-line-break': {
    en: 'The value of {name} holds a line break, which would start another header of this part, so nothing is sent. Remove it from the value.',
    ko: '값에 줄바꿈이 있어 이 파트의 다른 헤더가 될 수 있으므로 보내지 않았습니다: {name}. 값에서 줄바꿈을 지우십시오.',
  },

  // files of environments
  'environment-file-unreadable': {
    en: '{source} cannot be read ({reason}), so its environments are missing. Check its permissions.',
    ko: '파일을 읽을 수 없어({reason}) 그 안의 환경을 쓸 수 없습니다: {source}. 권한을 확인하십시오.',
  },
  'environment-file-too-large': {
    en: '{source} is larger than {limit} and is not read. Keep environments in a smaller file.',
    ko: '파일이 {limit}보다 커서 읽지 않았습니다: {source}. 환경을 더 작은 파일에 담으십시오.',
  },
  'environment-file-invalid': {
    en: '{source} is not valid JSON here ({reason}); what comes before it counts. Check commas, quotes and brackets.',
    ko: '올바른 JSON이 아닙니다({reason}): {source}. 앞부분만 적용됩니다. 쉼표, 따옴표, 괄호를 확인하십시오.',
  },
  'environment-not-object': {
    en: '{name} is not an object of variables and is ignored. Write it as "dev": { "name": "value" }.',
    ko: '변수를 담은 객체가 아니어서 무시합니다: {name}. "dev": { "이름": "값" } 형식으로 적으십시오.',
  },
  'environment-key-ignored': {
    en: '{key} is a setting of another tool and has no effect here. Remove it if it is meant to be a variable, or keep it for that tool.',
    ko: '다른 도구의 설정이라 여기서는 적용되지 않습니다: {key}. 변수라면 이름을 바꾸고, 그 도구에서 쓴다면 그대로 두어도 됩니다.',
  },
  'environment-provider-unsupported': {
    en: '{name} is kept by {provider}, which cannot be asked yet. Put its value into http-client.private.env.json, or store it as a secret.',
    ko: '아직 값을 가져올 수 없는 저장소의 변수입니다: {name}({provider}). 값을 http-client.private.env.json 파일이나 비밀 값에 넣으십시오.',
  },
  'environment-private-wins': {
    en: '{name} stands in {private} and in {other}; the private value counts. Remove one of them if that is not meant.',
    ko: '{private} 파일과 {other} 파일에 모두 있는 변수입니다: {name}. 비공개 값을 사용하니, 뜻한 바가 아니라면 하나를 지우십시오.',
  },
  'environment-script-not-run': {
    en: '{source} is a program and is not run, so its environments are missing. Write them into .httpyac.json or http-client.env.json.',
    ko: '프로그램 파일은 실행하지 않으므로 그 안의 환경을 쓸 수 없습니다: {source}. .httpyac.json이나 http-client.env.json 파일에 적으십시오.',
  },
} as const satisfies Texts;
