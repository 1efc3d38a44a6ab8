import type { Texts } from './text.ts';

/** What the card of a failure says: `title-CODE`, `text-CODE` (with variants) and numbered steps. */
export const failureTexts = {
  // --- before anything is sent
  'title-invalid-request': { en: 'The request cannot be sent as it is written.', ko: '작성된 대로는 요청을 보낼 수 없습니다.' },
  'text-invalid-request': {
    en: 'HTTP does not allow it, so nothing left this machine.',
    ko: 'HTTP에서 허용하지 않는 형태이므로 아무것도 보내지 않았습니다.',
  },
  'text-invalid-request-cause': {
    en: 'HTTP does not allow it, so nothing left this machine: {cause}.',
    ko: 'HTTP에서 허용하지 않는 형태이므로 아무것도 보내지 않았습니다: {cause}.',
  },
  'text-invalid-request-trailer': {
    en: 'A field that is needed before the content has no place behind it, and HTTP/1.0 has neither chunks nor trailers (RFC 9110 §6.5.1, RFC 9112 §6.1). Nothing left this machine.',
    ko: '콘텐츠보다 먼저 필요한 필드는 콘텐츠 뒤에 올 수 없고, HTTP/1.0에는 청크와 트레일러가 없습니다(RFC 9110 §6.5.1, RFC 9112 §6.1). 아무것도 보내지 않았습니다.',
  },
  'text-invalid-request-message': {
    en: 'A message of the request is longer than {limitSize}: it was not sent, and the WebSocket was closed.',
    ko: '요청의 메시지가 {limitSize}보다 길어 보내지 않고 WebSocket을 닫았습니다.',
  },
  'text-invalid-request-dns': {
    en: '`{value}` names no name server that can be asked, so nothing left this machine.',
    ko: '`{value}`에는 물어볼 수 있는 네임 서버가 없어 아무것도 보내지 않았습니다.',
  },
  'set-name-servers': {
    en: 'Give name servers as `192.0.2.53`, or as `tls://192.0.2.53#name` or `https://name/dns-query`, which do not stand beside the first kind.',
    ko: '네임 서버를 `192.0.2.53` 형식이나 `tls://192.0.2.53#name`, `https://name/dns-query` 형식으로 지정하십시오. 앞의 형식과 뒤의 두 형식은 섞을 수 없습니다.',
  },
  'title-body-file-unreadable': { en: 'The file of the request body cannot be read.', ko: '요청 본문 파일을 읽을 수 없습니다.' },
  'text-body-file-unreadable': { en: 'Nothing was sent.', ko: '아무것도 보내지 않았습니다.' },
  'text-body-file-unreadable-path': {
    en: '`{path}` cannot be read ({cause}), so nothing was sent.',
    ko: '`{path}` 파일을 읽을 수 없어({cause}) 아무것도 보내지 않았습니다.',
  },
  'title-unsupported': { en: 'Roundtrip cannot do this yet.', ko: 'Roundtrip에서 아직 지원하지 않습니다.' },
  'text-unsupported': { en: 'Nothing was sent.', ko: '아무것도 보내지 않았습니다.' },
  'text-unsupported-cause': { en: 'Nothing was sent: {cause}.', ko: '아무것도 보내지 않았습니다: {cause}.' },
  'text-unsupported-trailer': {
    en: 'The trailers of the request could not be sent: {cause}.',
    ko: '요청의 트레일러를 보낼 수 없었습니다: {cause}.',
  },
  'text-unsupported-method': {
    en: 'The method `{method}` asks for a tunnel instead of a response, and Roundtrip opens tunnels only through a proxy. Nothing was sent.',
    ko: '`{method}` 메서드는 응답이 아니라 터널을 요청합니다. Roundtrip에서는 프록시를 거칠 때만 터널을 엽니다. 아무것도 보내지 않았습니다.',
  },
  'text-unsupported-web-socket-version': {
    en: 'A WebSocket is opened in HTTP/1.1 here (RFC 6455 §4.1), and the request asks for another version. Nothing was sent.',
    ko: 'WebSocket은 여기에서 HTTP/1.1로 엽니다(RFC 6455 §4.1). 요청에는 다른 버전이 적혀 있어 아무것도 보내지 않았습니다.',
  },
  'text-unsupported-version': {
    en: '`HTTP/2` is agreed on within TLS, and `{url}` has no TLS (RFC 9113 §3.2). Nothing was sent.',
    ko: '`HTTP/2` 사용은 TLS 안에서 합의하는데 `{url}` 주소에는 TLS가 없습니다(RFC 9113 §3.2). 아무것도 보내지 않았습니다.',
  },
  'text-unsupported-scheme': {
    en: '`{proxy}` is a proxy of the kind `{scheme}:`; only `http:`, `https:` and SOCKS proxies are supported. Nothing was sent.',
    ko: '`{proxy}` 주소는 `{scheme}:` 방식의 프록시입니다. `http:`, `https:`, SOCKS 프록시만 지원합니다. 아무것도 보내지 않았습니다.',
  },
  'text-unsupported-proxy-url': {
    en: 'The address of the proxy is not a URL such as `http://host:port` or `socks5h://host:port`. Nothing was sent.',
    ko: '프록시 주소가 `http://host:port`나 `socks5h://host:port`와 같은 URL이 아닙니다. 아무것도 보내지 않았습니다.',
  },
  'text-unsupported-socks4': {
    en: 'SOCKS4 knows IPv4 addresses only, and `{target}` has none. Nothing was sent.',
    ko: 'SOCKS4에서는 IPv4 주소만 쓸 수 있는데 `{target}` 대상에는 없습니다. 아무것도 보내지 않았습니다.',
  },
  'use-socks5': {
    en: 'If the proxy speaks SOCKS5, write `socks5h:` instead.',
    ko: 'SOCKS5를 지원하는 프록시라면 `socks5h:` 방식으로 쓰십시오.',
  },
  'use-https': {
    en: 'Write `https:`, or leave out the version to use HTTP/1.1.',
    ko: '`https:`로 작성하거나, 버전을 빼고 HTTP/1.1로 보내십시오.',
  },
  'set-http-proxy': {
    en: 'Give a proxy as `http://host:port`, `https://host:port`, `socks5h://host:port` or `socks4a://host:port`.',
    ko: '프록시를 `http://host:port`, `https://host:port`, `socks5h://host:port`, `socks4a://host:port` 형식으로 지정하십시오.',
  },

  // --- names
  'title-name-not-found': { en: 'The name does not exist.', ko: '존재하지 않는 이름입니다.' },
  'text-name-not-found': {
    en: 'No source knows an address for `{host}`.',
    ko: '`{host}` 이름의 주소를 아는 곳이 없습니다.',
  },
  'text-name-not-found-server': {
    en: '`{server}` says that `{host}` does not exist ({rcode}).',
    ko: '`{server}` 네임 서버에서 `{host}` 이름이 존재하지 않는다고 응답했습니다({rcode}).',
  },
  'title-onion': { en: 'A name of the Tor network.', ko: 'Tor 네트워크의 이름입니다.' },
  'text-onion': {
    en: '`{host}` can be reached through Tor only. Nobody was asked for its address: a question would tell others where you are going, so RFC 7686 §2 wants none.',
    ko: '`{host}` 이름은 Tor를 통해서만 접속할 수 있습니다. 질의를 보내면 어디에 접속하는지 알려지므로, RFC 7686 §2에 따라 아무에게도 묻지 않았습니다.',
  },
  'title-name-without-address': { en: 'The name has no address.', ko: '이름에 주소가 없습니다.' },
  'text-name-without-address': {
    en: '`{host}` exists, but has neither an A nor an AAAA record, so there is nothing to connect to.',
    ko: '`{host}` 이름은 존재하지만 A와 AAAA 레코드가 모두 없어 연결할 곳이 없습니다.',
  },
  'title-name-server-failed': { en: 'The name servers gave no address.', ko: '네임 서버에서 주소를 얻지 못했습니다.' },
  'text-name-server-failed': {
    en: 'The question for `{host}` got no usable answer, so it is not known whether the name exists.',
    ko: '`{host}` 조회에 쓸 수 있는 답을 받지 못해 이름이 존재하는지 알 수 없습니다.',
  },
  'text-name-server-failed-server': {
    en: '`{server}` answered the question for `{host}` with {rcode}, so it is not known whether the name exists.',
    ko: '`{host}` 조회에 `{server}` 네임 서버에서 {rcode} 응답을 보내 이름이 존재하는지 알 수 없습니다.',
  },
  'text-name-server-failed-loop': {
    en: 'The aliases (CNAME) go round in a circle: `{host}` leads back to `{loopAt}`, so there is no address (RFC 1034 §3.6.2).',
    ko: '별칭(CNAME)이 제자리로 돌아옵니다. `{host}` 이름을 따라가면 다시 `{loopAt}` 이름이 나와 주소가 없습니다(RFC 1034 §3.6.2).',
  },
  'text-name-server-failed-lame': {
    en: 'A lame delegation: the servers of `{lameParent}` say that `{lameServer}` serves the zone `{lameZone}`, but it does not, so it is not known whether `{host}` exists.',
    ko: '잘못된 위임입니다. `{lameParent}` 영역의 서버는 `{lameZone}` 영역을 `{lameServer}` 서버에 맡겼다고 하지만 그 서버는 이 영역을 담당하지 않아, `{host}` 이름이 존재하는지 알 수 없습니다.',
  },
  'text-lookup-aliases': {
    en: '`{host}` leads through more aliases (CNAME) than are followed: {aliasLimit} is the limit, so it is not known whether there is an address.',
    ko: '`{host}` 이름에서 이어지는 별칭(CNAME)이 따라가는 한도({aliasLimit}개)보다 많아, 주소가 있는지 알 수 없습니다.',
  },
  'text-lookup-referrals': {
    en: 'The walk to `{host}` was given up at the limit of {referralLimit} referrals, so it is not known whether the name exists.',
    ko: '`{host}` 조회에서 다른 서버로 안내하는 응답(referral)이 한도({referralLimit}회)를 넘어 조회를 그만두었으므로, 이름이 존재하는지 알 수 없습니다.',
  },
  'text-lookup-queries': {
    en: 'The walk to `{host}` was given up at the limit of {queryLimit} questions, so it is not known whether the name exists.',
    ko: '`{host}` 조회에서 묻는 횟수가 한도({queryLimit}회)에 이르러 조회를 그만두었으므로, 이름이 존재하는지 알 수 없습니다.',
  },
  'text-lookup-servers': {
    en: 'The walk to `{host}` was given up after the addresses of {serverLimit} name servers had been looked for, so it is not known whether the name exists.',
    ko: '`{host}` 조회에서 네임 서버 {serverLimit}개의 주소를 조회한 뒤 한도에 이르러 조회를 그만두었으므로, 이름이 존재하는지 알 수 없습니다.',
  },
  'title-name-timeout': { en: 'The name server did not answer in time.', ko: '네임 서버에서 제때 응답하지 않았습니다.' },
  'text-name-timeout': {
    en: '{elapsed} after Send there was still no answer for `{host}`.',
    ko: '보낸 지 {elapsed}가 지나도록 `{host}` 조회에 대한 응답이 없었습니다.',
  },
  'text-name-timeout-server': {
    en: '{elapsed} after Send there was still no answer for `{host}` from {servers}.',
    ko: '보낸 지 {elapsed}가 지나도록 `{host}` 조회에 대해 {servers}에서 응답이 없었습니다.',
  },

  // --- TCP
  'title-connection-refused': { en: 'Connection refused.', ko: '연결이 거부되었습니다.' },
  'text-connection-refused': {
    en: 'The machine answered at once: no program listens at `{endpoint}`. Nothing was sent.',
    ko: '컴퓨터에서 바로 거부 응답이 왔습니다. `{endpoint}` 주소에서 기다리는 프로그램이 없습니다. 아무것도 보내지 않았습니다.',
  },
  'text-connection-refused-all': {
    en: 'All {count} addresses of `{host}` refused port {port}: {endpoints}. The machine is there, but no program listens on that port. Nothing was sent.',
    ko: '`{host}` 이름의 주소 {count}개({endpoints}) 모두 포트 {port} 연결을 거부했습니다. 컴퓨터는 있지만 이 포트에서 기다리는 프로그램이 없습니다. 아무것도 보내지 않았습니다.',
  },
  'text-connection-refused-each': {
    en: 'Every attempt was refused: {refused}. The machine is there, but no program listens there. Nothing was sent.',
    ko: '시도한 연결이 모두 거부되었습니다: {refused}. 컴퓨터는 있지만 그 포트에서 기다리는 프로그램이 없습니다. 아무것도 보내지 않았습니다.',
  },
  'text-connection-refused-some': {
    en: 'Refused: {refused}. The machine is there, but no program listens there. No connection came about elsewhere either: {others}. Nothing was sent.',
    ko: '연결이 거부된 곳: {refused}. 컴퓨터는 있지만 그 포트에서 기다리는 프로그램이 없습니다. 다른 주소에도 연결하지 못했습니다: {others}. 아무것도 보내지 않았습니다.',
  },
  'text-connection-refused-both': {
    en: 'Both addresses of `{host}` refused port {port}: {endpoints}. The machine is there, but no program listens on that port. Nothing was sent.',
    ko: '`{host}` 이름의 두 주소({endpoints}) 모두 포트 {port} 연결을 거부했습니다. 컴퓨터는 있지만 이 포트에서 기다리는 프로그램이 없습니다. 아무것도 보내지 않았습니다.',
  },
  'title-host-unreachable': { en: 'The host cannot be reached.', ko: '호스트에 도달할 수 없습니다.' },
  'text-host-unreachable': {
    en: 'A router on the way to `{endpoint}` reported that the host does not answer on its network.',
    ko: '`{endpoint}` 경로의 라우터에서 해당 네트워크에 응답하는 호스트가 없다고 알려 왔습니다.',
  },
  'title-network-unreachable': { en: 'There is no route to this network.', ko: '이 네트워크로 가는 경로가 없습니다.' },
  'text-network-unreachable': {
    en: 'This machine has no route to `{endpoint}`, so no packet left it.',
    ko: '이 컴퓨터에 `{endpoint}` 주소로 가는 경로가 없어 패킷을 보내지 못했습니다.',
  },
  'title-connect-timeout': { en: 'No answer to the connection attempt.', ko: '연결 시도에 응답이 없습니다.' },
  'text-connect-timeout': {
    en: '`{endpoint}` neither accepted nor refused within {limit}. A firewall that drops packets looks like this, and so does a machine that is off.',
    ko: '{limit} 안에 `{endpoint}` 연결이 수락되지도 거부되지도 않았습니다. 방화벽이 패킷을 버리거나 컴퓨터가 꺼져 있을 때 이렇게 보입니다.',
  },
  'text-connect-timeout-all': {
    en: 'None of {count} attempts led to a connection within {limit}: {attempts}. A firewall that drops packets looks like this, and so does a machine that is off.',
    ko: '{limit} 안에 연결을 {count}번 시도했지만 한 번도 연결되지 않았습니다: {attempts}. 방화벽이 패킷을 버리거나 컴퓨터가 꺼져 있을 때 이렇게 보입니다.',
  },
  'text-connect-timeout-system': {
    en: '`{endpoint}` neither accepted nor refused until the operating system gave up. A firewall that drops packets looks like this, and so does a machine that is off.',
    ko: '`{endpoint}` 연결이 수락되지도 거부되지도 않아 운영 체제에서 시도를 그만두었습니다. 방화벽이 패킷을 버리거나 컴퓨터가 꺼져 있을 때 이렇게 보입니다.',
  },
  'text-untried': {
    en: 'No more than {maxAttempts} addresses are tried for one connection, and there are more.',
    ko: '연결 하나에 주소를 최대 {maxAttempts}개까지만 시도하므로, 시도하지 않은 주소가 남아 있습니다.',
  },
  'title-address-unavailable': { en: 'The address cannot be used from here.', ko: '여기에서는 이 주소를 쓸 수 없습니다.' },
  'text-address-unavailable': {
    en: 'The operating system would not open a connection to `{endpoint}`: no usable local address or port was left.',
    ko: '운영 체제에서 `{endpoint}` 연결을 열지 못했습니다. 사용할 수 있는 로컬 주소나 포트가 없습니다.',
  },
  'title-permission-denied': { en: 'The operating system does not permit this connection.', ko: '운영 체제에서 이 연결을 허용하지 않습니다.' },
  'text-permission-denied': {
    en: 'Connecting to `{endpoint}` was forbidden on this machine, by a local firewall or a sandbox.',
    ko: '이 컴퓨터의 방화벽이나 샌드박스에서 `{endpoint}` 연결을 막았습니다.',
  },

  // --- proxy
  'text-wrong-length': {
    en: 'The request had a `Content-Length` that is not that of its body, as `# @raw-headers` says.',
    ko: '`# @raw-headers` 설정에 따라 본문과 다른 `Content-Length` 값을 보낸 요청입니다.',
  },
  'towards-proxy': {
    en: 'This was on the way to the proxy `{proxy}`; the server of the URL was not asked.',
    ko: '`{proxy}` 프록시로 가는 길에서 일어난 일이며, URL의 서버에는 묻지 않았습니다.',
  },
  'title-proxy-refused': { en: 'The proxy refused.', ko: '프록시에서 거절했습니다.' },
  'text-proxy-refused': {
    en: 'The proxy did not pass the request on.',
    ko: '프록시에서 요청을 전달하지 않았습니다.',
  },
  'text-proxy-answered': { en: 'It closed the connection with that, so the next request answers its challenge on a new one.', ko: '프록시에서 연결을 닫았으므로 다음 요청이 새 연결에서 인증 요구에 답합니다.' },
  'text-proxy-refused-name': {
    en: 'The proxy `{proxy}` did not open a tunnel to `{target}`.',
    ko: '`{proxy}` 프록시에서 `{target}` 터널을 열지 않았습니다.',
  },
  'text-proxy-refused-socks': {
    en: 'The SOCKS proxy `{proxy}` did not connect to `{target}`: {answer}.',
    ko: '`{proxy}` SOCKS 프록시에서 `{target}` 연결을 열지 않았습니다: {answer}.',
  },
  'text-proxy-schemes': { en: 'It asks for credentials by {schemes}.', ko: '요구하는 인증 방식: {schemes}.' },
  'text-proxy-refused-status': {
    en: 'The proxy `{proxy}` answered {status} instead of opening a tunnel to `{target}`.',
    ko: '`{proxy}` 프록시에서 `{target}` 터널을 여는 대신 {status} 응답을 보냈습니다.',
  },
  'title-proxy-malformed': { en: "The proxy's answer cannot be read.", ko: '프록시의 응답을 읽을 수 없습니다.' },
  'text-proxy-malformed': {
    en: 'What came back cannot be read as the answer to CONNECT (RFC 9110 §9.3.6).',
    ko: '돌아온 것을 CONNECT 응답(RFC 9110 §9.3.6)으로 읽을 수 없습니다.',
  },
  'text-proxy-malformed-socks': {
    en: 'What came back from `{proxy}` is no answer of SOCKS (RFC 1928).',
    ko: '`{proxy}`에서 온 것은 SOCKS 응답(RFC 1928)이 아닙니다.',
  },
  'text-proxy-malformed-name': {
    en: 'What came back from `{proxy}` cannot be read as the answer to CONNECT (RFC 9110 §9.3.6).',
    ko: '`{proxy}`에서 온 것을 CONNECT 응답(RFC 9110 §9.3.6)으로 읽을 수 없습니다.',
  },

  // --- TLS
  'title-certificate-expired': { en: 'The certificate has expired.', ko: '인증서가 만료되었습니다.' },
  'text-certificate-expired': {
    en: "The server's certificate for `{host}` is past its last day. Nothing of the request was sent.",
    ko: '`{host}` 서버 인증서의 유효 기간이 지났습니다. 요청은 아무것도 보내지 않았습니다.',
  },
  'text-certificate-expired-date': {
    en: '`{subject}` was valid until {validTo}, {days} before this request. Nothing of the request was sent.',
    ko: '`{subject}` 인증서는 {validTo}까지 유효했고, 이 요청 시점에 만료된 지 {days} 지났습니다. 요청은 아무것도 보내지 않았습니다.',
  },
  'title-certificate-not-yet-valid': { en: 'The certificate is not valid yet.', ko: '인증서가 아직 유효하지 않습니다.' },
  'text-certificate-not-yet-valid': {
    en: "The server's certificate for `{host}` starts in the future. Nothing of the request was sent.",
    ko: '`{host}` 서버 인증서의 유효 기간이 아직 시작되지 않았습니다. 요청은 아무것도 보내지 않았습니다.',
  },
  'text-certificate-not-yet-valid-date': {
    en: '`{subject}` is valid from {validFrom} on. Nothing of the request was sent.',
    ko: '`{subject}` 인증서는 {validFrom}부터 유효합니다. 요청은 아무것도 보내지 않았습니다.',
  },
  'title-certificate-self-signed': { en: 'The certificate is self-signed.', ko: '자체 서명된 인증서입니다.' },
  'text-certificate-self-signed': {
    en: 'The server at `{host}` vouches for itself; no authority that is trusted here has signed its certificate. Nothing of the request was sent.',
    ko: '`{host}` 서버는 스스로를 보증합니다. 여기에서 신뢰하는 인증 기관의 서명이 없습니다. 요청은 아무것도 보내지 않았습니다.',
  },
  'text-certificate-self-signed-chain': {
    en: 'The chain of `{host}` ends in `{issuer}`, which is signed by itself and not trusted here. Nothing of the request was sent.',
    ko: '`{host}` 서버의 인증서 체인은 자체 서명된 `{issuer}`에서 끝나며, 여기에서는 신뢰하지 않습니다. 요청은 아무것도 보내지 않았습니다.',
  },
  'title-certificate-untrusted': { en: 'The certificate leads to no trusted authority.', ko: '인증서가 신뢰할 수 있는 인증 기관으로 이어지지 않습니다.' },
  'text-certificate-untrusted': {
    en: 'The issuer of the certificate for `{host}` is not among the trusted ones. Nothing of the request was sent.',
    ko: '`{host}` 인증서의 발급자는 신뢰하는 인증 기관이 아닙니다. 요청은 아무것도 보내지 않았습니다.',
  },
  'text-certificate-untrusted-issuer': {
    en: '`{issuer}`, who issued the certificate of `{lastSubject}`, is neither trusted here nor vouched for by the certificates the server sent ({sentCount}). Nothing of the request was sent.',
    ko: '`{lastSubject}` 인증서를 발급한 `{issuer}` 기관은 여기에서 신뢰하지 않으며, 서버에서 보낸 인증서({sentCount}개)도 이를 보증하지 않습니다. 요청은 아무것도 보내지 않았습니다.',
  },
  'title-certificate-name-mismatch': { en: 'The certificate is for another name.', ko: '다른 이름의 인증서입니다.' },
  'text-certificate-name-mismatch': {
    en: "You asked for `{host}`; the server's certificate does not name it (RFC 9525 §6). Nothing of the request was sent.",
    ko: '요청한 이름은 `{host}`인데 서버 인증서에 이 이름이 없습니다(RFC 9525 §6). 요청은 아무것도 보내지 않았습니다.',
  },
  'text-certificate-name-mismatch-names': {
    en: "You asked for `{host}`; the server's certificate is valid for {names} only (RFC 9525 §6). Nothing of the request was sent.",
    ko: '요청한 이름은 `{host}`인데 서버 인증서는 {names}에만 유효합니다(RFC 9525 §6). 요청은 아무것도 보내지 않았습니다.',
  },
  'name-mismatch-near': {
    en: 'The entry `{nearName}` does not fit: {nearWhy}.',
    ko: '`{nearName}` 항목이 인정되지 않는 이유: {nearWhy}.',
  },
  'name-mismatch-rest': {
    en: 'The chain itself is trusted, and {days} are left.',
    ko: '체인 자체는 신뢰할 수 있으며 유효 기간이 {days} 남아 있습니다.',
  },
  'title-certificate-invalid': { en: 'The certificate is not acceptable.', ko: '받아들일 수 없는 인증서입니다.' },
  'text-certificate-invalid': {
    en: 'The certificate chain of `{host}` breaks a rule. Nothing of the request was sent.',
    ko: '`{host}` 서버의 인증서 체인이 규칙에 어긋납니다. 요청은 아무것도 보내지 않았습니다.',
  },
  'text-certificate-weak-key': {
    en: 'The key of `{weakSubject}` is too weak: {keyAlgorithm} with {keyBits} bits, where 2048 are the least that is accepted (NIST SP 800-57). Nothing of the request was sent.',
    ko: '`{weakSubject}` 인증서의 키가 너무 약합니다: {keyAlgorithm} {keyBits}비트이며, 2048비트부터 받아들입니다(NIST SP 800-57). 요청은 아무것도 보내지 않았습니다.',
  },
  'text-certificate-weak-authority-key': {
    en: 'The key of the authority `{weakSubject}` is too weak: {keyAlgorithm} with {keyBits} bits, where 2048 are the least that is accepted (NIST SP 800-57). Nothing of the request was sent.',
    ko: '`{weakSubject}` 인증 기관의 키가 너무 약합니다: {keyAlgorithm} {keyBits}비트이며, 2048비트부터 받아들입니다(NIST SP 800-57). 요청은 아무것도 보내지 않았습니다.',
  },
  'text-certificate-weak-signature': {
    en: '`{weakIssuer}` signed the certificate of `{weakSubject}` with {weakHash}, which can be forged and is no longer accepted (RFC 9155). Nothing of the request was sent.',
    ko: '`{weakIssuer}` 기관에서 `{weakSubject}` 인증서를 {weakHash} 방식으로 서명했습니다. 위조할 수 있어 더 이상 받아들이지 않습니다(RFC 9155). 요청은 아무것도 보내지 않았습니다.',
  },
  'text-certificate-invalid-cause': {
    en: 'The certificate chain of `{host}` breaks a rule: {cause}. Nothing of the request was sent.',
    ko: '`{host}` 서버의 인증서 체인이 규칙에 어긋납니다: {cause}. 요청은 아무것도 보내지 않았습니다.',
  },
  'title-tls-not-spoken': { en: 'The server does not speak TLS on this port.', ko: '서버에서 이 포트에 TLS를 쓰지 않습니다.' },
  'text-tls-not-spoken': {
    en: 'We began a TLS handshake with `{endpoint}`; what came back is not TLS. The URL says `https:`, and the port may be for plain `http:`.',
    ko: '`{endpoint}` 서버와 TLS 핸드셰이크를 시작했지만 TLS가 아닌 응답이 왔습니다. URL은 `https:`인데 이 포트는 일반 `http:`용일 수 있습니다.',
  },
  'text-tls-not-spoken-bytes': {
    en: 'The first that came was `{strange}`.',
    ko: '처음으로 온 것은 다음과 같습니다: `{strange}`.',
  },
  'title-tls-alert': { en: 'The server broke off the TLS handshake.', ko: '서버에서 TLS 핸드셰이크를 중단했습니다.' },
  'text-tls-alert': {
    en: '`{endpoint}` answered with an alert instead of going on (RFC 8446 §6).',
    ko: '`{endpoint}` 서버에서 계속하는 대신 경고를 보냈습니다(RFC 8446 §6).',
  },
  'text-tls-alert-name': {
    en: '`{endpoint}` answered with the alert `{alert}` instead of going on (RFC 8446 §6).',
    ko: '`{endpoint}` 서버에서 계속하는 대신 `{alert}` 경고를 보냈습니다(RFC 8446 §6).',
  },
  'text-alert-unrecognized-name': {
    en: '`{endpoint}` has no certificate for the name it was asked for, and answered with the alert `unrecognized_name` (RFC 6066 §3).',
    ko: '`{endpoint}` 서버에 요청한 이름의 인증서가 없어 `unrecognized_name` 경고를 보냈습니다(RFC 6066 §3).',
  },
  'text-alert-versions': {
    en: '`{endpoint}` speaks none of the TLS versions that were offered: {versions}. It said so with the alert `{alert}` (RFC 8446 §6.2) and did not say which it speaks.',
    ko: '`{endpoint}` 서버에서는 제안한 TLS 버전({versions})을 쓰지 않습니다. 서버는 `{alert}` 경고(RFC 8446 §6.2)만 보냈고 어떤 버전을 쓰는지는 밝히지 않았습니다.',
  },
  'text-alert-client-certificate-missing': {
    en: '`{endpoint}` wants a client certificate, and none was presented: it answered with the alert `{alert}` (RFC 8446 §6.2).',
    ko: '`{endpoint}` 서버에서 클라이언트 인증서를 요구했지만 제시하지 않아 `{alert}` 경고(RFC 8446 §6.2)를 받았습니다.',
  },
  'text-alert-client-certificate-refused': {
    en: '`{endpoint}` did not accept the client certificate `{clientCertificate}`: it answered with the alert `{alert}` (RFC 8446 §6.2).',
    ko: '`{endpoint}` 서버에서 클라이언트 인증서 `{clientCertificate}` 파일을 받아들이지 않고 `{alert}` 경고(RFC 8446 §6.2)를 보냈습니다.',
  },
  'text-issuers-accepted': {
    en: 'It accepts certificates of {issuersAccepted}.', ko: '서버에서 받아들이는 인증서의 발급자: {issuersAccepted}.',
  },
  'text-asked-for-certificate': {
    en: 'It had asked for a client certificate, which may be why.',
    ko: '서버에서 클라이언트 인증서를 요구했으므로 그것이 원인일 수 있습니다.',
  },
  'text-presented-certificate': {
    en: 'It had asked for a client certificate and was given `{clientCertificate}`: it may not know who signed that, or the certificate may have expired. In TLS 1.3 a server looks at it after the handshake and may close without a word.',
    ko: '서버에서 클라이언트 인증서를 요구하여 `{clientCertificate}` 파일을 제시했습니다. 서명한 기관을 서버가 모르거나 인증서가 만료되었을 수 있습니다. TLS 1.3 서버는 핸드셰이크 뒤에 인증서를 확인하고 아무 말 없이 닫기도 합니다.',
  },
  'text-wish-ciphers': {
    en: 'None of the ciphers that were asked for is known here: {cause}. Nothing was sent.',
    ko: '지정한 암호 모음 가운데 사용할 수 있는 것이 없습니다: {cause}. 아무것도 보내지 않았습니다.',
  },
  'text-wish-tls-versions': {
    en: 'No TLS version lies between the first and the last that were asked for: {cause}. Nothing was sent.',
    ko: '지정한 TLS 버전의 범위에 해당하는 버전이 없습니다: {cause}. 아무것도 보내지 않았습니다.',
  },
  'text-wish-key-log': {
    en: 'The key log cannot be written: {cause}. Nothing was sent.',
    ko: '키 로그를 쓸 수 없습니다: {cause}. 아무것도 보내지 않았습니다.',
  },
  'text-wish-anchor': {
    en: 'A certificate authority that is to be trusted cannot be read: {cause}. Nothing was sent.',
    ko: '신뢰하도록 지정한 인증 기관의 인증서를 읽을 수 없습니다: {cause}. 아무것도 보내지 않았습니다.',
  },
  'fix-wish': {
    en: 'Correct it where it is asked for: above the request, in the settings or on the command line.',
    ko: '요청 위, 설정, 명령줄 중 지정한 곳에서 고치십시오.',
  },
  'title-client-certificate': { en: 'The client certificate cannot be used.', ko: '클라이언트 인증서를 사용할 수 없습니다.' },
  'text-client-certificate': {
    en: 'The certificate that is named for this request could not be loaded. Nothing was sent.',
    ko: '이 요청에 지정된 인증서를 불러올 수 없습니다. 아무것도 보내지 않았습니다.',
  },
  'text-client-certificate-passphrase-missing': {
    en: 'The key of `{clientCertificate}` is encrypted, and no passphrase was given. Nothing was sent.',
    ko: '`{clientCertificate}` 인증서의 키가 암호화되어 있는데 암호가 지정되지 않았습니다. 아무것도 보내지 않았습니다.',
  },
  'text-client-certificate-passphrase-wrong': {
    en: 'The passphrase does not open `{clientCertificate}`. Nothing was sent.',
    ko: '지정한 암호로 `{clientCertificate}` 파일을 열 수 없습니다. 아무것도 보내지 않았습니다.',
  },
  'text-client-certificate-key-mismatch': {
    en: 'The private key is not the one of the certificate in `{clientCertificate}`: their public keys differ. Nothing was sent.',
    ko: '개인 키가 `{clientCertificate}` 인증서의 키와 맞지 않습니다. 두 공개 키가 서로 다릅니다. 아무것도 보내지 않았습니다.',
  },
  'text-client-certificate-key-missing': {
    en: 'There is no private key for `{clientCertificate}`. Nothing was sent.',
    ko: '`{clientCertificate}` 인증서의 개인 키가 없습니다. 아무것도 보내지 않았습니다.',
  },
  'text-client-certificate-certificate-missing': {
    en: '`{clientCertificate}` holds no certificate. Nothing was sent.',
    ko: '`{clientCertificate}` 파일에 인증서가 없습니다. 아무것도 보내지 않았습니다.',
  },
  'text-client-certificate-unreadable': {
    en: '`{clientCertificate}` is not a certificate that can be read. Nothing was sent.',
    ko: '`{clientCertificate}` 파일은 읽을 수 있는 인증서가 아닙니다. 아무것도 보내지 않았습니다.',
  },
  'text-client-certificate-unreadable-cause': {
    en: '`{clientCertificate}` cannot be read: {cause}. Nothing was sent.',
    ko: '`{clientCertificate}` 파일을 읽을 수 없습니다: {cause}. 아무것도 보내지 않았습니다.',
  },
  'named-by-request': {
    en: 'It is named by `# @client-cert` above the request.', ko: '요청 위의 `# @client-cert`에 지정되어 있습니다.',
  },
  'named-by-environment': {
    en: 'It is named in the environment, under `SSLConfiguration`.', ko: '환경 파일의 `SSLConfiguration` 항목에 지정되어 있습니다.',
  },
  'named-by-settings': {
    en: 'It is named in the settings, under client certificates.', ko: '설정의 클라이언트 인증서 항목에 지정되어 있습니다.',
  },
  'named-by-command-line': { en: 'It is named on the command line.', ko: '명령줄에 지정되어 있습니다.' },
  'text-tls-handshake-version': {
    en: '`{endpoint}` chose {serverVersion}, which was not offered: {versions}.',
    ko: '`{endpoint}` 서버에서 제안하지 않은 {serverVersion} 버전을 선택했습니다. 제안한 버전은 {versions}입니다.',
  },
  'title-tls-handshake': { en: 'The TLS handshake failed.', ko: 'TLS 핸드셰이크에 실패했습니다.' },
  'text-tls-handshake': {
    en: '`{endpoint}` and this machine could not agree on a secure connection.',
    ko: '`{endpoint}` 서버와 보안 연결에 합의하지 못했습니다.',
  },
  'text-tls-handshake-cause': {
    en: '`{endpoint}` and this machine could not agree on a secure connection: {cause}.',
    ko: '`{endpoint}` 서버와 보안 연결에 합의하지 못했습니다: {cause}.',
  },
  'title-tls-timeout': { en: 'The TLS handshake took too long.', ko: 'TLS 핸드셰이크가 너무 오래 걸렸습니다.' },
  'text-tls-timeout': {
    en: '`{endpoint}` accepted the connection, but the handshake was not complete after {limit}.',
    ko: '`{endpoint}` 연결은 수락되었지만 {limit} 안에 핸드셰이크가 끝나지 않았습니다.',
  },
  'title-alpn-refused': { en: 'The server speaks none of the offered HTTP versions.', ko: '서버에서 제안한 HTTP 버전을 쓰지 않습니다.' },
  'text-alpn-refused': {
    en: '`{endpoint}` did not choose any protocol by ALPN (RFC 7301).',
    ko: '`{endpoint}` 서버에서 ALPN(RFC 7301)으로 프로토콜을 선택하지 않았습니다.',
  },
  'text-alpn-refused-offered': {
    en: 'We offered {offered} by ALPN (RFC 7301); `{endpoint}` chose none of them.',
    ko: 'ALPN(RFC 7301)으로 {offered} 중에서 제안했지만 `{endpoint}` 서버에서 아무것도 선택하지 않았습니다.',
  },

  // --- HTTP
  'title-connection-reset': { en: 'The connection was reset.', ko: '연결이 재설정되었습니다.' },
  'text-connection-reset': {
    en: '`{endpoint}` cut the connection {during}, {elapsed} after Send.',
    ko: '보낸 지 {elapsed} 뒤 {during} 중에 `{endpoint}` 쪽에서 연결을 끊었습니다.',
  },
  'title-connection-closed': { en: 'The server closed the connection without an answer.', ko: '서버에서 응답 없이 연결을 닫았습니다.' },
  'title-proxy-closed': { en: 'The proxy closed the connection without an answer.', ko: '프록시에서 응답 없이 연결을 닫았습니다.' },
  'text-connection-closed': {
    en: '`{endpoint}` closed the connection {during}, {elapsed} after Send, before a complete response had come.',
    ko: '보낸 지 {elapsed} 뒤 {during} 중에 완전한 응답이 오기 전 `{endpoint}` 쪽에서 연결을 닫았습니다.',
  },
  'reused-connection': {
    en: 'The connection had been open already and idle for {idle}; servers close idle connections, and the request may have crossed with that.',
    ko: '이 연결은 이미 열려 있었고 {idle} 동안 쉬고 있었습니다. 서버는 쉬는 연결을 닫으며, 요청이 그 시점과 겹쳤을 수 있습니다.',
  },
  'worker-died': {
    en: 'The worker process that served the request died in the middle of it, as the server tells; another one takes its place.',
    ko: '서버에 따르면 요청을 처리하던 워커 프로세스가 도중에 종료되었습니다. 다른 워커가 그 자리를 대신합니다.',
  },
  'blind-relay': {
    en: 'A relay did not read the request. It passes `Connection: keep-alive` on without understanding it: it waits for the server to close, the server waits for a request, and nobody reads yours (RFC 9112 §C.2.2).',
    ko: '중계 서버가 요청을 읽지 않았습니다. 중계 서버는 `Connection: keep-alive`의 뜻을 모른 채 그대로 전달하므로 서버가 닫기를 기다리고, 서버는 다음 요청을 기다리며, 아무도 요청을 읽지 않습니다(RFC 9112 §C.2.2).',
  },
  'title-malformed-response': { en: 'The response is not valid HTTP.', ko: '응답이 올바른 HTTP가 아닙니다.' },
  'text-malformed-response': {
    en: 'What came from `{endpoint}` cannot be read as a response.',
    ko: '`{endpoint}`에서 온 것을 응답으로 읽을 수 없습니다.',
  },
  'text-malformed-response-cause': {
    en: 'What came from `{endpoint}` cannot be read as a response: {cause}.',
    ko: '`{endpoint}`에서 온 것을 응답으로 읽을 수 없습니다: {cause}.',
  },
  'text-malformed-response-rule': {
    en: 'What came from `{endpoint}` breaks the rules of HTTP: {rule}.',
    ko: '`{endpoint}`에서 온 것이 HTTP 규칙에 어긋납니다: {rule}.',
  },
  'rule-lengths': {
    en: 'the length of the body is told twice and differently, or is not that of what came (RFC 9112 §6.3)',
    ko: '본문 길이가 두 가지로 다르게 적혀 있거나 실제로 온 길이와 다릅니다(RFC 9112 §6.3)',
  },
  'rule-content-length': {
    en: '`Content-Length` is no number that can be used (RFC 9110 §8.6)',
    ko: '`Content-Length` 값을 숫자로 쓸 수 없습니다(RFC 9110 §8.6)',
  },
  'rule-transfer-encoding': {
    en: '`Transfer-Encoding` does not say where the body ends (RFC 9112 §6.1)',
    ko: '`Transfer-Encoding` 값으로 본문의 끝을 알 수 없습니다(RFC 9112 §6.1)',
  },
  'rule-chunk': {
    en: 'where the size of a chunk belongs, something else stands (RFC 9112 §7.1)',
    ko: '청크 크기가 있어야 할 자리에 다른 것이 있습니다(RFC 9112 §7.1)',
  },
  'rule-start': { en: 'it does not begin with `HTTP/` (RFC 9112 §4)', ko: '`HTTP/`로 시작하지 않습니다(RFC 9112 §4)' },
  'rule-version': { en: 'its version is none of HTTP/1 (RFC 9112 §2.3)', ko: 'HTTP/1의 버전이 아닙니다(RFC 9112 §2.3)' },
  'rule-status': {
    en: 'its status code is not of three digits (RFC 9112 §4)',
    ko: '상태 코드가 세 자리 숫자가 아닙니다(RFC 9112 §4)',
  },
  'rule-field': {
    en: 'a header field has a character or a space that none may have (RFC 9112 §5)',
    ko: '헤더 필드에 쓸 수 없는 문자나 공백이 있습니다(RFC 9112 §5)',
  },
  'rule-line-end': {
    en: 'a line does not end with CR and LF (RFC 9112 §2.2)', ko: '줄이 CR과 LF로 끝나지 않습니다(RFC 9112 §2.2)',
  },
  'rule-frames': {
    en: 'its frames or fields are none that HTTP/2 allows (RFC 9113 §5.4, §8.1.1)',
    ko: 'HTTP/2에서 허용하지 않는 프레임이나 필드입니다(RFC 9113 §5.4, §8.1.1)',
  },
  'text-malformed-response-interim': {
    en: '`{endpoint}` sent {interimResponses} interim responses (1xx) and no final one; the limit is {limitCount}.',
    ko: '`{endpoint}`에서 최종 응답 없이 중간 응답(1xx)만 {interimResponses}개 보냈습니다. 한도는 {limitCount}개입니다.',
  },
  'title-response-head-too-large': { en: 'The response head is too large.', ko: '응답 헤더가 너무 큽니다.' },
  'text-response-head-too-large': {
    en: 'The status line and headers from `{endpoint}` went over the limit.',
    ko: '`{endpoint}`에서 온 상태 줄과 헤더가 한도를 넘었습니다.',
  },
  'text-response-head-too-large-size': {
    en: 'The status line and headers from `{endpoint}` went over the limit of {limitSize}.',
    ko: '`{endpoint}`에서 온 상태 줄과 헤더가 한도({limitSize})를 넘었습니다.',
  },
  'text-response-head-too-large-fields': {
    en: '`{endpoint}` sent {fieldCount} headers; the limit is {limitCount}.',
    ko: '`{endpoint}`에서 헤더를 {fieldCount}개 보냈습니다. 한도는 {limitCount}개입니다.',
  },
  'title-trailers-too-large': { en: 'The trailers of the response are too large.', ko: '응답의 트레일러가 너무 큽니다.' },
  'text-trailers-too-large': {
    en: 'The fields that `{endpoint}` sent behind the content went over the limit.',
    ko: '`{endpoint}`에서 콘텐츠 뒤에 보낸 필드가 한도를 넘었습니다.',
  },
  'text-trailers-too-large-size': {
    en: 'The fields that `{endpoint}` sent behind the content went over the limit of {limitSize}.',
    ko: '`{endpoint}`에서 콘텐츠 뒤에 보낸 필드가 한도({limitSize})를 넘었습니다.',
  },
  'title-response-truncated': { en: 'The response is incomplete.', ko: '응답이 완전하지 않습니다.' },
  'text-response-truncated': {
    en: 'The connection ended after {received} of the body.',
    ko: '본문 {received}를 받은 뒤 연결이 끝났습니다.',
  },
  'text-response-truncated-promised': {
    en: 'The connection ended after {receivedBytes} of the {promisedBytes} bytes that `Content-Length` promised.',
    ko: '`Content-Length`에서 약속한 {promisedBytes}바이트 중 {receivedBytes}바이트만 받고 연결이 끝났습니다.',
  },
  'text-response-truncated-coding': {
    en: 'All {received} of the body came, but what they encode breaks off: the server compressed less than it meant to.',
    ko: '본문은 모두 받았지만({received}) 압축된 내용이 중간에 끝납니다. 서버에서 압축을 끝내지 못했습니다.',
  },
  'text-response-truncated-goodbye': {
    en: 'The body goes on until the connection ends, and it ended after {received} without the goodbye of TLS (`close_notify`): anybody on the way could have cut it off there, so it does not count as whole (RFC 9112 §9.8).',
    ko: '연결이 끝날 때까지 이어지는 본문인데, {received}를 받은 뒤 TLS의 종료 알림(`close_notify`) 없이 연결이 끝났습니다. 중간에서 누구나 끊을 수 있으므로 온전한 것으로 보지 않습니다(RFC 9112 §9.8).',
  },
  'title-head-timeout': { en: 'The server did not answer in time.', ko: '서버에서 제때 응답하지 않았습니다.' },
  'text-head-timeout': {
    en: '`{endpoint}` took the request, but sent no complete response head within {limit}.',
    ko: '`{endpoint}` 서버에서 요청을 받았지만 {limit} 안에 응답 헤더를 다 보내지 않았습니다.',
  },
  'title-idle-timeout': { en: 'The response stalled.', ko: '응답이 멈췄습니다.' },
  'text-idle-timeout': {
    en: 'After {received} no further byte came for {limit}.',
    ko: '{received}를 받은 뒤 {limit} 동안 더 이상 데이터가 오지 않았습니다.',
  },
  'title-stream-reset': { en: 'The server reset the stream.', ko: '서버에서 스트림을 재설정했습니다.' },
  'text-stream-reset': {
    en: '`{endpoint}` ended this HTTP/2 stream early (RFC 9113 §6.4); the connection itself stays usable.',
    ko: '`{endpoint}` 서버에서 이 HTTP/2 스트림을 중간에 끝냈습니다(RFC 9113 §6.4). 연결 자체는 계속 쓸 수 있습니다.',
  },
  'text-stream-reset-code': {
    en: '`{endpoint}` ended this HTTP/2 stream with `{error}` (RFC 9113 §6.4); the connection itself stays usable.',
    ko: '`{endpoint}` 서버에서 이 HTTP/2 스트림을 `{error}` 코드로 끝냈습니다(RFC 9113 §6.4). 연결 자체는 계속 쓸 수 있습니다.',
  },
  // --- WebSocket
  'title-web-socket-refused': { en: 'No WebSocket was opened.', ko: 'WebSocket이 열리지 않았습니다.' },
  'text-web-socket-refused': {
    en: 'The opening handshake was not answered with `101 Switching Protocols` (RFC 6455 §4.2.2); the response says more.',
    ko: '여는 핸드셰이크의 응답이 `101 Switching Protocols`가 아닙니다(RFC 6455 §4.2.2). 자세한 내용은 응답에 있습니다.',
  },
  'text-web-socket-refused-status': {
    en: '`{endpoint}` answered the opening handshake with {answer} and not with `101 Switching Protocols` (RFC 6455 §4.2.2); the response says more.',
    ko: '`{endpoint}` 쪽에서 여는 핸드셰이크에 `101 Switching Protocols`가 아닌 상태로 답했습니다: {answer}(RFC 6455 §4.2.2). 자세한 내용은 응답에 있습니다.',
  },
  'web-socket-path': { en: 'Check the path: this one may serve ordinary requests only.', ko: '경로를 확인하십시오. 이 경로는 일반 요청만 처리할 수 있습니다.' },
  'web-socket-version': { en: 'The server asks for another protocol or version: see `Upgrade` and `Sec-WebSocket-Version` in its response.', ko: '서버에서 다른 프로토콜이나 버전을 요구합니다. 응답의 `Upgrade`와 `Sec-WebSocket-Version`을 확인하십시오.' },
  'web-socket-origin': { en: 'It may want credentials or an `Origin` it knows: add the header to the request.', ko: '자격 증명이나 허용된 `Origin`이 필요할 수 있습니다. 요청에 헤더를 추가하십시오.' },
  'title-web-socket-handshake': { en: 'The answer to the WebSocket handshake is wrong.', ko: 'WebSocket 핸드셰이크의 응답이 잘못되었습니다.' },
  'text-web-socket-handshake': { en: 'It breaks one of the checks of RFC 6455 §4.1, so the connection was closed.', ko: 'RFC 6455 §4.1의 검사를 통과하지 못해 연결을 닫았습니다.' },
  'text-web-socket-handshake-accept': {
    en: '`Sec-WebSocket-Accept` should be `{expected}` for the key that was sent and is `{found}`: what answered does not speak WebSocket, or answered another request (RFC 6455 §4.1).',
    ko: '보낸 키에 대한 `Sec-WebSocket-Accept` 값은 `{expected}`여야 하는데 `{found}`입니다. 응답한 쪽에서 WebSocket을 쓰지 않거나 다른 요청에 답한 것입니다(RFC 6455 §4.1).',
  },
  'text-web-socket-handshake-upgrade': {
    en: 'The server switched to `{found}` and not to `websocket` (RFC 6455 §4.1).',
    ko: '서버에서 `websocket`이 아니라 `{found}` 프로토콜로 바꿨습니다(RFC 6455 §4.1).',
  },
  'text-web-socket-handshake-connection': {
    en: '`Connection` does not say `Upgrade` in the answer; it says `{found}` (RFC 6455 §4.1).',
    ko: '응답의 `Connection`에 `Upgrade`가 없습니다. 실제 값: `{found}`(RFC 6455 §4.1).',
  },
  'text-web-socket-handshake-protocol': {
    en: 'The server chose the subprotocol `{found}`, which was not offered. Offered: `{expected}` (RFC 6455 §4.1).',
    ko: '서버에서 제안하지 않은 하위 프로토콜을 선택했습니다: `{found}`. 제안한 것: `{expected}`(RFC 6455 §4.1).',
  },
  'text-web-socket-handshake-extension': {
    en: 'The server agreed to `{found}`, which was not offered so. Offered: `{expected}` (RFC 6455 §9.1, RFC 7692 §7.1).',
    ko: '서버에서 제안하지 않은 확장에 동의했습니다: `{found}`. 제안한 것: `{expected}`(RFC 6455 §9.1, RFC 7692 §7.1).',
  },
  'title-web-socket-protocol': { en: 'The server broke the rules of WebSocket.', ko: '서버에서 WebSocket 규칙을 어겼습니다.' },
  'text-web-socket-protocol': { en: 'What came is not as RFC 6455 has it.', ko: '받은 내용이 RFC 6455의 규칙과 다릅니다.' },
  'web-socket-place': {
    en: 'It is in the frame at byte {offset} after the handshake. The connection was closed with code {closeCode}.',
    ko: '핸드셰이크 뒤 {offset}번째 바이트에서 시작하는 프레임입니다. 연결을 닫으며 보낸 코드: {closeCode}.',
  },
  'rule-reserved-bits': { en: 'A frame has reserved bits set that no agreed extension gives a meaning (RFC 6455 §5.2).', ko: '합의한 확장에 없는 예약 비트가 설정된 프레임이 왔습니다(RFC 6455 §5.2).' },
  'rule-opcode': { en: 'A frame has the opcode {value}, which is not defined (RFC 6455 §5.2).', ko: '정의되지 않은 opcode {value} 프레임이 왔습니다(RFC 6455 §5.2).' },
  'rule-masked': { en: 'A frame is masked; only clients mask (RFC 6455 §5.1).', ko: '마스킹된 프레임이 왔습니다. 마스킹은 클라이언트만 합니다(RFC 6455 §5.1).' },
  'rule-length': { en: 'The length of a frame is not written in its shortest form (RFC 6455 §5.2).', ko: '프레임 길이가 가장 짧은 형식으로 적히지 않았습니다(RFC 6455 §5.2).' },
  'rule-control-length': { en: 'A control frame is longer than 125 bytes (RFC 6455 §5.5).', ko: '제어 프레임이 125바이트보다 깁니다(RFC 6455 §5.5).' },
  'rule-control-fragmented': { en: 'A control frame came in fragments (RFC 6455 §5.5).', ko: '제어 프레임이 조각으로 나뉘어 왔습니다(RFC 6455 §5.5).' },
  'rule-too-large': { en: 'A message is longer than {limitSize}, which is the limit here.', ko: '메시지가 여기의 한도인 {limitSize}보다 깁니다.' },
  'rule-continuation': { en: 'A frame continues a message that never began (RFC 6455 §5.4).', ko: '시작하지 않은 메시지를 잇는 프레임이 왔습니다(RFC 6455 §5.4).' },
  'rule-interrupted': { en: 'A new message began before the one before it had ended (RFC 6455 §5.4).', ko: '앞의 메시지가 끝나기 전에 새 메시지가 시작되었습니다(RFC 6455 §5.4).' },
  'rule-compressed': { en: 'A message that is marked as compressed cannot be decompressed (RFC 7692 §6).', ko: '압축되었다고 표시된 메시지의 압축을 풀 수 없습니다(RFC 7692 §6).' },
  'rule-utf8': { en: 'A text is not valid UTF-8 (RFC 6455 §8.1).', ko: '텍스트가 올바른 UTF-8이 아닙니다(RFC 6455 §8.1).' },
  'rule-close-payload': { en: 'The payload of a Close is one byte long; a code takes two (RFC 6455 §5.5.1).', ko: 'Close의 페이로드가 1바이트입니다. 코드는 2바이트입니다(RFC 6455 §5.5.1).' },
  'rule-close-code': { en: 'A Close has the code {value}, which must not be sent (RFC 6455 §7.4).', ko: 'Close에 보낼 수 없는 코드 {value} 값이 있습니다(RFC 6455 §7.4).' },
  'title-web-socket-broken': { en: 'The WebSocket broke off.', ko: 'WebSocket이 끊겼습니다.' },
  'text-web-socket-broken': {
    en: '`{endpoint}` ended the connection without a Close, {elapsed} after Send. Libraries report that as code 1006 (RFC 6455 §7.1.5).',
    ko: '보낸 지 {elapsed} 뒤 `{endpoint}` 쪽에서 Close 없이 연결을 끝냈습니다. 라이브러리에서는 코드 1006으로 알립니다(RFC 6455 §7.1.5).',
  },
  'text-web-socket-broken-inside': {
    en: '`{endpoint}` ended the connection in the middle of a message, {elapsed} after Send. Libraries report that as code 1006 (RFC 6455 §7.1.5).',
    ko: '보낸 지 {elapsed} 뒤 메시지 도중에 `{endpoint}` 쪽에서 연결을 끝냈습니다. 라이브러리에서는 코드 1006으로 알립니다(RFC 6455 §7.1.5).',
  },
  'title-goaway': { en: 'The server is closing the HTTP/2 connection.', ko: '서버에서 HTTP/2 연결을 닫고 있습니다.' },
  'text-goaway': {
    en: '`{endpoint}` sent GOAWAY (RFC 9113 §6.8) before it had answered this request.',
    ko: '`{endpoint}` 서버에서 이 요청에 응답하기 전에 GOAWAY를 보냈습니다(RFC 9113 §6.8).',
  },
  'text-goaway-code': {
    en: '`{endpoint}` sent GOAWAY with `{error}` (RFC 9113 §6.8) before it had answered this request.',
    ko: '`{endpoint}` 서버에서 이 요청에 응답하기 전에 `{error}` 코드로 GOAWAY를 보냈습니다(RFC 9113 §6.8).',
  },
  'title-decoding-failed': { en: 'The content cannot be decoded.', ko: '콘텐츠를 디코딩할 수 없습니다.' },
  'text-decoding-failed': {
    en: 'The body arrived, but it is not what its headers say.',
    ko: '본문은 도착했지만 헤더에 적힌 형식이 아닙니다.',
  },
  'text-decoding-failed-coding': {
    en: '`Content-Encoding: {coding}` was announced, but {received} of body do not decode as that.',
    ko: '`Content-Encoding: {coding}` 헤더가 왔지만 받은 본문 {received}는 그 방식으로 디코딩되지 않습니다.',
  },
  'title-content-too-large': { en: 'The content is larger than the limit.', ko: '콘텐츠가 한도보다 큽니다.' },
  'text-content-too-large': {
    en: 'Receiving stopped at {content} of content ({received} on the wire).',
    ko: '콘텐츠 {content}(전송량 {received})까지 받고 중단했습니다.',
  },
  'text-content-too-large-limit': {
    en: 'The limit is {limitSize}; receiving stopped at {content} of content ({received} on the wire).',
    ko: '한도는 {limitSize}이며, 콘텐츠 {content}(전송량 {received})까지 받고 중단했습니다.',
  },
  'text-content-too-large-announced': {
    en: 'The server announces {announcedSize}; the limit is {limitSize}. None of it was taken.',
    ko: '서버에서 알린 크기는 {announcedSize}, 한도는 {limitSize}입니다. 콘텐츠를 받지 않았습니다.',
  },
  'text-content-too-large-expansion': {
    en: 'Decoding made more than {expansion} times as much of the body, which is the limit once a content is larger than 10 MiB: {content} were kept.',
    ko: '콘텐츠가 10 MiB를 넘은 뒤 디코딩한 크기가 본문의 {expansion}배를 넘어 한도에 닿았습니다. {content}까지 보관했습니다.',
  },
  'text-content-too-large-asked': { en: 'You chose not to go on beyond the limit.', ko: '한도를 넘어 계속 받지 않기로 하셨습니다.' },
  'raise-content-size': {
    en: 'Raise the limit with the setting `roundtrip.content.maxSize`, or `--max-size` on the command line.',
    ko: '설정 `roundtrip.content.maxSize` 또는 명령줄의 `--max-size`로 한도를 늘리십시오.',
  },
  'raise-content-expansion': {
    en: 'If you trust the server, raise the limit with the setting `roundtrip.content.maxExpansion`, or `--max-expansion` on the command line.',
    ko: '신뢰하는 서버라면 설정 `roundtrip.content.maxExpansion` 또는 명령줄의 `--max-expansion`으로 한도를 늘리십시오.',
  },
  'text-decoding-failed-codings': {
    en: '{codingCount} content codings lie over one another; the limit is {limitCount}.',
    ko: '콘텐츠 코딩이 {codingCount}겹입니다. 한도는 {limitCount}겹입니다.',
  },
  'title-decoding-failed-excess': { en: 'More came than the compressed content.', ko: '압축된 콘텐츠 뒤에 다른 데이터가 더 왔습니다.' },
  'text-decoding-failed-excess': {
    en: 'What `Content-Encoding` announced ends before the body does: {excessSize} follow that belong to nothing. The content before them was decoded; the rest is not shown.',
    ko: '`Content-Encoding`에 적힌 압축은 본문보다 먼저 끝나고, 그 뒤에 어디에도 속하지 않는 데이터가 더 왔습니다({excessSize}). 그 앞의 콘텐츠는 디코딩했고, 나머지는 표시하지 않습니다.',
  },
  'raise-content-codings': {
    en: 'If that is meant, raise the limit with the setting `roundtrip.content.maxCodings`.',
    ko: '의도한 것이라면 설정 `roundtrip.content.maxCodings`로 한도를 늘리십시오.',
  },
  'title-body-file-changed': { en: 'The file of the request body changed while it was sent.', ko: '요청 본문 파일이 보내는 동안 바뀌었습니다.' },
  'text-body-file-changed': {
    en: 'The request was broken off, so that the server does not take a mixture of both for the whole.',
    ko: '서버에서 뒤섞인 내용을 온전한 것으로 받아들이지 않도록 요청을 중단했습니다.',
  },
  'text-body-file-changed-sizes': {
    en: '`{path}` had {sizeBefore} when it was measured, and {sizeFound} were found. The request was broken off, so that the server does not take a mixture of both for the whole.',
    ko: '`{path}` 파일은 처음에 {sizeBefore} 크기였으나 {sizeFound} 크기로 확인되었습니다. 서버에서 뒤섞인 내용을 온전한 것으로 받아들이지 않도록 요청을 중단했습니다.',
  },
  'wait-for-file': { en: 'Wait until nothing writes to the file any more, then send again.', ko: '파일에 쓰는 작업이 끝난 뒤 다시 보내십시오.' },
  'title-content-not-stored': { en: 'The content could not be stored.', ko: '콘텐츠를 저장하지 못했습니다.' },
  'text-content-not-stored': {
    en: 'The response came, but writing its content to a temporary file failed after {received}.',
    ko: '응답은 왔지만 {received}를 받은 뒤 임시 파일에 쓰지 못했습니다.',
  },
  'text-content-not-stored-cause': {
    en: 'The response came, but writing its content to a temporary file failed after {received}: {cause}.',
    ko: '응답은 왔지만 {received}를 받은 뒤 임시 파일에 쓰지 못했습니다: {cause}.',
  },

  // --- redirects
  'title-too-many-redirects': { en: 'Too many redirects.', ko: '리디렉션이 너무 많습니다.' },
  'text-too-many-redirects': {
    en: 'The limit of {maximum} redirects is used up, and `{url}` still points elsewhere.',
    ko: '리디렉션 한도 {maximum}회를 모두 썼는데도 `{url}` 주소가 다시 다른 곳을 가리킵니다.',
  },
  'text-too-many-redirects-circle': {
    en: 'The redirects go round in a circle: `{location}` was asked for {visits} times, until the limit of {maximum} was used up.',
    ko: '리디렉션이 서로를 맴돕니다. 한도 {maximum}회를 다 쓸 때까지 `{location}` 주소를 {visits}번 요청했습니다.',
  },
  'title-redirect-invalid': { en: 'The redirect leads nowhere.', ko: '리디렉션이 가리키는 곳이 없습니다.' },
  'text-redirect-invalid': {
    en: 'The `Location` of the answer is missing or not an HTTP URL.',
    ko: '응답의 `Location` 값이 없거나 HTTP URL이 아닙니다.',
  },
  'text-redirect-invalid-status': {
    en: 'The server answered {status}, but its `Location` is missing or not an HTTP URL.',
    ko: '서버에서 {status} 응답을 보냈지만 `Location` 값이 없거나 HTTP URL이 아닙니다.',
  },
  'text-redirect-invalid-location': {
    en: 'The server answered {status} with `Location: {location}`, which is not an HTTP URL that can be followed.',
    ko: '서버에서 {status} 응답과 함께 `Location: {location}` 헤더를 보냈지만 따라갈 수 있는 HTTP URL이 아닙니다.',
  },

  // --- the whole exchange
  'title-total-timeout': { en: 'The time for the whole exchange is over.', ko: '요청 전체의 제한 시간이 지났습니다.' },
  'text-total-timeout': { en: 'The time was up {during}, {elapsed} after Send.', ko: '보낸 지 {elapsed} 뒤 {during} 중에 제한 시간이 끝났습니다.' },
  'text-total-timeout-limit': {
    en: 'The limit of {limit} was reached {during}.',
    ko: '{during} 중에 제한 시간({limit})이 끝났습니다.',
  },
  'title-cancelled': { en: 'Cancelled.', ko: '취소되었습니다.' },
  'text-cancelled': { en: 'You stopped it {during}, {elapsed} after Send.', ko: '보낸 지 {elapsed} 뒤 {during} 중에 중단했습니다.' },
  'title-engine-ended': { en: 'The engine ended while the request was running.', ko: '요청을 처리하던 엔진이 종료되었습니다.' },
  'text-engine-ended': {
    en: 'The process that sends requests stopped. What it had seen until then is below; it starts again with the next request.',
    ko: '요청을 보내는 프로세스가 멈췄습니다. 그때까지 관측한 내용은 아래에 있으며, 다음 요청 때 다시 시작합니다.',
  },
  'title-internal': { en: 'A mistake in Roundtrip.', ko: 'Roundtrip의 오류입니다.' },
  'text-internal': {
    en: 'This should not happen, whatever the network does.',
    ko: '네트워크 상태와 관계없이 일어나서는 안 되는 일입니다.',
  },
  'text-internal-cause': {
    en: 'This should not happen, whatever the network does: {cause}.',
    ko: '네트워크 상태와 관계없이 일어나서는 안 되는 일입니다: {cause}.',
  },

  // --- steps
  'start-lab': {
    en: '`{authority}` is the lab, and it is not running. Start it, then send again.',
    ko: '`{authority}` 주소는 랩의 것인데 랩이 실행 중이 아닙니다. 랩을 시작한 뒤 다시 보내십시오.',
  },
  'name-lab': {
    en: '`{authority}` is the name of a lab, and this command runs none: write `{{$lab.http}}` instead, which starts one with the request. A lab in another terminal answers with `# @resolve {authority}:127.0.0.1`, but tells nothing of its side here.',
    ko: '`{authority}` 주소는 랩의 이름인데 이 명령에서 실행한 랩이 없습니다. `{{$lab.http}}` 값을 쓰면 요청과 함께 랩이 시작됩니다. 다른 터미널의 랩에는 `# @resolve {authority}:127.0.0.1` 지시문으로 보낼 수 있지만 서버 쪽 기록은 여기에 나오지 않습니다.',
  },
  'lab-runs-now': { en: 'The lab is running now: send again.', ko: '이제 랩이 실행 중입니다. 다시 보내십시오.' },
  'start-server': {
    en: 'Start the server that should listen on port {port}, or look at which port it really uses.',
    ko: '포트 {port}에서 기다려야 할 서버를 시작하거나, 서버가 실제로 쓰는 포트를 확인하십시오.',
  },
  'check-port': { en: 'Check the port in the URL: `{authority}`.', ko: 'URL의 포트가 맞는지 확인하십시오: `{authority}`.' },
  'check-listen-address': {
    en: 'If the server runs in a container or on another machine, let it listen on all addresses, not only on its own loopback.',
    ko: '서버가 컨테이너나 다른 컴퓨터에 있다면 루프백뿐 아니라 모든 주소에서 기다리도록 하십시오.',
  },
  'use-tor': {
    en: 'Start Tor and send through its SOCKS proxy, which finds such names itself: `# @proxy socks5h://127.0.0.1:9050`.',
    ko: 'Tor를 실행하고, 이런 이름을 스스로 찾는 Tor의 SOCKS 프록시로 보내십시오: `# @proxy socks5h://127.0.0.1:9050`.',
  },
  'check-name': { en: 'Check the spelling of `{host}` in the URL.', ko: 'URL에서 `{host}` 철자를 확인하십시오.' },
  'check-hosts': {
    en: 'A name of your own: add it to the hosts file or to your name server.',
    ko: '직접 만든 이름이라면 hosts 파일이나 네임 서버에 추가하십시오.',
  },
  'check-records': {
    en: 'Add an A or AAAA record for `{host}`, or use the name that has one.',
    ko: '`{host}` 이름에 A 또는 AAAA 레코드를 추가하거나, 주소가 있는 이름을 쓰십시오.',
  },
  'check-network': {
    en: 'Check the network connection and the VPN, then send again.',
    ko: '네트워크 연결과 VPN을 확인한 뒤 다시 보내십시오.',
  },
  'check-firewall': {
    en: 'Check that no firewall or security group blocks port {port}.',
    ko: '방화벽이나 보안 그룹에서 {port}번 포트를 막고 있지 않은지 확인하십시오.',
  },
  'check-sandbox': {
    en: 'Check the local firewall and the sandbox this editor runs in.',
    ko: '이 컴퓨터의 방화벽과 편집기가 실행되는 샌드박스를 확인하십시오.',
  },
  'raise-connect-limit': {
    en: 'A slow network: raise the limit of {limit} with the setting `roundtrip.timeouts.connect`, or `--connect-timeout` on the command line.',
    ko: '네트워크가 느리다면 설정 `roundtrip.timeouts.connect` 또는 명령줄의 `--connect-timeout`으로 연결 제한 시간({limit})을 늘리십시오.',
  },
  'raise-dns-limit': {
    en: 'A slow name server: give each try longer with the setting `roundtrip.timeouts.dns`, or `--dns-timeout` on the command line; `roundtrip.dns.tries`, or `--dns-tries`, has it asked more often.',
    ko: '네임 서버가 느린 경우라면 설정 `roundtrip.timeouts.dns` 또는 명령줄의 `--dns-timeout`으로 매번 더 오래 기다리게 하고, `roundtrip.dns.tries` 또는 `--dns-tries`로 더 여러 번 묻게 하십시오.',
  },
  'raise-limit': { en: 'If this is expected, raise the limit of {limit}.', ko: '예상한 일이라면 제한 시간({limit})을 늘리십시오.' },
  'raise-total-limit': {
    en: 'Raise or remove the total limit of {limit} if the request needs longer.',
    ko: '요청에 더 긴 시간이 필요하다면 전체 제한 시간({limit})을 늘리거나 없애십시오.',
  },
  'send-again': { en: 'Send again.', ko: '다시 보내십시오.' },
  'mend-aliases': {
    en: 'The owner of the zone has to mend this: make `{loopAt}` lead to a name that has an address.',
    ko: '영역의 소유자가 고쳐야 합니다. 주소가 있는 이름으로 이어지도록 `{loopAt}` 별칭을 바꾸십시오.',
  },
  'mend-delegation': {
    en: 'The owner of the zone `{lameZone}` has to mend this: either `{lameServer}` is set up to serve it, or `{lameParent}` is made to name a server that does.',
    ko: '`{lameZone}` 영역의 소유자가 고쳐야 합니다. `{lameServer}` 서버에 이 영역을 설정하거나, 상위 영역(`{lameParent}`)에 실제로 담당하는 서버를 등록해야 합니다.',
  },
  'send-mended': {
    en: 'Then send again; `# @dns trace fresh` goes by nothing that was learnt before.',
    ko: '고친 뒤 다시 보내십시오. `# @dns trace fresh`를 적으면 이전에 알게 된 내용을 쓰지 않습니다.',
  },
  'send-again-later': {
    en: 'Send again in a moment; name server failures are often short.',
    ko: '잠시 뒤에 다시 보내십시오. 네임 서버 장애는 짧게 끝나는 경우가 많습니다.',
  },
  'send-close': {
    en: 'Send `Connection: close` until the relay takes `Connection` out, as it must (RFC 9110 §7.6.1).',
    ko: '중계 서버가 의무대로 `Connection`을 제거할 때까지는 `Connection: close`를 보내십시오(RFC 9110 §7.6.1).',
  },
  'send-again-new': { en: 'Send again; a new connection is opened.', ko: '다시 보내십시오. 새 연결을 엽니다.' },
  'check-proxy': { en: "Check the proxy's address: `{proxy}`.", ko: '프록시 주소를 확인하십시오: `{proxy}`.' },
  'start-proxy': {
    en: 'Check that the proxy runs and listens on port {port}, or send without a proxy.',
    ko: '프록시가 실행 중이고 포트 {port}에서 기다리는지 확인하거나 프록시 없이 보내십시오.',
  },
  'proxy-credentials': {
    en: 'The proxy wants credentials: put a user name and password into its URL.',
    ko: '프록시에서 인증을 요구합니다. 프록시 URL에 사용자 이름과 비밀번호를 넣으십시오.',
  },
  'proxy-allow': {
    en: 'Ask whoever runs the proxy to allow `{target}`, or send without a proxy.',
    ko: '프록시 관리자에게 `{target}` 허용을 요청하거나 프록시 없이 보내십시오.',
  },
  'show-certificate': { en: "Look at the certificate's dates, names and issuer.", ko: '인증서의 날짜와 이름, 발급자를 살펴보십시오.' },
  'renew': { en: 'Your own server: renew the certificate and reload the server.', ko: '직접 운영하는 서버라면 인증서를 갱신하고 서버에서 새 인증서를 다시 읽게 하십시오.' },
  'check-clock': {
    en: 'Check the clock of this machine; it said {now}.',
    ko: '이 컴퓨터의 시계를 확인하십시오. 요청 시각은 {now}였습니다.',
  },
  'trust-authority': {
    en: 'Your own authority: trust its root certificate by naming its file in `roundtrip.tls.certificateAuthorities`, in the terminal with `--cacert FILE`.',
    ko: '직접 만든 인증 기관이라면 `roundtrip.tls.certificateAuthorities` 설정에 그 루트 인증서 파일을 지정해 신뢰하도록 하십시오. 터미널에서는 `--cacert FILE` 옵션을 씁니다.',
  },
  'trust-system': {
    en: 'An authority that the operating system trusts: turn on `http.systemCertificates`, which is off, so that it is not asked.',
    ko: '운영 체제에서 신뢰하는 인증 기관이라면 `http.systemCertificates` 설정을 켜십시오. 지금은 꺼져 있어 운영 체제의 인증 기관을 쓰지 않습니다.',
  },
  'send-intermediates': {
    en: 'Your own server: let it send the intermediate certificates too.',
    ko: '직접 운영하는 서버라면 중간 인증서도 함께 보내도록 설정하십시오.',
  },
  'name-likely': {
    en: 'Most likely the name in the URL is wrong, or the server fell back to its default certificate because it does not know `{host}`.',
    ko: 'URL의 이름이 틀렸거나, 서버에서 `{host}` 이름을 몰라 기본 인증서를 보냈을 가능성이 큽니다.',
  },
  'add-san': {
    en: "Your own server: add `{host}` to the certificate's subject alternative names.",
    ko: '직접 운영하는 서버라면 인증서의 대체 이름(SAN)에 `{host}` 이름을 추가하십시오.',
  },
  'without-verification': {
    en: 'To look at the server all the same, send with verification off: `# @insecure` above the request in the file, `--insecure` in the terminal. The response stays marked.',
    ko: '그래도 서버를 살펴보려면 검증을 끄고 보내십시오. 파일에서는 요청 위에 `# @insecure`, 터미널에서는 `--insecure`를 씁니다. 응답에는 계속 표시가 남습니다.',
  },
  'use-http': { en: 'Write `http://{authority}` if the server speaks plain HTTP there.', ko: '서버에서 일반 HTTP를 쓴다면 `http://{authority}` 주소로 작성하십시오.' },
  'tls-versions': {
    en: 'Check which TLS versions and ciphers the server allows; {versions} were offered. `# @tls-version 1.0..1.3` above the request offers older ones too.',
    ko: '서버에서 허용하는 TLS 버전과 암호 모음을 확인하십시오. 제안한 버전은 {versions}입니다. 요청 위에 `# @tls-version 1.0..1.3`을 적으면 더 오래된 버전도 제안합니다.',
  },
  'tls-versions-chosen': {
    en: 'Widen what is offered, by `# @tls-version` above the request, the settings or the command line: only {versions} were offered.',
    ko: '요청 위의 `# @tls-version`, 설정, 명령줄에서 제안할 버전의 범위를 넓히십시오. 이번에는 {versions}만 제안했습니다.',
  },
  'add-client-certificate': {
    en: 'If the server wants a client certificate, name one: `# @client-cert cert.pem key.pem` or `# @client-cert file.p12` above the request, `--cert` in the terminal.',
    ko: '서버에서 클라이언트 인증서를 요구한다면 지정하십시오. 요청 위에 `# @client-cert cert.pem key.pem` 또는 `# @client-cert file.p12`, 터미널에서는 `--cert`를 씁니다.',
  },
  'client-certificate-stopped': {
    en: 'The certificate stayed with the origin that redirected here; credentials stop at another one.',
    ko: '인증 정보는 다른 출처로 보내지 않으므로, 리디렉션한 출처에만 인증서를 제시했습니다.',
  },
  'add-client-certificate-host': {
    en: 'Send a request straight to `{host}`, with a certificate of its own.',
    ko: '`{host}` 서버용 인증서를 지정해 직접 요청을 보내십시오.',
  },
  'client-certificate-unwanted': {
    en: 'Take `# @no-client-cert` away from the request.', ko: '요청에서 `# @no-client-cert`를 지우십시오.',
  },
  'check-client-certificate': {
    en: 'Check who issued the certificate, whether it is still valid, and whether it is meant for clients.',
    ko: '인증서의 발급자, 유효 기간, 클라이언트용 인증서인지 확인하십시오.',
  },
  'give-passphrase': {
    en: 'Give the passphrase: as a third word of `# @client-cert`, in the settings or with `--passphrase`; a variable can stand there, a stored secret too.',
    ko: '암호를 지정하십시오. `# @client-cert`의 세 번째 값, 설정, `--passphrase` 옵션을 쓸 수 있으며 변수나 저장한 비밀 값도 적을 수 있습니다.',
  },
  'check-passphrase': {
    en: 'Check the passphrase. Where it was asked, *Forget Answers to Questions* makes it be asked again.',
    ko: '암호를 확인하십시오. 묻는 창에 입력했다면 *질문의 답변 지우기*를 실행해 다시 입력할 수 있습니다.',
  },
  'match-key': {
    en: 'Name the key that the certificate was made with.', ko: '인증서를 만들 때 쓴 키를 지정하십시오.',
  },
  'name-key': {
    en: 'Name the file of the key too: `# @client-cert cert.pem key.pem`, or `--key` in the terminal.',
    ko: '키 파일도 지정하십시오. `# @client-cert cert.pem key.pem` 또는 터미널의 `--key`를 씁니다.',
  },
  'check-certificate-file': {
    en: 'Check the file: PEM text, or PKCS #12 (`.p12`, `.pfx`).', ko: '파일을 확인하십시오. PEM 텍스트나 PKCS #12(`.p12`, `.pfx`) 형식이어야 합니다.',
  },
  'tls-client-certificate': {
    en: 'The server may want a client certificate or another server name.',
    ko: '서버에서 클라이언트 인증서나 다른 서버 이름을 요구할 수 있습니다.',
  },
  'use-http11': {
    en: 'Write `HTTP/1.1` or `HTTP/2` after the URL to offer that version alone.',
    ko: 'URL 뒤에 `HTTP/1.1` 또는 `HTTP/2`라고 적어 그 버전만 제안해 보십시오.',
  },
  'renew-weak-key': {
    en: 'Your own server: make a new key, of RSA with at least 2048 bits or of P-256, and have a certificate issued for it.',
    ko: '직접 운영하는 서버라면 RSA 2048비트 이상 또는 P-256 키를 새로 만들고 그 키로 인증서를 발급받으십시오.',
  },
  'renew-weak-authority-key': {
    en: 'Your own authority: make a new one, with a key of at least 2048 bits of RSA or of P-256, and issue its certificates again.',
    ko: '직접 운영하는 인증 기관이라면 RSA 2048비트 이상 또는 P-256 키로 새로 만들고 인증서를 다시 발급하십시오.',
  },
  'renew-weak-signature': {
    en: 'Your own server: have its certificate issued again, signed with SHA-256.',
    ko: '직접 운영하는 서버라면 SHA-256 서명으로 인증서를 다시 발급받으십시오.',
  },
  'require-http11': {
    en: 'Write `HTTP/1.1` after the URL: the server requires it for this request (RFC 9113 §7).',
    ko: 'URL 뒤에 `HTTP/1.1`이라고 적으십시오. 서버에서 이 요청에는 HTTP/1.1을 요구합니다(RFC 9113 §7).',
  },
  'offer-http11': {
    en: 'Write `HTTP/1.1` after the URL, or no version at all: then HTTP/1.1 is offered, too.',
    ko: 'URL 뒤에 `HTTP/1.1`이라고 적거나 버전을 빼십시오. 그러면 HTTP/1.1도 제안합니다.',
  },
  'offer-each': {
    en: 'Leave out the version after the URL: then each version of HTTP is offered.',
    ko: 'URL 뒤의 버전을 빼십시오. 그러면 모든 HTTP 버전을 제안합니다.',
  },
  'maybe-https': {
    en: 'If the server speaks TLS on port {port}, which cannot be told from here, write `https:`.',
    ko: '여기에서는 알 수 없지만, 포트 {port}에서 TLS를 쓰는 서버라면 `https:` 주소로 작성하십시오.',
  },
  'check-server-log': {
    en: 'Look into the server\'s log at this time: {now}.',
    ko: '서버 로그에서 이 시각을 확인하십시오: {now}.',
  },
  'check-proxy-log': {
    en: 'Look into the proxy\'s log at this time: {now}.',
    ko: '프록시 로그에서 이 시각을 확인하십시오: {now}.',
  },
  'check-server-load': {
    en: 'Check whether the server is overloaded or waits for something itself.',
    ko: '서버에 부하가 많거나 서버가 다른 것을 기다리고 있지 않은지 확인하십시오.',
  },
  'mend-framing': {
    en: 'Have the server mended: it speaks HTTP, and breaks its rules here.',
    ko: '서버를 고쳐야 합니다. HTTP를 쓰지만 여기서 규칙에 어긋납니다.',
  },
  'check-server-name': {
    en: 'Check the host name in the URL, and whether the server is set up for it; an address with another name goes by `# @resolve`.',
    ko: 'URL의 호스트 이름과 서버에 그 이름이 설정되어 있는지 확인하십시오. 다른 이름으로 같은 주소에 보내려면 `# @resolve`를 쓰십시오.',
  },
  'look-at-bytes': {
    en: 'Check that a web server listens on port {port}, and not another service.',
    ko: '포트 {port}에서 기다리는 것이 다른 서비스가 아니라 웹 서버인지 확인하십시오.',
  },
  'look-at-partial': {
    en: 'What arrived is kept as the body, marked as incomplete.',
    ko: '받은 만큼은 본문에 불완전하다는 표시와 함께 남아 있습니다.',
  },
  'fewer-headers': {
    en: 'Your own server: find what adds so many headers, often cookies.',
    ko: '직접 운영하는 서버라면 헤더를 많이 늘리는 것을 찾으십시오. 쿠키인 경우가 많습니다.',
  },
  'raise-head-size': {
    en: 'If that is meant, raise the limit with the setting `roundtrip.http.maxHeadSize`, or `--max-head-size` on the command line.',
    ko: '의도한 것이라면 설정 `roundtrip.http.maxHeadSize` 또는 명령줄의 `--max-head-size`로 한도를 늘리십시오.',
  },
  'raise-head-fields': {
    en: 'If that is meant, raise the limit with the setting `roundtrip.http.maxFields`, or `--max-fields` on the command line.',
    ko: '의도한 것이라면 설정 `roundtrip.http.maxFields` 또는 명령줄의 `--max-fields`로 한도를 늘리십시오.',
  },
  'raise-aliases': {
    en: 'If so many aliases are meant, raise the limit of {aliasLimit} with the setting `roundtrip.dns.maxAliases`, or `--max-aliases` on the command line.',
    ko: '별칭이 그만큼 있는 것이 맞다면 설정 `roundtrip.dns.maxAliases` 또는 명령줄의 `--max-aliases`로 한도({aliasLimit})를 늘리십시오.',
  },
  'raise-referrals': {
    en: 'If the way is as long as that, raise the limit of {referralLimit} with the setting `roundtrip.dns.maxReferrals`, or `--max-referrals` on the command line.',
    ko: '그만큼 여러 번 거치는 것이 맞다면 설정 `roundtrip.dns.maxReferrals` 또는 명령줄의 `--max-referrals`로 한도({referralLimit})를 늘리십시오.',
  },
  'raise-queries': {
    en: 'If so many questions are needed, raise the limit of {queryLimit} with the setting `roundtrip.dns.maxQueries`, or `--max-queries` on the command line.',
    ko: '그만큼 물어야 하는 것이 맞다면 설정 `roundtrip.dns.maxQueries` 또는 명령줄의 `--max-queries`로 한도({queryLimit})를 늘리십시오.',
  },
  'raise-queries-for-servers': {
    en: 'If so many are needed, raise the limit of {serverLimit}, which is that of questions, with the setting `roundtrip.dns.maxQueries`, or `--max-queries` on the command line.',
    ko: '그만큼 필요한 것이 맞다면 설정 `roundtrip.dns.maxQueries` 또는 명령줄의 `--max-queries`로 질의 한도({serverLimit})를 늘리십시오.',
  },
  'raise-addresses': {
    en: 'To have more than {maxAttempts} addresses tried, raise the limit with the setting `roundtrip.dns.maxAddresses`, or `--max-addresses` on the command line.',
    ko: '주소를 {maxAttempts}개보다 많이 시도하려면 설정 `roundtrip.dns.maxAddresses` 또는 명령줄의 `--max-addresses`로 한도를 늘리십시오.',
  },
  'raise-interim': {
    en: 'If that is meant, raise the limit with the setting `roundtrip.http.maxInterimResponses`, or `--max-interim` on the command line.',
    ko: '의도한 것이라면 설정 `roundtrip.http.maxInterimResponses` 또는 명령줄의 `--max-interim`으로 한도를 늘리십시오.',
  },
  'check-coding': {
    en: "Send `Accept-Encoding: identity` to see the server's content uncompressed.",
    ko: '압축되지 않은 콘텐츠를 보려면 `Accept-Encoding: identity` 헤더를 보내십시오.',
  },
  'range': {
    en: 'Ask for a part with a `Range` header, if the server supports it.',
    ko: '서버에서 지원한다면 `Range` 헤더로 일부만 요청하십시오.',
  },
  'free-space': { en: 'Free some disk space, then send again.', ko: '디스크 공간을 확보한 뒤 다시 보내십시오.' },
  'fix-request': { en: 'Correct the request in the file; the problem is marked there.', ko: '파일에서 요청을 고치십시오. 문제가 있는 곳에 표시되어 있습니다.' },
  'check-file': {
    en: 'Check the path after `<`; it counts from the folder of the request file.',
    ko: '`<` 뒤의 경로를 확인하십시오. 경로는 요청 파일이 있는 폴더를 기준으로 합니다.',
  },
  'write-otherwise': { en: 'Write the request without it, if that is possible.', ko: '가능하면 그 기능 없이 요청을 작성하십시오.' },
  'stop-following': {
    en: 'Turn off following redirects to see each answer by itself.',
    ko: '각 응답을 따로 보려면 리디렉션 따라가기를 끄십시오.',
  },
  'check-chain': { en: 'Look at the requests of this send: URLs that differ only in their query may go in a circle all the same.', ko: '이 전송의 요청들을 보십시오. 쿼리만 다른 URL이 이어지면 서로를 맴도는 것일 수 있습니다.' },
  'circle-cause': { en: 'Often a cookie was not kept, or a proxy in front of the server speaks plain HTTP to it, so that it asks for HTTPS for ever: look at the cookies of each request.', ko: '쿠키가 저장되지 않았거나, 서버 앞의 프록시가 서버와 평문 HTTP로 통신하여 서버가 계속 HTTPS를 요구하는 경우가 많습니다. 각 요청의 쿠키를 확인하십시오.' },
  'raise-redirects': { en: 'The last URL had not been asked for before, so this is no plain circle. If there really are that many, raise the limit.', ko: '마지막 URL은 처음 나온 것이므로 단순히 맴도는 것은 아닙니다. 실제로 그만큼 이어진다면 한도를 늘리십시오.' },
  'check-location': { en: 'Your own server: send an absolute or relative HTTP URL in `Location`.', ko: '직접 운영하는 서버라면 `Location`에 HTTP URL(절대 또는 상대)을 넣으십시오.' },
  'report': {
    en: 'Please report it with the request and the exported HAR; secrets in it are masked.',
    ko: '요청과 내보낸 HAR을 첨부하여 알려 주십시오. HAR의 비밀 값은 가려집니다.',
  },

  // --- the status shown in place of a status code
  'failed-blocked': { en: 'Failed before connecting', ko: '연결 전 단계에서 실패' },
  'failed-dns': { en: 'Failed in the DNS lookup', ko: 'DNS 조회 단계에서 실패' },
  'failed-tcp': { en: 'Failed in the TCP connect', ko: 'TCP 연결 단계에서 실패' },
  'failed-proxy': { en: 'Failed at the proxy', ko: '프록시 단계에서 실패' },
  'failed-tls': { en: 'Failed in the TLS handshake', ko: 'TLS 핸드셰이크 단계에서 실패' },
  'failed-send': { en: 'Failed while sending the request', ko: '요청 전송 단계에서 실패' },
  'failed-wait': { en: 'Failed while waiting for the response', ko: '응답 대기 단계에서 실패' },
  'failed-receive': { en: 'Failed during the content download', ko: '콘텐츠 다운로드 단계에서 실패' },
  'failed-redirect': { en: 'Failed to follow redirects', ko: '리디렉션 단계에서 실패' },
  'failed-web-socket': { en: 'WebSocket failed', ko: 'WebSocket 실패' },
  'failed-reading': { en: 'Failed while reading the response', ko: '응답을 읽는 단계에서 실패' },
  'cancelled-status': { en: 'Cancelled', ko: '취소됨' },
  'during-blocked': { en: 'before a connection was made', ko: '연결 준비' },
  'during-dns': { en: 'during the DNS lookup', ko: 'DNS 조회' },
  'during-tcp': { en: 'during the TCP connect', ko: 'TCP 연결' },
  'during-proxy': { en: 'while the proxy opened the tunnel', ko: '프록시 터널 연결' },
  'during-tls': { en: 'during the TLS handshake', ko: 'TLS 핸드셰이크' },
  'during-send': { en: 'while the request was being sent', ko: '요청 전송' },
  'during-wait': { en: 'while we waited for the response', ko: '응답 대기' },
  'during-receive': { en: 'in the middle of the content', ko: '콘텐츠 다운로드' },
  'cause': { en: 'The platform said: {cause}', ko: '시스템 메시지: {cause}' },
  'confidence-likely': { en: 'Concluded from an error code, not seen on the wire.', ko: '네트워크에서 직접 관측한 것이 아니라 오류 코드에서 추론했습니다.' },
  'confidence-guess': { en: 'This is a guess from the error message.', ko: '오류 메시지에서 추측한 것입니다.' },
  'and': { en: ' and ', ko: ', ' },
  'and-more': { en: '{names} and {count} more', ko: '{names} 외 {count}개' },
  'days-one': { en: '1 day', ko: '1일' },
  'days': { en: '{count} days', ko: '{count}일' },
} satisfies Texts;
