import type { Texts } from './text.ts';

/** What the command line says besides the exchanges themselves. */
export const cliTexts = {
  usage: {
    en: `roundtrip: explore HTTP traffic from .http files

  roundtrip send FILE          send every request of the file, in order
  roundtrip send FILE:LINE     send the request at a line
  roundtrip send FILE#NAME     send the request of that name or title
  roundtrip send -             read the file from standard input
      --json                   one line of JSON for each exchange
      --raw                    also every byte that went both ways: lines, chunks, each write and read
      --frames                 also the HTTP/2 frames with their fields; --json always has them
      --verbose, -v            also every step of the lookup, each TLS handshake with its messages, checks and
                               certificates, proxies and the kernel's figures, the request as it was sent, and
                               interim responses and trailers with their fields
      --max-content BYTES      of the content in the JSON (default 1048576)
      --output FILE, -o        write the content of the last response to this file
      --max-size SIZE          of a content, such as 20MB or 4GiB (default 1GiB, 0 for none): beyond it you are
                               asked, or it fails where nobody can be; --max-expansion TIMES when decoding
      --max-head-size SIZE     of the head of a response (default 64KiB); --max-fields NUMBER (256);
                               --max-interim NUMBER of interim responses (32)
      --har FILE               also write an HTTP Archive (credentials masked)
      --include-secrets        keep credentials in the HTTP Archive, and show values of private files
      --timeout TIME           for a whole exchange: 500ms, 2s; a bare number is ms
      --connect-timeout TIME   for the TCP connection; --max-addresses NUMBER of addresses tried for it (8)
      --dns-timeout TIME       for each try of a name lookup; --dns-tries NUMBER; --max-aliases NUMBER (16); of a walk
                               with # @dns trace also --max-referrals NUMBER (32), --max-queries NUMBER (60),
                               --max-name-servers NUMBER of a zone (13)
      --cacert FILE            trust the certificate authorities in this file (PEM or DER), too
      --dns SERVERS            ask these name servers where a request names none: 192.0.2.53, or
                               tls://192.0.2.53#NAME, https://NAME/dns-query; several between commas
      --proxy URL              send through a proxy: http:, https:, socks4:, socks4a:, socks5:, socks5h:,
                               or several between commas; else HTTPS_PROXY and its like are read as curl does
      --no-proxy               send without a proxy, whatever the environment says
      --insecure, -k           do not verify the server's certificate
      --cert FILE[:PASSPHRASE], -E
                               the client certificate to present (PEM or PKCS #12); --key FILE for its key
      --pfx FILE               the same as PKCS #12; --passphrase TEXT for either, else it is asked
      --tlsv1.2, --tlsv1.3, --tls-max VERSION
                               the TLS versions to offer, also --tlsv1.0 and --tlsv1.1; --ciphers LIST
      --no-tls-resumption      make full TLS handshakes only
      --key-log FILE           add the secrets of TLS connections to this file (SSLKEYLOGFILE is not read)
      --pcapng FILE            also write the packets, for Wireshark; holds everything, secrets and keys too
      --no-redirect            do not follow redirects
      --new-connection         open a connection for each request, also where one is kept
      --http1.1, --http2       the version of HTTP to use
      --anyway                 send variables without a value as they are written
      --yes, -y                send requests with # @note without asking
      --interactive            lines of standard input are messages for a WebSocket, as in a terminal; its end closes it
      --cookie-jar FILE        take cookies from this file and keep them in it: .json, or .txt as curl has it
      --max-cookies NUMBER     kept in all (3000); of a domain --max-domain-cookies NUMBER (50), of a cookie's bytes
                               --max-cookie-size (4096), of an attribute's --max-cookie-attribute (1024), and
                               --max-cookie-days (400)
      --session-store STORE    where the lab keeps sessions, as for roundtrip lab
      --env NAME               the environment to take variables from
      --var-file FILE          variables from this file, too (.env, or JSON like http-client.env.json)
      --var NAME=VALUE         the value of a variable, before all others; may be repeated

  roundtrip parse FILE         what the parser understands of a file
      --json                   as JSON, with the place of everything
      --resolved               after substitution of variables, and where their values come from
      --env, --var, --var-file the same as for send; each means --resolved
      --include-secrets        show values of private files

  roundtrip cookies list       what a file of cookies holds
  roundtrip cookies clear      remove cookies from it
      --cookie-jar FILE        the file
      --domain NAME            those of this domain only
      --json                   the list as JSON

  roundtrip lab                run the lab until Ctrl+C
      --json                   print its addresses, certificate authority and ports first
      --port SERVER=PORT       where a server listens, such as relay=9000; several times for several servers
      --http-port PORT, --https-port PORT, --dns-port PORT
      --session-store STORE    where sessions are kept: memory, shared, or redis://[USER:PASSWORD@]HOST[:PORT]
      --max-connections N      how many connections each server, and each worker of the cluster, may have (256)
      --head-timeout TIME, --request-timeout TIME, --keep-alive-timeout TIME
                               how long a head, a whole request and the next request are waited for (10s, 30s, 5s)
      --max-body SIZE          the largest body of a request, such as 20MiB (1MiB)
      --workers N              workers of the cluster at the start, 1 to 8 (2)
      --control                take commands from standard input, as in a terminal: “help” lists them

  {{$lab.http}} and {{$lab.https}} in a file start the lab by themselves.
  The exit code is 0 only when every exchange completed.
`,
    ko: `roundtrip: .http 파일로 HTTP 트래픽을 살펴봅니다

  roundtrip send FILE          파일의 모든 요청을 차례로 보냅니다
  roundtrip send FILE:LINE     그 줄에 있는 요청을 보냅니다
  roundtrip send FILE#NAME     이름이나 제목이 같은 요청을 보냅니다
  roundtrip send -             표준 입력에서 파일을 읽습니다
      --json                   교환마다 JSON 한 줄
      --raw                    오간 모든 바이트도: 줄, 청크, 쓰기와 읽기마다
      --frames                 HTTP/2 프레임과 필드도 (--json에는 항상 들어 있습니다)
      --verbose, -v            이름 조회의 모든 단계, TLS 핸드셰이크의 메시지와 검사 결과와 인증서, 프록시, 커널이 센 값,
                               실제로 보낸 요청, 중간 응답과 트레일러의 필드도 보여 줍니다
      --max-content BYTES      JSON에 담을 콘텐츠 크기 (기본값 1048576)
      --output FILE, -o        마지막 응답의 콘텐츠를 이 파일에 씁니다
      --max-size SIZE          콘텐츠 크기의 한도, 예: 20MB, 4GiB (기본값 1GiB, 0이면 없음). 넘으면 묻고,
                               물을 수 없으면 실패합니다. 디코딩 배율의 한도는 --max-expansion TIMES
      --max-head-size SIZE     응답 헤드 크기의 한도 (기본값 64KiB). 헤더 수의 한도는 --max-fields NUMBER (256),
                               중간 응답 수의 한도는 --max-interim NUMBER (32)
      --har FILE               HTTP Archive도 씁니다 (자격 증명은 가립니다)
      --include-secrets        HTTP Archive에 자격 증명을 남기고 비공개 파일의 값도 보여 줍니다
      --timeout TIME           교환 전체의 제한 시간: 500ms, 2s, 단위가 없으면 ms
      --connect-timeout TIME   TCP 연결의 제한 시간. 시도할 주소 수의 한도는 --max-addresses NUMBER (8)
      --dns-timeout TIME       이름 조회 한 번의 제한 시간. 횟수는 --dns-tries NUMBER, 별칭 수의 한도는
                               --max-aliases NUMBER (16). # @dns trace 조회에는 --max-referrals NUMBER (32),
                               --max-queries NUMBER (60), 영역당 --max-name-servers NUMBER (13)도 적용됩니다
      --cacert FILE            이 파일(PEM, DER)의 인증 기관도 신뢰합니다
      --dns SERVERS            요청에 없으면 이 네임 서버에 묻습니다: 192.0.2.53, 또는
                               tls://192.0.2.53#NAME, https://NAME/dns-query(쉼표로 여럿)
      --proxy URL              프록시를 거쳐 보냅니다: http:, https:, socks4:, socks4a:, socks5:, socks5h:
                               쉼표로 여럿을 지정할 수 있고, 없으면 HTTPS_PROXY 등을 curl처럼 읽습니다
      --no-proxy               환경 변수와 관계없이 프록시 없이 보냅니다
      --insecure, -k           서버 인증서를 검증하지 않습니다
      --cert FILE[:PASSPHRASE], -E
                               제시할 클라이언트 인증서 (PEM 또는 PKCS #12), 키는 --key FILE
      --pfx FILE               PKCS #12 인증서, 암호는 --passphrase TEXT이며 없으면 묻습니다
      --tlsv1.2, --tlsv1.3, --tls-max VERSION
                               제안할 TLS 버전, --tlsv1.0과 --tlsv1.1도 가능, --ciphers LIST
      --no-tls-resumption      항상 전체 TLS 핸드셰이크를 합니다
      --key-log FILE           TLS 연결의 비밀 키를 이 파일에 더합니다 (SSLKEYLOGFILE은 읽지 않습니다)
      --pcapng FILE            Wireshark용 패킷도 씁니다. 비밀 값과 키까지 모두 담깁니다
      --no-redirect            리디렉션을 따라가지 않습니다
      --new-connection         유지 중인 연결이 있어도 요청마다 새로 연결합니다
      --http1.1, --http2       사용할 HTTP 버전
      --anyway                 값이 없는 변수를 적힌 그대로 보냅니다
      --yes, -y                # @note 요청을 묻지 않고 보냅니다
      --interactive            터미널에서처럼 표준 입력의 줄을 WebSocket 메시지로 보내고, 입력이 끝나면 닫습니다
      --cookie-jar FILE        이 파일의 쿠키를 쓰고 받은 쿠키를 보관합니다: .json, 또는 curl 형식의 .txt
      --max-cookies NUMBER     보관할 쿠키 수의 한도 (3000). 도메인마다 --max-domain-cookies NUMBER (50), 크기는
                               --max-cookie-size (4096), 속성의 크기는 --max-cookie-attribute (1024), 기간은
                               --max-cookie-days (400)
      --session-store STORE    랩이 세션을 보관할 곳(roundtrip lab과 같음)
      --env NAME               변수를 가져올 환경
      --var-file FILE          이 파일의 변수도 사용합니다 (.env 또는 http-client.env.json 형식의 JSON)
      --var NAME=VALUE         다른 무엇보다 먼저 쓰는 변수 값, 여러 번 지정할 수 있습니다

  roundtrip parse FILE         파서가 이해한 내용을 보여 줍니다
      --json                   JSON으로, 모든 요소의 위치와 함께
      --resolved               변수를 치환한 뒤, 값이 어디에서 왔는지와 함께
      --env, --var, --var-file send와 같으며, 지정하면 --resolved로 봅니다
      --include-secrets        비공개 파일의 값도 보여 줍니다

  roundtrip cookies list       쿠키 파일에 든 것을 보여 줍니다
  roundtrip cookies clear      쿠키 파일에서 쿠키를 지웁니다
      --cookie-jar FILE        쿠키 파일
      --domain NAME            이 도메인의 쿠키만
      --json                   목록을 JSON으로

  roundtrip lab                Ctrl+C를 누를 때까지 랩을 실행합니다
      --json                   주소, 인증 기관, 포트를 먼저 출력합니다
      --port SERVER=PORT       서버의 포트를 정합니다(예: relay=9000). 여러 번 쓸 수 있습니다
      --http-port PORT, --https-port PORT, --dns-port PORT
      --session-store STORE    세션을 보관할 곳: memory, shared, redis://[USER:PASSWORD@]HOST[:PORT]
      --max-connections N      서버마다, 클러스터의 워커마다 허용할 연결 수(256)
      --head-timeout TIME, --request-timeout TIME, --keep-alive-timeout TIME
                               헤더, 요청 전체, 다음 요청을 기다리는 시간(10s, 30s, 5s)
      --max-body SIZE          요청 본문의 최대 크기. 예: 20MiB(1MiB)
      --workers N              처음에 둘 클러스터 워커 수, 1~8(2)
      --control                터미널에서처럼 표준 입력의 명령을 받습니다. “help”에 목록이 있습니다

  파일에 {{$lab.http}}, {{$lab.https}} 변수가 있으면 랩이 저절로 시작됩니다.
  모든 교환이 끝까지 이루어졌을 때만 종료 코드가 0입니다.
`,
  },
  'unknown-command': {
    en: 'There is no command “{command}”. Run “roundtrip help” for those there are.',
    ko: '“{command}” 명령은 없습니다. “roundtrip help”로 사용할 수 있는 명령을 확인하십시오.',
  },
  'bad-option': {
    en: '{reason}. Run “roundtrip help” for the options there are.',
    ko: '옵션을 이해할 수 없습니다({reason}). “roundtrip help”로 옵션을 확인하십시오.',
  },
  'cookies-action': {
    en: '“roundtrip cookies” takes “list” or “clear”, not “{text}”.',
    ko: '“roundtrip cookies” 다음에는 “list”나 “clear”를 적으십시오(받은 값: “{text}”).',
  },
  'cookies-jar': {
    en: '“roundtrip cookies” needs --cookie-jar FILE: without a file, cookies end with the command that got them.',
    ko: '“roundtrip cookies”에는 --cookie-jar FILE이 필요합니다. 파일이 없으면 쿠키는 받은 명령과 함께 사라집니다.',
  },
  'cookies-none': { en: 'There are no cookies.', ko: '쿠키가 없습니다.' },
  'cookies-cleared': { en: 'Cookies removed: {count}', ko: '지운 쿠키: {count}개' },
  'versions-exclude': {
    en: '--http1.1 and --http2 exclude each other. Give one of them.',
    ko: '--http1.1과 --http2는 함께 쓸 수 없습니다. 하나만 지정하십시오.',
  },
  'lab-takes-no-file': {
    en: '“roundtrip lab” takes no file, but “{extra}” was given. Use “roundtrip send” to send one.',
    ko: '“roundtrip lab”에는 파일을 지정하지 않습니다(받은 값: “{extra}”). 파일은 “roundtrip send”로 보내십시오.',
  },
  'file-wanted': {
    en: '“roundtrip {command}” needs a FILE. Name one, or “-” for standard input.',
    ko: '“roundtrip {command}”에는 FILE이 필요합니다. 파일 이름이나 표준 입력을 뜻하는 “-”를 지정하십시오.',
  },
  'one-file': {
    en: '“roundtrip {command}” takes one FILE, but “{extra}” was given too. Run it once for each file.',
    ko: '“roundtrip {command}”에는 파일을 하나만 지정합니다(더 받은 값: “{extra}”). 파일마다 한 번씩 실행하십시오.',
  },
  'bad-duration': {
    en: '{option} takes a time such as 500ms, 2s or 1500 (ms), not “{text}”.',
    ko: '{option}에는 500ms, 2s, 1500(ms)과 같은 시간을 지정하십시오(받은 값: “{text}”).',
  },
  'bad-size': {
    en: '{option} takes a number of bytes, not “{text}”.',
    ko: '{option}에는 바이트 수를 지정하십시오(받은 값: “{text}”).',
  },
  'bad-size-unit': {
    en: '{option} takes a size such as 20MB or 4GiB, not “{text}”.',
    ko: '{option}에는 20MB나 4GiB 같은 크기를 지정하십시오(받은 값: “{text}”).',
  },
  'bad-head-size': {
    en: '--max-head-size takes a size from 1KiB to 1MiB, such as 256KiB, not “{text}”.',
    ko: '--max-head-size에는 256KiB처럼 1KiB부터 1MiB까지의 크기를 지정하십시오(받은 값: “{text}”).',
  },
  'bad-count': {
    en: '{option} takes a number from 1 to {most}, not “{text}”.',
    ko: '{option}에는 1부터 {most}까지의 수를 지정하십시오(받은 값: “{text}”).',
  },
  'output-unwritten': {
    en: '{file} cannot be written: {reason}.',
    ko: '{file}: 쓸 수 없습니다({reason}).',
  },
  'output-nothing': {
    en: 'There is no content to write to {file}.',
    ko: '{file}에 쓸 콘텐츠가 없습니다.',
  },
  'bad-port': {
    en: '{option} takes a port from 0 to 65535, not “{text}”.',
    ko: '{option}에는 0에서 65535 사이의 포트를 지정하십시오(받은 값: “{text}”).',
  },
  'certificates-exclude': {
    en: '--cert and --pfx name two certificates: choose one.', ko: '--cert와 --pfx 중 하나만 지정하십시오.',
  },
  'certificate-wanted': {
    en: '{option} belongs to a certificate: name it with --cert or --pfx.', ko: '{option} 옵션에는 인증서가 필요합니다. --cert나 --pfx로 지정하십시오.',
  },
  'tls-versions-exclude': {
    en: 'No TLS version is left between {min} and {max}: --tlsv{min} is above --tls-max {max}.',
    ko: '{min} 이상 {max} 이하인 TLS 버전은 없습니다. --tlsv{min} 값이 --tls-max {max} 값보다 높습니다.',
  },
  'bad-tls-version': {
    en: '--tls-max takes 1.0, 1.1, 1.2 or 1.3, not {text}.', ko: '--tls-max에는 1.0, 1.1, 1.2, 1.3만 쓸 수 있습니다: {text}',
  },
  'pcapng-partly': {
    en: '{file}: not everything of {host} is in it, since only the first bytes of each exchange are kept.',
    ko: '{file}: 교환마다 앞부분의 바이트만 보관하므로 {host} 연결의 일부가 빠져 있습니다.',
  },
  'pcapng-missing': {
    en: '{file}: {host} has no packets in it, since its bytes or its addresses are not known.',
    ko: '{file}: 바이트나 주소를 알 수 없어 {host} 연결의 패킷이 없습니다.',
  },
  'pcapng-secret': {
    en: '{file} holds everything that was sent and received, with the keys to decrypt it: treat it as a secret.',
    ko: '{file} 파일에는 주고받은 모든 내용과 복호화 키가 들어 있습니다. 비밀로 다루십시오.',
  },
  'proxies-exclude': {
    en: '--proxy and --no-proxy exclude each other.',
    ko: '--proxy와 --no-proxy는 함께 쓸 수 없습니다.',
  },
  'bad-name-servers': {
    en: '--dns takes addresses such as 192.0.2.53 or [2001:db8::53]:5353, or else tls://192.0.2.53#NAME or https://NAME/dns-query, not “{text}”.',
    ko: '--dns에는 192.0.2.53이나 [2001:db8::53]:5353 같은 주소, 또는 tls://192.0.2.53#NAME이나 https://NAME/dns-query를 지정하십시오(받은 값: “{text}”).',
  },
  'bad-proxy': {
    en: '--proxy takes a URL such as http://localhost:3128 or socks5h://localhost:1080, not “{text}”.',
    ko: '--proxy에는 http://localhost:3128이나 socks5h://localhost:1080과 같은 URL을 지정하십시오(받은 값: “{text}”).',
  },
  'bad-variable': {
    en: '--var takes NAME=VALUE, not “{text}”.',
    ko: '--var에는 NAME=VALUE 형식으로 지정하십시오(받은 값: “{text}”).',
  },
  'unknown-environment': {
    en: 'There is no environment “{name}” for {file}. The environments are: {names}. They were looked for in {folders}.',
    ko: '{file}: “{name}” 환경이 없습니다. 있는 환경: {names}. 찾아본 폴더: {folders}.',
  },
  'no-environments': {
    en: 'There is no environment “{name}” for {file}: no file has any in {folders}. Write http-client.env.json beside it, such as {example}.',
    ko: '{file}: “{name}” 환경이 없으며, 환경을 담은 파일도 없습니다(찾아본 폴더: {folders}). 옆에 http-client.env.json 파일을 만드십시오(예: {example}).',
  },
  'environment-file-missing': {
    en: '{file} cannot be read: {reason}. --var-file takes the path of a .env or JSON file.',
    ko: '{file}: 읽을 수 없습니다({reason}). --var-file에는 .env 파일이나 JSON 파일의 경로를 지정하십시오.',
  },
  'file-unreadable': {
    en: '{file} cannot be read: {reason}. Check the path, or give “-” to read standard input.',
    ko: '{file}: 읽을 수 없습니다({reason}). 경로를 확인하거나 “-”로 표준 입력을 읽으십시오.',
  },
  'file-encoding': {
    en: '{file} is not UTF-8: its bytes look like {encoding}. Save it as UTF-8, or as UTF-16 with a byte order mark.',
    ko: '{file}: UTF-8이 아니라 {encoding} 파일로 보입니다. UTF-8이나 바이트 순서 표시가 있는 UTF-16으로 저장하십시오.',
  },
  'file-binary': {
    en: '{file} holds NUL bytes, so it is not text in UTF-8. Check the path, or save it as UTF-8.',
    ko: '{file}: NUL 바이트가 있어 UTF-8 텍스트가 아닙니다. 경로를 확인하거나 UTF-8로 저장하십시오.',
  },
  'file-too-large': {
    en: '{file} is larger than {limit}, so its requests are not read. Split it into several files.',
    ko: '{file}: {limit}보다 커서 요청을 읽지 않았습니다. 파일을 여러 개로 나누십시오.',
  },
  'authorities-unreadable': {
    en: '{file} cannot be read: {reason}. --cacert takes the path of a file in PEM or DER form.',
    ko: '{file}: 읽을 수 없습니다({reason}). --cacert에는 PEM 또는 DER 파일의 경로를 지정하십시오.',
  },
  'file-unwritable': {
    en: '{file} cannot be written: {reason}. Check that the folder exists and may be written to.',
    ko: '{file}: 쓸 수 없습니다({reason}). 폴더가 있고 쓰기 권한이 있는지 확인하십시오.',
  },
  'certificates-unreadable': {
    en: '{file} holds no certificate that can be read. --cacert takes a file in DER form, or in PEM form with “-----BEGIN CERTIFICATE-----”.',
    ko: '{file}: 읽을 수 있는 인증서가 없습니다. --cacert에는 DER 파일이나 “-----BEGIN CERTIFICATE-----”가 든 PEM 파일을 지정하십시오.',
  },
  'left-out-disabled': {
    en: '{place}: left out: disabled. Name its line to send it, or remove # @disabled.',
    ko: '{place}: 제외함: # @disabled 요청입니다. 보내려면 줄을 지정하거나 # @disabled를 지우십시오.',
  },
  'no-requests': {
    en: '{file} holds no request. Write one such as “GET https://example.com/” and separate several with “###”.',
    ko: '{file}: 요청이 없습니다. “GET https://example.com/”처럼 쓰고, 여러 요청은 “###”로 나누십시오.',
  },
  'no-request-at-line': {
    en: '{file} has no request at line {line}. Its requests are at lines {lines}.',
    ko: '{file}: {line}번째 줄에 요청이 없습니다. 요청이 있는 줄: {lines}.',
  },
  'no-request-named': {
    en: '{file} has no request named “{name}”. Its names are: {names}.',
    ko: '{file}: 이름이 “{name}”인 요청이 없습니다. 있는 이름: {names}.',
  },
  'not-sent': {
    en: 'Not sent, {place}: {reason}',
    ko: '보내지 않음, {place}: {reason}',
  },
  'stream-ended': { en: 'stopped listening', ko: '수신을 멈춤' },
  'sign-in': { en: 'sign in for {id} in a browser: {url}', ko: '{id} 토큰을 받으려면 브라우저에서 로그인하십시오: {url}' },
  'sign-in-code': { en: 'sign in for {id} in a browser: {url} (code {code})', ko: '{id} 토큰을 받으려면 브라우저에서 로그인하십시오: {url} (코드 {code})' },
  'not-read': {
    en: 'No request is read here, {place}: {reason}',
    ko: '요청을 읽지 못함, {place}: {reason}',
  },
  'confirm-send': {
    en: '{note}Send it? (y/N) ',
    ko: '{note}보내시겠습니까? (y/N) ',
  },
  'note-unconfirmed': {
    en: 'Not sent, {place}: the file wants to be asked before this request ({note}), but nobody can be asked here. Add --yes to send it.',
    ko: '보내지 않음, {place}: 보내기 전에 확인해야 하는 요청인데({note}) 물어볼 수 없습니다. 보내려면 --yes 옵션을 추가하십시오.',
  },
  'failed-line': {
    en: '{place}: {reason}',
    ko: '{place}: {reason}',
  },
  'lab-port-server': {
    en: '--port takes SERVER=PORT, such as relay=9000, not “{text}”. Servers: {known}.',
    ko: '--port에는 relay=9000처럼 SERVER=PORT를 지정하십시오(받은 값: “{text}”). 서버: {known}.',
  },
  'lab-port-taken': {
    en: 'Port {port} of --port {server}={port} is taken by another program. Choose another one or end that program; then start the lab again.',
    ko: '--port {server}={port} 옵션의 포트는 다른 프로그램에서 사용 중입니다. 다른 포트를 고르거나 그 프로그램을 종료한 다음 랩을 다시 시작하십시오.',
  },
  'lab-port-forbidden': {
    en: 'This user may not listen on port {port} of --port {server}={port}. Choose one above 1023; then start the lab again.',
    ko: '이 사용자는 --port {server}={port} 옵션의 포트에서 수신할 권한이 없습니다. 1023보다 큰 포트를 고른 다음 랩을 다시 시작하십시오.',
  },
  'lab-limit': {
    en: '{option} takes {least} to {most}, not “{text}”.',
    ko: '{option}에는 {least}부터 {most}까지 지정할 수 있습니다(받은 값: “{text}”).',
  },
  'lab-session-store': {
    en: '--session-store takes memory, shared, or a URL such as redis://127.0.0.1:6379.',
    ko: '--session-store에는 memory, shared 또는 redis://127.0.0.1:6379와 같은 URL을 지정하십시오.',
  },
  'lab-failed': {
    en: 'The lab could not be started: {reason}. Check that the ports are free and that loopback is up.',
    ko: '랩을 시작할 수 없습니다: {reason}. 포트가 비어 있고 루프백이 켜져 있는지 확인하십시오.',
  },
  'unexpected': {
    en: 'Roundtrip itself failed: {reason}. Please report it with the file that led to it.',
    ko: 'Roundtrip 자체가 실패했습니다: {reason}. 원인이 된 파일과 함께 알려 주십시오.',
  },
  'lab-running': {
    en: 'The lab is running. Press Ctrl+C to stop it.',
    ko: '랩을 실행하고 있습니다. Ctrl+C를 누르면 멈춥니다.',
  },
  'lab-control': {
    en: 'The lab is running. Type “help” for what can be done to it, and press Ctrl+C to stop it.',
    ko: '랩을 실행하고 있습니다. “help”를 입력하면 명령 목록을 볼 수 있고, Ctrl+C를 누르면 멈춥니다.',
  },
  'lab-help': {
    en: `  status                       every server and worker
  start, stop, restart SERVER  one server; “all” or nothing for all of them
  start SERVER PORT            at another port
  add worker                   to the cluster
  kill worker NUMBER           at once, as if it had crashed; another one takes its place
  clear sessions               of all servers
  quit                         stop the lab

  Servers: {servers}
`,
    ko: `  status                       모든 서버와 워커
  start, stop, restart SERVER  서버 하나. “all”이거나 비어 있으면 모두
  start SERVER PORT            다른 포트에서 시작합니다
  add worker                   클러스터에 워커를 더합니다
  kill worker NUMBER           워커를 강제로 종료합니다. 다른 워커가 그 자리를 대신합니다
  clear sessions               모든 서버의 세션을 지웁니다
  quit                         랩을 멈춥니다

  서버: {servers}
`,
  },
  'lab-unknown': {
    en: 'There is no command “{line}”. Type “help” to see them.',
    ko: '없는 명령입니다: “{line}”. “help”를 입력하면 목록을 볼 수 있습니다.',
  },
  'lab-mistaken-worker': {
    en: '“kill worker” takes the number of a worker, such as “kill worker 1”. Type “status” to see them.',
    ko: '“kill worker” 명령에는 “kill worker 1”처럼 워커 번호를 적으십시오. “status”를 입력하면 워커 목록을 볼 수 있습니다.',
  },
  'lab-mistaken-server': {
    en: 'There is no server “{text}”. Servers: {servers}; or “all”.',
    ko: '없는 서버입니다: “{text}”. 서버: {servers}, 또는 “all”.',
  },
  'lab-mistaken-port': {
    en: '“{text}” is no port. Ports go from 1 to 65535; 0 takes any that is free.',
    ko: '포트 번호가 아닙니다: “{text}”. 포트는 1부터 65535까지이며, 0이면 비어 있는 포트를 고릅니다.',
  },
  'lab-mistaken-port-for-one': {
    en: 'A port is for one server: “start relay {text}”, not all of them.',
    ko: '포트는 “start relay {text}”처럼 서버 하나에만 지정할 수 있습니다.',
  },
  'lab-stays': {
    en: '{server} runs already, at port {port}, and stays there. “restart {server} {wanted}” moves it.',
    ko: '서버가 이미 실행 중이므로 포트를 바꾸지 않았습니다({server}, 포트 {port}). 옮기려면 다음과 같이 입력하십시오: restart {server} {wanted}',
  },
  'lab-port-twice': {
    en: 'Port {port} is given to two servers, {first} and {second}. Give each its own.',
    ko: '두 서버({first}, {second})에 같은 포트를 지정했습니다: {port}. 서버마다 다른 포트를 지정하십시오.',
  },
  'lab-authority': { en: 'Certificate authority', ko: '인증 기관' },
  'new-connection': { en: 'new connection', ko: '새 연결' },
  'reused-connection': { en: 'reused connection', ko: '재사용한 연결' },
  'through-proxy': { en: 'through proxy {proxy}', ko: '프록시 {proxy} 경유' },
  unverified: { en: 'certificate not verified', ko: '인증서를 검증하지 않음' },
  incomplete: { en: 'incomplete', ko: '불완전' },
  'message-unsent': {
    en: 'not sent, as the WebSocket is closing: {line}',
    ko: 'WebSocket이 닫히는 중이라 보내지 않았습니다: {line}',
  },
  'content-cut': {
    en: '… {left} more bytes. --json --max-content shows more.',
    ko: '… {left}바이트가 더 있습니다. --json --max-content로 더 볼 수 있습니다.',
  },
  'content-binary': {
    en: '({size} bytes that are not text)',
    ko: '(텍스트가 아닌 {size}바이트)',
  },
  variables: { en: 'Variables', ko: '변수' },
  'names-of': { en: 'Values used, line {line}', ko: '{line}번째 줄의 요청에 쓰인 값' },
  'no-value': { en: '(no value)', ko: '(값 없음)' },
  environments: { en: 'Environments', ko: '환경' },
  'from-argument': { en: '--var', ko: '--var' },
  'from-prompt': { en: 'asked when sent', ko: '보낼 때 입력' },
  'from-file': { en: 'line {line}', ko: '{line}번째 줄' },
  'from-import': { en: '{file}, line {line}', ko: '{file} {line}번째 줄' },
  'from-environment': { en: '{source} ({environment})', ko: '{source}({environment})' },
  'from-process': { en: 'environment of the process', ko: '프로세스 환경 변수' },
  'from-dynamic': { en: 'built in', ko: '기본 제공 변수' },
  'from-lab': { en: 'the lab', ko: '랩' },
  'from-response': { en: 'response of {request}', ko: '{request} 요청의 응답' },
  'shadows': { en: 'instead of {what}', ko: '가린 값: {what}' },
  'round-trips': { en: 'round trips: {count}', ko: '왕복 {count}회' },
  'was-encrypted': { en: 'encrypted on the wire', ko: '암호화되어 전송됨' },
  problems: { en: 'Problems', ko: '문제' },
  'no-problems': { en: 'No problems.', ko: '문제가 없습니다.' },
} satisfies Texts;

/** The id of one of the command line's messages. */
export type CliText = keyof typeof cliTexts;
