import type { LabServerId } from '../messages.ts';
import type { Words } from './topics.ts';

/** What is told of a server or a name: the topic it belongs to, and what is special about it. */
export interface Description {
  readonly topic: string;
  readonly summary: Words;
}

export const places: Readonly<Record<LabServerId, Description>> = {
  dns: {
    topic: 'names',
    summary: {
      en: 'The name server of lab.test, over UDP and TCP.', ko: 'lab.test의 네임 서버이며 UDP와 TCP로 답합니다.',
    },
  },
  topDns: {
    topic: 'names',
    summary: { en: 'The name server of test.', ko: 'test.의 네임 서버입니다.' },
  },
  rootDns: {
    topic: 'names',
    summary: {
      en: 'The root server, where a walk begins.', ko: '조회가 시작되는 루트 네임 서버입니다.',
    },
  },
  slowDns: {
    topic: 'names',
    summary: { en: 'The name server of slow.lab.test: takes 1.5 s.', ko: 'slow.lab.test의 네임 서버이며 답하는 데 1.5초가 걸립니다.' },
  },
  silentDns: {
    topic: 'names',
    summary: { en: 'The name server of silent.lab.test: says nothing.', ko: 'silent.lab.test의 네임 서버이며 아무 답도 하지 않습니다.' },
  },
  https: {
    topic: 'certificates',
    summary: {
      en: 'The web server over TLS: HTTP/2 and HTTP/1.1.', ko: 'TLS로 통신하는 웹 서버이며 HTTP/2와 HTTP/1.1을 씁니다.',
    },
  },
  http: {
    topic: 'inside',
    summary: { en: 'The web server without TLS.', ko: 'TLS를 쓰지 않는 웹 서버입니다.' },
  },
  cluster: {
    topic: 'cluster',
    summary: { en: 'Two worker processes that share a port.', ko: '포트 하나를 함께 쓰는 워커 프로세스 두 개입니다.' },
  },
  balancer: {
    topic: 'cluster',
    summary: { en: 'Chooses a worker for each request.', ko: '요청마다 워커를 고릅니다.' },
  },
  accelerator: {
    topic: 'gateways',
    summary: { en: 'HTTPS in front, HTTP behind.', ko: '앞은 HTTPS, 뒤는 HTTP입니다.' },
  },
  securityGateway: {
    topic: 'gateways',
    summary: { en: 'HTTP in front, HTTPS behind.', ko: '앞은 HTTP, 뒤는 HTTPS입니다.' },
  },
  reverseProxy: {
    topic: 'gateways',
    summary: { en: 'Stands in front of an application and hides where it is.', ko: '애플리케이션 앞에 서서 그 위치를 숨깁니다.' },
  },
  ftpGateway: {
    topic: 'gateways',
    summary: { en: 'HTTP in front, FTP behind.', ko: '앞은 HTTP, 뒤는 FTP입니다.' },
  },
  ftp: {
    topic: 'gateways',
    summary: { en: 'The FTP server behind the gateway, in passive mode.', ko: '게이트웨이 뒤의 FTP 서버이며 수동 모드로 동작합니다.' },
  },
  resourceGateway: {
    topic: 'gateways',
    summary: { en: 'Runs a program for each request (CGI).', ko: '요청마다 프로그램을 실행합니다(CGI).' },
  },
  proxy: {
    topic: 'proxies',
    summary: { en: 'A proxy for everybody: reads http, tunnels https.', ko: '누구나 쓰는 프록시입니다. http는 읽고 https는 터널로 나릅니다.' },
  },
  memberProxy: {
    topic: 'proxies',
    summary: { en: 'The same for members: user ada, password lovelace.', ko: '회원만 쓰는 프록시입니다. 사용자는 ada, 암호는 lovelace입니다.' },
  },
  httpsProxy: {
    topic: 'proxies',
    summary: { en: 'A proxy that is itself reached over TLS.', ko: '프록시까지도 TLS로 연결합니다.' },
  },
  socks: {
    topic: 'proxies',
    summary: { en: 'SOCKS5: connects, and knows nothing of HTTP.', ko: 'SOCKS5입니다. 연결만 해 주고 HTTP는 모릅니다.' },
  },
  relay: {
    topic: 'relays',
    summary: { en: 'Takes out what was meant for its own connection.', ko: '자기 연결에만 해당하는 헤더를 제거합니다.' },
  },
  blindRelay: {
    topic: 'relays',
    summary: { en: 'Passes everything on as it is, and hangs.', ko: '무엇이든 그대로 전달하다가 멈춥니다.' },
  },
};

const name = (topic: string, en: string, ko: string): Description => ({ topic, summary: { en, ko } });

/** The names of `lab.test` that are not like the others. */
export const names: Readonly<Record<string, Description>> = {
  'www.lab.test': name('names', 'An alias (CNAME) of shop.lab.test.', 'shop.lab.test의 별칭(CNAME)입니다.'),
  'mail.lab.test': name('names', 'Takes the mail for lab.test: its MX record says so.', 'MX 레코드에 적힌 lab.test의 메일 서버입니다.'),
  '_ftp._tcp.lab.test': name('names', 'An SRV record tells where the FTP server listens.', 'SRV 레코드가 FTP 서버의 위치를 알려 줍니다.'),
  'ftp.lab.test': name('names', 'Found by the SRV record of _ftp._tcp.lab.test.', '_ftp._tcp.lab.test의 SRV 레코드에 적혀 있습니다.'),
  '_ftp.lab.test': name('names', 'The same as an SVCB record.', '같은 내용의 SVCB 레코드입니다.'),
  'apex.lab.test': name('names', 'An HTTPS record makes it an alias of hints.lab.test.', 'HTTPS 레코드가 hints.lab.test의 별칭으로 만듭니다.'),
  'hints.lab.test': name('names', 'An HTTPS record that has addresses with it.', 'HTTPS 레코드에 주소가 함께 있습니다.'),
  'moved.lab.test': name('names', 'A DNAME: names below it lead to names below lab.test.', 'DNAME입니다. 이 아래의 이름은 lab.test 아래의 이름으로 이어집니다.'),
  'alias.lab.test': name('names', 'Three aliases (CNAME) lead to shop.lab.test.', '별칭(CNAME) 세 개를 거쳐 shop.lab.test에 이릅니다.'),
  'loop.lab.test': name('names', 'Two aliases that lead to each other.', '서로를 가리키는 별칭 두 개입니다.'),
  'loop2.lab.test': name('names', 'The other one of them.', '그중 다른 하나입니다.'),
  'given.lab.test': name('names', 'Like all names that are not here: a host of the lab.', '여기 없는 다른 모든 이름처럼 랩의 호스트입니다.'),
  'long.lab.test': name('names', 'Its aliases are too long for UDP: the answer comes over TCP.', '별칭이 길어 UDP에 담기지 않아 답이 TCP로 옵니다.'),
  'big.lab.test': name('names', 'The same for TXT, which programs like dig ask for.', 'dig 같은 프로그램이 묻는 TXT도 마찬가지입니다.'),
  'ipv4.lab.test': name('names', 'Has an IPv4 address only.', 'IPv4 주소만 있습니다.'),
  'ipv6.lab.test': name('names', 'Has an IPv6 address only.', 'IPv6 주소만 있습니다.'),
  'h2.lab.test': name('names', 'An HTTPS record says that HTTP/2 is spoken.', 'HTTPS 레코드가 HTTP/2를 쓴다고 알려 줍니다.'),
  'empty.lab.test': name('names', 'Exists, and has no address.', '있지만 주소가 없는 이름입니다.'),
  'nowhere.lab.test': name('names', 'Does not exist (NXDOMAIN).', '없는 이름입니다(NXDOMAIN).'),
  'servfail.lab.test': name('names', 'Its name server is in trouble (SERVFAIL).', '네임 서버에 문제가 있습니다(SERVFAIL).'),
  'host.slow.lab.test': name('names', 'Its name server takes 1.5 s.', '네임 서버가 답하는 데 1.5초가 걸립니다.'),
  'host.silent.lab.test': name('names', 'Its name server says nothing.', '네임 서버가 아무 답도 하지 않습니다.'),
  'host.lame.lab.test': name('names', 'Delegated to a server that knows nothing of it.', '이 영역을 모르는 서버에 위임되어 있습니다.'),
  'shop.lab.test': name('routing', 'A virtual host: routes with this name win here.', '가상 호스트입니다. 이 이름이 적힌 경로가 여기에서 이깁니다.'),
  'other.lab.test': name('messages', 'Another origin, to redirect to.', '리다이렉션할 다른 출처입니다.'),
  'guest.lab.test': name('sessions', 'A host beside the others, which may plant cookies for all of lab.test.', 'lab.test 전체에 쿠키를 심을 수 있는 이웃 호스트입니다.'),
  'redis.lab.test': name('sessions', 'Keeps sessions in a Redis, where one is set.', 'Redis가 설정되어 있으면 세션을 Redis에 보관합니다.'),
  'expired.lab.test': name('certificates', 'Expired yesterday.', '어제 만료되었습니다.'),
  'notyet.lab.test': name('certificates', 'Valid from tomorrow on.', '내일부터 유효합니다.'),
  'wrong.lab.test': name('certificates', 'Made for another name.', '다른 이름의 인증서입니다.'),
  'selfsigned.lab.test': name('certificates', 'Signed by nobody but itself.', '자기 자신이 서명했습니다.'),
  'incomplete.lab.test': name('certificates', 'Sent without the intermediate one.', '중간 인증서 없이 보냅니다.'),
  'disorder.lab.test': name('certificates', 'Sent in the wrong order.', '인증서의 순서가 바뀌어 있습니다.'),
  'weak.lab.test': name('certificates', 'RSA with 1,024 bits.', '1,024비트 RSA 키입니다.'),
  'client.lab.test': name('certificates', 'Wants a certificate of the client, too.', '클라이언트의 인증서도 요구합니다.'),
  'tls12.lab.test': name('certificates', 'Speaks TLS 1.2 at most.', 'TLS 1.2까지만 씁니다.'),
  'stapled.lab.test': name('certificates', 'An OCSP response is stapled to it.', 'OCSP 응답이 함께 옵니다.'),
  'alert.lab.test': name('faults', 'An alert in place of a ServerHello.', 'ServerHello 대신 경고를 보냅니다.'),
  'memory.lab.test': name('sessions', 'Each process keeps sessions of its own.', '프로세스마다 세션을 따로 보관합니다.'),
  'shared.lab.test': name('cluster', 'At the cluster: all workers share their sessions.', '클러스터에서 모든 워커가 세션을 함께 씁니다.'),
  'least.lab.test': name('cluster', 'At the balancer: the worker with the fewest requests.', '부하 분산기가 요청이 가장 적은 워커를 고릅니다.'),
  'sticky.lab.test': name('cluster', 'At the balancer: a cookie leads to the same worker.', '부하 분산기가 쿠키를 보고 같은 워커로 보냅니다.'),
};
