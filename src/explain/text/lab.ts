import type { Texts } from './text.ts';

/** The lab's servers, as short as a row of a list wants it. */
export const labServerNames = {
  'http': { en: 'HTTP', ko: 'HTTP' },
  'https': { en: 'HTTPS', ko: 'HTTPS' },
  'dns': { en: 'Server of lab.test', ko: 'lab.test 네임 서버' },
  'topDns': { en: 'Server of test.', ko: 'test. 네임 서버' },
  'rootDns': { en: 'Root server', ko: '루트 네임 서버' },
  'slowDns': { en: 'Slow server', ko: '느린 네임 서버' },
  'silentDns': { en: 'Silent server', ko: '응답하지 않는 네임 서버' },
  'proxy': { en: 'HTTP proxy', ko: 'HTTP 프록시' },
  'memberProxy': { en: 'Members’ proxy', ko: '인증 프록시' },
  'httpsProxy': { en: 'HTTPS proxy', ko: 'HTTPS 프록시' },
  'socks': { en: 'SOCKS proxy', ko: 'SOCKS 프록시' },
  'relay': { en: 'Relay', ko: '중계 서버' },
  'blindRelay': { en: 'Blind relay', ko: '블라인드 중계 서버' },
  'reverseProxy': { en: 'Reverse proxy', ko: '리버스 프록시' },
  'accelerator': { en: 'HTTPS accelerator', ko: 'HTTPS 가속기' },
  'securityGateway': { en: 'Security gateway', ko: '보안 게이트웨이' },
  'ftpGateway': { en: 'FTP gateway', ko: 'FTP 게이트웨이' },
  'ftp': { en: 'FTP server', ko: 'FTP 서버' },
  'resourceGateway': { en: 'Resource gateway', ko: '리소스 게이트웨이' },
  'cluster': { en: 'Cluster', ko: '클러스터' },
  'balancer': { en: 'Balancer', ko: '부하 분산기' },
} as const satisfies Texts;

/** What each of them is for, in a sentence. */
export const labServerPurposes = {
  'http': {
    en: 'The web server, unencrypted: a shop, books over REST and GraphQL, files, live streams and faults.',
    ko: '암호화하지 않는 웹 서버입니다. 쇼핑몰, REST와 GraphQL로 읽는 책, 파일, 실시간 스트림, 장애 경로가 있습니다.',
  },
  'https': {
    en: 'The same web server over TLS, with HTTP/2; other names show expired, wrong and incomplete certificates.',
    ko: '같은 웹 서버를 TLS와 HTTP/2로 제공합니다. 다른 이름으로 접속하면 만료되거나 잘못되거나 불완전한 인증서를 볼 수 있습니다.',
  },
  'dns': {
    en: 'Knows every name below lab.test, over UDP and TCP.',
    ko: 'lab.test 아래의 모든 이름을 UDP와 TCP로 알려 줍니다.',
  },
  'topDns': {
    en: 'Refers a walk from test. to lab.test, and knows nothing of the zone that is said to be its own.',
    ko: '조회를 test.에서 lab.test로 넘겨 줍니다. 자기 것이라고 위임된 영역은 전혀 모릅니다.',
  },
  'rootDns': {
    en: 'Where a walk begins: the root refers it to test.',
    ko: '조회가 시작되는 곳입니다. 루트에서 test.로 넘겨 줍니다.',
  },
  'slowDns': {
    en: 'Answers for slow.lab.test a second and a half late.',
    ko: 'slow.lab.test에 관한 질의에 1.5초 늦게 답합니다.',
  },
  'silentDns': {
    en: 'Takes questions about silent.lab.test and never answers.',
    ko: 'silent.lab.test에 관한 질의를 받기만 하고 답하지 않습니다.',
  },
  'proxy': {
    en: 'A proxy that everybody may use, for HTTP requests and CONNECT tunnels; it leads to the lab only.',
    ko: '누구나 쓸 수 있는 프록시로, HTTP 요청과 CONNECT 터널을 받습니다. 랩 안으로만 연결합니다.',
  },
  'memberProxy': {
    en: 'A proxy that wants a user name and a password, such as ada and lovelace.',
    ko: '사용자 이름과 암호(예: ada, lovelace)를 요구하는 프록시입니다.',
  },
  'httpsProxy': {
    en: 'A proxy that is itself spoken to over TLS.',
    ko: '프록시와의 연결에도 TLS를 쓰는 프록시입니다.',
  },
  'socks': {
    en: 'A SOCKS5 proxy, with and without a password.',
    ko: '암호가 있거나 없는 SOCKS5 프록시입니다.',
  },
  'relay': {
    en: 'A relay that keeps to itself what was meant for one connection only.',
    ko: '한 연결에만 해당하는 헤더를 다음으로 넘기지 않는 올바른 중계 서버입니다.',
  },
  'blindRelay': {
    en: 'A relay that passes everything on, also what it should not: the second request on its connection hangs.',
    ko: '넘기지 말아야 할 것까지 모두 넘기는 중계 서버입니다. 같은 연결의 두 번째 요청이 멈춥니다.',
  },
  'reverseProxy': {
    en: 'Stands in front of an application, and tells it in X-Forwarded-* and Forwarded who asked for what.',
    ko: '애플리케이션 앞에서 누가 무엇을 요청했는지 X-Forwarded-*와 Forwarded 헤더로 알려 줍니다.',
  },
  'accelerator': {
    en: 'HTTPS in front, plain HTTP behind: it takes TLS off the server’s hands.',
    ko: '앞쪽은 HTTPS, 뒤쪽은 HTTP입니다. 서버 대신 TLS를 처리합니다.',
  },
  'securityGateway': {
    en: 'Plain HTTP in front, HTTPS behind: it speaks TLS for clients that do not.',
    ko: '앞쪽은 HTTP, 뒤쪽은 HTTPS입니다. TLS를 모르는 클라이언트 대신 TLS로 통신합니다.',
  },
  'ftpGateway': {
    en: 'HTTP in front, FTP behind: GET lists and fetches, PUT stores.',
    ko: '앞쪽은 HTTP, 뒤쪽은 FTP입니다. GET으로 목록과 파일을 읽고 PUT으로 저장합니다.',
  },
  'ftp': {
    en: 'The FTP server behind the FTP gateway; FTP clients may use it, too.',
    ko: 'FTP 게이트웨이 뒤의 FTP 서버입니다. FTP 클라이언트로도 접속할 수 있습니다.',
  },
  'resourceGateway': {
    en: 'Runs a program for each request and gives what it writes for the response (CGI).',
    ko: '요청마다 프로그램을 실행하고 그 출력을 응답으로 보냅니다(CGI).',
  },
  'cluster': {
    en: 'Worker processes behind one port, which take connections in turn.',
    ko: '한 포트 뒤에서 연결을 번갈아 맡는 워커 프로세스들입니다.',
  },
  'balancer': {
    en: 'Chooses a worker for each request: in turn, by load, or by a cookie.',
    ko: '요청마다 워커를 고릅니다. 차례대로, 부하에 따라, 또는 쿠키에 따라 고릅니다.',
  },
} as const satisfies Texts;

export const labGroupNames = {
  web: { en: 'Web Server', ko: '웹 서버' },
  names: { en: 'Names', ko: '네임 서버' },
  proxies: { en: 'Proxies and Relays', ko: '프록시와 중계 서버' },
  gateways: { en: 'Gateways', ko: '게이트웨이' },
  cluster: { en: 'Cluster', ko: '클러스터' },
} as const satisfies Texts;

/** What is said of their states; `setting` is where a port is chosen. */
export const labStateTexts = {
  'running': { en: 'running', ko: '실행 중' },
  'stopped': { en: 'stopped', ko: '중지됨' },
  'failed': { en: 'failed', ko: '실패' },
  'idle': { en: 'starts when needed', ko: '필요할 때 시작' },
  'starting': { en: 'starting', ko: '시작하는 중' },
  'port': { en: 'port {port}', ko: '포트 {port}' },
  'connection': { en: '1 connection', ko: '연결 1개' },
  'connections': { en: '{count} connections', ko: '연결 {count}개' },
  'session': { en: '1 session', ko: '세션 1개' },
  'sessions': { en: '{count} sessions', ko: '세션 {count}개' },
  'request': { en: '1 request', ko: '요청 1개' },
  'requests': { en: '{count} requests', ko: '요청 {count}개' },
  'some-running': { en: '{running} of {count} running', ko: '{count}개 중 {running}개 실행 중' },
  'worker': { en: 'Worker {number}', ko: '워커 {number}' },
  'process': { en: 'process {pid}', ko: '프로세스 {pid}' },
  'port-taken': {
    en: '{server}: port {port} is taken by another program. Choose another one with {setting}, or end that program; then {again}.',
    ko: '{server}: 포트 {port}번은 다른 프로그램에서 사용 중입니다. {setting}에서 다른 포트를 고르거나 그 프로그램을 종료한 다음 {again}.',
  },
  'port-own': {
    en: '{server}: port {port} is taken by another server of the lab: {other}. Choose another one with {setting}.',
    ko: '{server}: 포트 {port}번은 랩의 다른 서버에서 사용 중입니다({other}). {setting}에서 다른 포트를 고르십시오.',
  },
  'port-forbidden': {
    en: '{server}: this user may not listen on port {port}. Choose one above 1023 with {setting}; then {again}.',
    ko: '{server}: 이 사용자는 포트 {port}번에서 수신할 권한이 없습니다. {setting}에서 1023보다 큰 포트를 고른 다음 {again}.',
  },
  'not-listening': {
    en: '{server}: it cannot listen ({reason}). See that loopback is up; then {again}.',
    ko: '{server}: 수신할 수 없습니다({reason}). 루프백이 동작하는지 확인한 다음 {again}.',
  },
  'no-such-worker': {
    en: 'There is no such worker now: one starts when the cluster is first needed.',
    ko: '지금은 그 워커가 없습니다. 워커는 클러스터가 처음 필요할 때 시작됩니다.',
  },
  'other-workers': {
    en: 'No worker of that number is running. Running: {numbers}.',
    ko: '그 번호의 워커는 실행 중이 아닙니다. 실행 중인 워커: {numbers}.',
  },
  'too-many-workers': {
    en: 'The cluster has as many workers as it may have.', ko: '클러스터에 더는 워커를 더할 수 없습니다.',
  },
  'store-away': {
    en: 'Redis cannot be reached, so the sessions in it are still there. Start it, and clear them again.',
    ko: 'Redis에 연결할 수 없어 그 안의 세션은 남아 있습니다. Redis를 시작한 다음 다시 지우십시오.',
  },
  'cluster-stopped': {
    en: 'The cluster is stopped. Start it first.', ko: '클러스터가 중지되어 있습니다. 먼저 시작하십시오.',
  },
  'start-server-again': { en: 'start the server again', ko: '서버를 다시 시작하십시오' },
  'start-lab-again': { en: 'start the lab again', ko: '랩을 다시 시작하십시오' },
} as const satisfies Texts;
