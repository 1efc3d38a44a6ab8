// What can be learnt from the lab, in the order of a course. The editor's walkthrough has the same sentences in
// package.nls.json and package.nls.ko.json, which a test compares.

/** In both languages of the lab. */
export interface Words {
  readonly en: string;
  readonly ko: string;
}

export interface Topic {
  readonly id: string;
  readonly title: Words;
  /** What happens and where to look. */
  readonly sentence: Words;
  /** Request files that show it, the best one first. */
  readonly samples: readonly [string, ...string[]];
  /** The handlers of its routes, by name. */
  readonly handlers?: RegExp;
}

export const topics: readonly Topic[] = [
  {
    id: 'names', samples: ['14-names.http'], title: { en: 'Names', ko: '이름' },
    sentence: {
      en: 'Follow a name from the root to its address, and see where the way can break. The DNS tab shows who was asked, what for, and what was said; in the Overview tab each name server has a lane of its own.',
      ko: '이름이 루트에서 주소에 이르는 길을 따라가며 그 길이 어디에서 끊기는지 봅니다. DNS 탭에 누구에게 무엇을 물었고 어떤 답이 왔는지 나오고, 개요 탭에 네임 서버마다 줄이 따로 있습니다.',
    },
  },
  {
    id: 'certificates', samples: ['15-certificates.http', '03-https-and-http2.http'],
    title: { en: 'Certificates', ko: '인증서' }, handlers: /^client-certificate$/,
    sentence: {
      en: 'Under each name one thing about TLS is not as usual: expired, made for another name, a link of the chain missing, an OCSP response stapled to it, a client certificate wanted. The TLS tab shows what was sent, and what is wrong with it.',
      ko: '이름마다 TLS에서 한 가지가 평소와 다릅니다. 만료되었거나, 다른 이름의 것이거나, 체인의 고리가 빠져 있거나, OCSP 응답이 함께 오거나, 클라이언트 인증서를 요구합니다. TLS 탭에 서버가 보낸 것과 그 문제가 나옵니다.',
    },
  },
  {
    id: 'inside', samples: ['28-inside.http'], title: { en: 'The server from inside', ko: '서버 속 들여다보기' },
    sentence: {
      en: 'What a server does with a connection and a request, step by step: accepted, read, checked, routed, handled, answered, kept or closed. Its lane is below yours in the Overview tab.',
      ko: '서버가 연결과 요청을 다루는 과정을 수락, 읽기, 검사, 라우팅, 처리, 응답, 유지 또는 종료까지 한 단계씩 봅니다. 개요 탭의 클라이언트 줄 아래에 서버 줄이 있습니다.',
    },
  },
  {
    id: 'routing', samples: ['29-routing.http'], title: { en: 'Routing', ko: '라우팅' },
    handlers: /^(?:routing\/|pages\/hello$|shop\/(?:front|item)$)/,
    sentence: {
      en: 'The most specific pattern of method, host and path wins; two that cannot be told apart are a conflict, and a path without the method is 405. Virtual hosts share one port: TLS tells them apart by SNI, HTTP by Host. “How the server chose” in the Overview tab names the winner, and says why each of the others lost.',
      ko: '메서드, 호스트, 경로의 패턴 가운데 가장 구체적인 것이 이깁니다. 우열을 가릴 수 없는 두 패턴은 충돌하고, 경로는 있으나 메서드가 없으면 405입니다. 가상 호스트는 포트 하나를 함께 쓰며 TLS는 SNI로, HTTP는 Host로 구별합니다. 개요 탭의 “서버의 선택 과정”에 이긴 패턴과 나머지가 진 이유가 나옵니다.',
    },
  },
  {
    id: 'data', samples: ['19-rest.http', '20-graphql.http', '21-files.http', '31-pages.http'],
    title: { en: 'REST, GraphQL and files', ko: 'REST, GraphQL, 파일' }, handlers: /^(?:books|graphql|files)(?:\/|$)/,
    sentence: {
      en: 'A shelf of books by REST and by GraphQL, and a page with all its files. An idempotency key keeps a repeated request from adding a second book, and a range brings a part of the content. Look at the status, and at ETag, Link and Cache-Control in the response.',
      ko: '책 목록을 REST와 GraphQL로 다루고, 페이지를 그에 딸린 파일과 함께 받습니다. 멱등 키가 있으면 다시 보낸 요청으로 책이 하나 더 생기지 않고, 범위를 주면 콘텐츠의 일부만 옵니다. 응답의 상태 코드와 ETag, Link, Cache-Control을 보십시오.',
    },
  },
  {
    id: 'sessions', samples: ['02-login.http', '26-sessions.http', '27-cookies.http', '09-tokens.http'],
    title: { en: 'Cookies and sessions', ko: '쿠키와 세션' },
    handlers: /^(?:shop|cookies|sessions?)\//,
    sentence: {
      en: 'How a server knows you again, how that is stolen, and what protects it: prefixes of cookie names, partitioned cookies (CHIPS), a CSRF token in a form. Sessions are kept in memory, or in a Redis of yours. The Cookies tab shows what was kept and what was refused; the lane of the server, what became of the session.',
      ko: '서버가 사용자를 다시 알아보는 방법과 그것을 훔치고 지키는 방법을 봅니다. 쿠키 이름의 접두사, 분할된 쿠키(CHIPS), 양식의 CSRF 토큰이 지켜 줍니다. 세션은 메모리에, 또는 가지고 있는 Redis에 보관합니다. 쿠키 탭에 저장되거나 거부된 쿠키가, 서버 줄에 세션의 결과가 나옵니다.',
    },
  },
  {
    id: 'messages', samples: ['30-messages.http', '04-redirects.http', '16-around-the-body.http', '23-live.http'],
    title: { en: 'Messages of every kind', ko: '다양한 메시지' },
    handlers:
      /^(?:echo|pages(?!\/index)|contents|statuses|slow|images|redirections|caching|credentials|messages|events|webSockets)\//,
    sentence: {
      en: 'Any status, redirect, coding, charset, picture or delay that you ask for, as httpbin has them; events and WebSockets, too. Look at the phases, the headers and the two sizes of the body.',
      ko: 'httpbin처럼 상태 코드, 리디렉션, 압축, 문자 집합, 그림, 지연을 원하는 대로 받고, 이벤트와 WebSocket도 받습니다. 단계와 헤더, 본문의 두 가지 크기를 보십시오.',
    },
  },
  {
    id: 'faults', samples: ['22-faults.http', '06-failures.http'], title: { en: 'Faults', ko: '결함' },
    handlers: /^faults\/(?!exit)/,
    sentence: {
      en: 'A server that misbehaves, each time in another way, or that is full: at its limit of connections it turns you away, and where it cannot accept any, it backs off and tries again. The inspector names the phase and the cause; the lane of the server says what was really done.',
      ko: '서버가 매번 다른 방식으로 잘못 동작합니다. 가득 차기도 해서, 연결 수가 한도에 이르면 거절하고, 수락하지 못하면 간격을 늘려 가며 다시 시도합니다. 인스펙터에 실패한 단계와 원인이, 서버 줄에 서버가 실제로 한 일이 나옵니다.',
    },
  },
  {
    id: 'cluster', samples: ['25-cluster.http'], title: { en: 'A cluster', ko: '클러스터' },
    handlers: /^(?:worker|health|compute|faults\/exit)$/,
    sentence: {
      en: 'Two workers behind one port, and a balancer that chooses between them: in turn, by the fewest requests (least connections), or by a sticky cookie. A worker that fails its health check is left out. The lanes say who chose, who served, and why one worker knows a login and the other does not.',
      ko: '포트 하나 뒤에 워커가 둘 있고 부하 분산기가 그 가운데 하나를 차례대로, 요청이 가장 적은 쪽으로(최소 연결), 또는 고정 쿠키를 보고 고릅니다. 상태 확인에 실패한 워커는 빠집니다. 서버마다 있는 줄에 누가 골랐고 누가 처리했는지, 왜 한 워커만 로그인을 아는지 나옵니다.',
    },
  },
  {
    id: 'gateways', samples: ['24-gateways.http'], title: { en: 'Gateways', ko: '게이트웨이' },
    sentence: {
      en: 'To you a gateway is the server; behind it something else is spoken: TLS, plain HTTP, FTP, or with a program. Forwarded and Via tell an HTTP server behind it who asked and by which way. A gateway has a lane of its own beside the server’s.',
      ko: '클라이언트에게는 게이트웨이가 곧 서버이지만 그 뒤에서는 TLS, 일반 HTTP, FTP, 프로그램과의 대화 등 다른 것이 오갑니다. 뒤의 HTTP 서버는 Forwarded와 Via를 보고 누가 어떤 길로 요청했는지 압니다. 서버 줄 옆에 게이트웨이의 줄이 따로 있습니다.',
    },
  },
  {
    id: 'proxies', samples: ['17-proxies.http'], title: { en: 'Tunnels and proxies', ko: '터널과 프록시' },
    sentence: {
      en: 'Somebody asks on your behalf: a proxy that reads along, a tunnel that only carries bytes, early data included, SOCKS. One wants proxy authentication, and an allow-list keeps all of them inside the lab. The Connection tab shows each step; the lane of the proxy, what it could see.',
      ko: '다른 서버가 대신 요청합니다. 내용을 읽는 프록시, 미리 보낸 데이터까지 바이트만 나르는 터널, SOCKS가 있습니다. 프록시 인증을 요구하는 것도 있고, 모두 허용 목록에 따라 랩 안으로만 이어집니다. 연결 탭에 각 단계가, 프록시 줄에 프록시가 볼 수 있었던 것이 나옵니다.',
    },
  },
  {
    id: 'relays', samples: ['18-relays.http'], title: { en: 'Relays that hang', ko: '멈추는 중계 서버' },
    sentence: {
      en: 'The same two requests through a relay that knows its part, and through one that passes everything on and hangs. The Overview tab names the cause.',
      ko: '같은 요청 두 개를 제대로 된 중계 서버로, 그리고 무엇이든 그대로 전달하다가 멈추는 중계 서버로 보냅니다. 개요 탭에 그 원인이 나옵니다.',
    },
  },
  {
    id: 'control', samples: ['01-hello.http'], title: { en: 'The lab in your hands', ko: '랩 다루기' },
    handlers: /^pages\/index$/,
    sentence: {
      en: 'The Lab view starts and stops each server by itself, adds and kills workers and ends sessions. The front page lists every server with its address and every route with an example.',
      ko: '랩 보기에서 서버를 하나씩 시작하고 멈추며, 워커를 추가하거나 강제로 종료하고 세션을 끝냅니다. 첫 페이지에 모든 서버가 주소와 함께, 모든 경로가 예와 함께 나옵니다.',
    },
  },
];

/** The topic of the routes that no other claims. */
const rest = 'messages';

/** Whose route a handler of this name serves. */
export function topicOf(handler: string): string {
  return topics.find(({ handlers }) => handlers?.test(handler))?.id ?? rest;
}
