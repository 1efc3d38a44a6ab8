import type { CertificateAuthority } from '../certificates/authority.ts';
import { problem, text } from '../http/answer.ts';
import type { Route } from '../http/handler.ts';

/** Hands out what `client.lab.test` asks its clients for: a certificate and its key, both in one PEM text. */
export function clientCertificateRoute(authority: Pick<CertificateAuthority, 'issueClient'>): Route {
  return {
    pattern: 'GET /client-certificate', name: 'client-certificate', example: '/client-certificate?name=ada',
    summary: {
      en: 'A certificate and its key for a client, in PEM; client.lab.test wants one.',
      ko: 'client.lab.test가 요구하는 클라이언트 인증서와 개인 키를 PEM으로 발급합니다.',
    },
    handler: async ({ head }) => {
      const name = head.query.get('name') ?? 'ada';
      if (!/^[a-z0-9 .-]{1,64}$/i.test(name)) {
        return problem(400, 'A name has 1 to 64 letters, digits, spaces, dots and hyphens.');
      }
      const { chain, key } = await authority.issueClient(name);
      return text(200, 'application/x-pem-file', chain + key, [['Cache-Control', 'no-store']]);
    },
  };
}
