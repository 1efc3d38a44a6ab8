import type { CertificateAuthority } from '../certificates/authority.ts';
import type { Route } from '../http/handler.ts';
import { shopRoutes } from '../shop/shopRoutes.ts';
import { tokenRoutes } from '../shop/tokenRoutes.ts';
import { clientCertificateRoute } from './clientCertificate.ts';
import { contentRoutes } from './contents.ts';
import { cookieRoutes } from './cookies.ts';
import { echoRoutes } from './echo.ts';
import { faultRoutes } from './faults.ts';
import { createIndexRoute } from './index.ts';
import { pageRoutes } from './pages.ts';
import { slowRoutes } from './slow.ts';
import { statusRoutes } from './statuses.ts';

/** Everything the lab answers. */
export function createRoutes(authority: Pick<CertificateAuthority, 'issueClient'>): readonly Route[] {
  const described: readonly Route[] = [
    ...echoRoutes, ...pageRoutes, ...contentRoutes, ...statusRoutes, ...slowRoutes, ...cookieRoutes,
    ...shopRoutes, ...tokenRoutes, ...faultRoutes, clientCertificateRoute(authority),
  ];
  return [createIndexRoute(described), ...described];
}
