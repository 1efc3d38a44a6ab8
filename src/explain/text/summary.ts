import type { Texts } from './text.ts';

/** Where the time went, in one or two sentences. */
export const summaryTexts = {
  'running-strong': { en: 'Running.', ko: '진행 중입니다.' },
  'running': { en: 'Now: {phase}.', ko: '현재 단계: {phase}.' },
  'stream-strong': { en: 'A stream of events.', ko: '이벤트 스트림입니다.' },
  'listening': { en: 'Received so far: {count}. It goes on until the server or you end it.', ko: '지금까지 받은 이벤트: {count}개. 서버가 끝내거나 직접 멈출 때까지 계속 받습니다.' },
  'stream-stopped': { en: 'Received in {total}: {count}. You stopped listening.', ko: '{total} 동안 받은 이벤트: {count}개. 수신을 직접 멈췄습니다.' },
  'stream-over': { en: 'Received in {total}: {count}. The server ended it.', ko: '{total} 동안 받은 이벤트: {count}개. 서버에서 끝냈습니다.' },
  'server-strong': { en: 'The server took most of the time:', ko: '서버가 시간을 가장 많이 썼습니다.' },
  'handler': {
    en: '{part} of {total} passed inside the `{handler}` handler.',
    ko: '전체 {total} 중 {part} 동안 `{handler}` 핸들러가 실행되었습니다.',
  },
  'handler-session': {
    en: '{part} of {total} passed inside the `{handler}` handler, {session} of them loading the session.',
    ko: '전체 {total} 중 {part} 동안 `{handler}` 핸들러가 실행되었고, 그중 {session} 동안 세션을 불러왔습니다.',
  },
  'wait-strong': { en: 'Waiting for the response took most of the time:', ko: '응답을 기다리는 데 시간이 가장 많이 걸렸습니다.' },
  'wait': {
    en: '{part} of {total} passed between the last byte of the request and the first byte of the response.',
    ko: '전체 {total} 중 {part}는 요청의 마지막 바이트와 응답의 첫 바이트 사이에 흘렀습니다.',
  },
  'wait-server': {
    en: '{part} of {total} passed between the last byte of the request and the first byte of the response, {server} of them inside the server.',
    ko: '전체 {total} 중 {part}는 요청의 마지막 바이트와 응답의 첫 바이트 사이에 흘렀고, 그중 {server} 동안 서버에서 처리했습니다.',
  },
  'dns-strong': { en: 'The DNS lookup took most of the time:', ko: 'DNS 조회가 시간을 가장 많이 썼습니다.' },
  'dns': {
    en: '{part} of {total} until the addresses of `{host}` were known.',
    ko: '`{host}` 이름의 주소를 알아내는 데 전체 {total} 중 {part}가 걸렸습니다.',
  },
  'dns-slowest': {
    en: '{part} of {total} until the addresses of `{host}` were known; the slowest answer came from `{server}` after {slowest}.',
    ko: '`{host}` 이름의 주소를 알아내는 데 전체 {total} 중 {part}가 걸렸습니다. 가장 느린 응답은 {slowest} 뒤에 `{server}`에서 왔습니다.',
  },
  'dns-own': {
    en: '{part} of {total} until the addresses of `{host}` were known: {slowest} for the slowest answer, from `{server}`, and {own} in Roundtrip itself.',
    ko: '`{host}` 이름의 주소를 알아내는 데 전체 {total} 중 {part}가 걸렸습니다. 가장 느린 응답(`{server}`)에 {slowest}, Roundtrip 자체에 {own}입니다.',
  },
  'dns-own-system': {
    en: '{part} of {total} until the addresses of `{host}` were known: {slowest} in the operating system, and {own} in Roundtrip itself.',
    ko: '`{host}` 이름의 주소를 알아내는 데 전체 {total} 중 {part}가 걸렸습니다. 운영 체제에서 {slowest}, Roundtrip 자체에서 {own}입니다.',
  },
  'dns-system': {
    en: '{part} of {total} until the addresses of `{host}` were known; the operating system answered after {slowest}.',
    ko: '`{host}` 이름의 주소를 알아내는 데 전체 {total} 중 {part}가 걸렸습니다. 운영 체제는 {slowest} 뒤에 답했습니다.',
  },
  'dns-unasked': {
    en: '{part} of {total} until the addresses of `{host}` were known: nobody had to be asked, so it is Roundtrip itself that took it.',
    ko: '`{host}` 이름의 주소를 알아내는 데 전체 {total} 중 {part}가 걸렸습니다. 아무에게도 묻지 않았으므로 Roundtrip 자체에서 쓴 시간입니다.',
  },
  'dns-file': {
    en: 'Reading `{file}` took {time} of that.',
    ko: '그중 {time} 동안 `{file}` 파일을 읽었습니다.',
  },
  'dns-timeout': {
    en: '{part} of {total}, because `{server}` gave no answer for {slowest}.',
    ko: '전체 {total} 중 {part}가 걸렸습니다. `{server}`에서 {slowest} 동안 응답이 없었기 때문입니다.',
  },
  'tcp-strong': { en: 'The TCP connect took most of the time:', ko: 'TCP 연결이 시간을 가장 많이 썼습니다.' },
  'tcp': {
    en: '{part} of {total} until `{address}` accepted the connection, one round trip on the network.',
    ko: '`{address}`에서 연결을 수락하기까지 전체 {total} 중 {part}가 걸렸습니다. 네트워크를 한 번 왕복하는 시간입니다.',
  },
  'tcp-again': {
    en: '{part} of {total} until `{address}` accepted the connection: no answer came at first, so the SYN was sent again {times}.',
    ko: '`{address}`에서 연결을 수락하기까지 전체 {total} 중 {part}가 걸렸습니다. 처음에 응답이 없어 SYN을 {times} 다시 보냈습니다.',
  },
  'tcp-late': {
    en: '{part} of {total} until `{address}` accepted the connection, though the least round trip was {rtt}: the SYN or its answer was lost or held up on the way.',
    ko: '`{address}`에서 연결을 수락하기까지 전체 {total} 중 {part}가 걸렸습니다. 최소 왕복 시간은 {rtt}이므로 SYN이나 그 응답이 도중에 사라졌거나 지체되었습니다.',
  },
  'tcp-unsure': {
    en: '{part} of {total} until `{address}` accepted the connection: a long round trip, or no answer at first and a SYN that was sent again after 1 s.',
    ko: '`{address}`에서 연결을 수락하기까지 전체 {total} 중 {part}가 걸렸습니다. 왕복이 길었거나, 처음에 응답이 없어 1초 뒤에 SYN을 다시 보낸 경우입니다.',
  },
  'tcp-attempts': {
    en: '{part} of {total}, because {failed} did not connect before `{address}` did.',
    ko: '전체 {total} 중 {part}가 걸렸습니다. `{address}`에 연결되기 전에 {failed} 연결이 이루어지지 않았습니다.',
  },
  'proxy-strong': { en: 'The proxy took most of the time:', ko: '프록시가 시간을 가장 많이 썼습니다.' },
  'proxy': {
    en: '{part} of {total} until `{proxy}` opened the tunnel to `{target}`.',
    ko: '`{proxy}` 프록시가 `{target}` 터널을 열기까지 전체 {total} 중 {part}가 걸렸습니다.',
  },
  'proxy-tls': {
    en: '{part} of {total} to agree on keys with the proxy `{proxy}`.',
    ko: '`{proxy}` 프록시와 키를 합의하는 데 전체 {total} 중 {part}가 걸렸습니다.',
  },
  'proxy-chain': {
    en: '{part} of {total} to get through the proxies {proxies}.',
    ko: '여러 프록시({proxies})를 거치는 데 전체 {total} 중 {part}가 걸렸습니다.',
  },
  'tls-strong': { en: 'The TLS handshake took most of the time:', ko: 'TLS 핸드셰이크가 시간을 가장 많이 썼습니다.' },
  'tls': {
    en: '{part} of {total} to agree on keys and check the certificate.',
    ko: '키를 합의하고 인증서를 검사하는 데 전체 {total} 중 {part}가 걸렸습니다.',
  },
  'setup-strong': { en: 'Getting connected took most of the time:', ko: '연결 준비가 시간을 가장 많이 썼습니다.' },
  'setup': {
    en: '{part} of {total} passed before the request could be sent ({phases}).',
    ko: '요청을 보낼 수 있게 되기까지 전체 {total} 중 {part}가 걸렸습니다({phases}).',
  },
  'send-strong': { en: 'Sending the request took most of the time:', ko: '요청 전송이 시간을 가장 많이 썼습니다.' },
  'send': {
    en: '{size} left in {part} of {total}, {rate}.',
    ko: '전체 {total} 중 {part} 동안 요청 {size}를 보냈습니다({rate}).',
  },
  'send-short': { en: '{size} left in {part} of {total}.', ko: '전체 {total} 중 {part} 동안 요청 {size}를 보냈습니다.' },
  'receive-short': { en: '{size} arrived in {part} of {total}.', ko: '전체 {total} 중 {part} 동안 콘텐츠 {size}를 받았습니다.' },
  'receive-strong': { en: 'The download took most of the time:', ko: '다운로드가 시간을 가장 많이 썼습니다.' },
  'receive': {
    en: '{size} arrived in {part} of {total}, {rate}.',
    ko: '전체 {total} 중 {part} 동안 콘텐츠 {size}를 받았습니다({rate}).',
  },
  'own-strong': { en: 'Roundtrip itself took most of the time:', ko: 'Roundtrip 자체가 시간을 가장 많이 썼습니다.' },
  'own-before': {
    en: '{part} of {total} passed outside the steps on the network, most of it before {phase}.',
    ko: '전체 {total} 중 {part}는 네트워크 단계 밖에서 흘렀고, 대부분은 {phase} 단계 전에 흘렀습니다.',
  },
  'own-after': {
    en: '{part} of {total} passed outside the steps on the network, most of it after the last one.',
    ko: '전체 {total} 중 {part}는 네트워크 단계 밖에서 흘렀고, 대부분 마지막 단계 뒤에 흘렀습니다.',
  },
  'own-remark': {
    en: 'Another {part} passed between the steps, in Roundtrip itself.',
    ko: '그 밖에 {part}는 단계 사이에 Roundtrip 자체에서 흘렀습니다.',
  },
  'in-own': { en: 'Roundtrip itself', ko: 'Roundtrip 자체' },
  'blocked-strong': { en: 'Most of the time passed before the request was sent:', ko: '요청을 보내기 전에 시간이 가장 많이 흘렀습니다.' },
  'blocked': {
    en: '{part} of {total} passed before the request began on the connection that was already open.',
    ko: '이미 열려 있던 연결에서 요청을 시작하기까지 전체 {total} 중 {part}가 걸렸습니다.',
  },
  'waited-strong': { en: 'Most of the time passed waiting for a connection:', ko: '연결을 기다리는 데 시간이 가장 많이 걸렸습니다.' },
  'waited': {
    en: '{part} of {total}, since all {limit} connections that may be open to this origin at once were in use.',
    ko: '이 출처에 동시에 열 수 있는 연결 {limit}개가 모두 사용 중이어서 전체 {total} 중 {part} 동안 기다렸습니다.',
  },
  'waited-stream-strong': { en: 'Most of the time passed waiting for a stream:', ko: '스트림을 기다리는 데 시간이 가장 많이 걸렸습니다.' },
  'waited-stream': {
    en: '{part} of {total}, since all {limit} streams that the server allows at once were in use (RFC 9113 §5.1.2).',
    ko: '서버에서 동시에 허용하는 스트림 {limit}개가 모두 사용 중이어서 전체 {total} 중 {part} 동안 기다렸습니다(RFC 9113 §5.1.2).',
  },
  'waited-version': {
    en: '{part} of {total}, until the first connection had said whether it speaks HTTP/2 and can be shared.',
    ko: '첫 연결이 HTTP/2를 쓰는지, 함께 쓸 수 있는지 알 때까지 전체 {total} 중 {part} 동안 기다렸습니다.',
  },
  'ignored-strong': { en: 'A relay that did not read the request took most of the time:', ko: '요청을 읽지 않은 중계 서버 때문에 시간이 가장 많이 걸렸습니다.' },
  'ignored': {
    en: '{part} of {total} passed on a kept connection before it closed. The relay passes `Connection: keep-alive` on without understanding it: it waits for the server to close, the server waits for a request, and nobody reads yours (RFC 9112 §C.2.2). A relay must take `Connection` out (RFC 9110 §7.6.1); until it does, send `Connection: close`.',
    ko: '{total} 중 {part} 동안 유지된 연결에서 응답을 기다리다가 연결이 닫혔습니다. 중계 서버는 `Connection: keep-alive`의 뜻을 모른 채 그대로 전달합니다. 중계 서버는 서버가 닫기를, 서버는 다음 요청을 기다리므로 아무도 요청을 읽지 않습니다(RFC 9112 §C.2.2). 중계 서버는 `Connection`을 제거해야 합니다(RFC 9110 §7.6.1). 고칠 때까지는 `Connection: close`를 보내십시오.',
  },
  'retried-strong': { en: 'A first try took most of the time:', ko: '첫 번째 시도에 시간이 가장 많이 걸렸습니다.' },
  'retried': {
    en: '{part} of {total} passed before the second one; the kept connection that was used first gave no response.',
    ko: '두 번째 시도 전까지 전체 {total} 중 {part}가 걸렸습니다. 먼저 쓴 유지 연결에서는 응답을 받지 못했습니다.',
  },
  'retried-refused': {
    en: '{part} of {total} passed before the second one; the server said that it had not processed the first (`{reason}`).',
    ko: '두 번째 시도 전까지 전체 {total} 중 {part}가 걸렸습니다. 서버에서 첫 번째 요청을 처리하지 않았다고 알렸습니다(`{reason}`).',
  },
  'retried-http1': {
    en: '{part} of {total} passed before the second one; the first was over HTTP/2, and the server requires HTTP/1.1. Write `HTTP/1.1` after the URL to save that time.',
    ko: '두 번째 시도 전까지 전체 {total} 중 {part}가 걸렸습니다. 첫 번째는 HTTP/2로 보냈지만 서버에서 HTTP/1.1을 요구했습니다. URL 뒤에 `HTTP/1.1`이라고 적으면 첫 번째 시도를 생략할 수 있습니다.',
  },
  'even-strong': { en: 'No single phase stands out:', ko: '두드러지게 오래 걸린 단계는 없습니다.' },
  'even': {
    en: 'of {total}, {first} took {firstTime} and {second} {secondTime}.',
    ko: '전체 {total} 중 가장 긴 것은 {first}({firstTime}), 그다음은 {second}({secondTime})입니다.',
  },
  'done-strong': { en: 'Complete.', ko: '완료되었습니다.' },
  'once': {
    en: 'Getting connected ({setup}) happens once; the next request on this connection skips it.',
    ko: '연결 준비({setup})는 한 번만 일어나며, 이 연결의 다음 요청은 이를 건너뜁니다.',
  },
  'once-short': {
    en: 'This happens once; the next request on this connection skips it.',
    ko: '이 과정은 한 번만 일어나며, 이 연결의 다음 요청은 이를 건너뜁니다.',
  },
  'closing': {
    en: 'The connection closes after this response, so the next request pays for it again.',
    ko: '이 응답 뒤에 연결이 닫히므로 다음 요청은 이 과정을 다시 거칩니다.',
  },
  'reused': {
    en: 'The connection was already open: no lookup and no handshake.',
    ko: '이미 열려 있던 연결을 써서 이름 조회와 핸드셰이크가 없었습니다.',
  },
  'cached': { en: 'A cached address saved the lookup.', ko: '캐시된 주소를 써서 이름을 새로 조회하지 않았습니다.' },
} satisfies Texts;
