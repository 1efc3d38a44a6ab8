import type { CertificateAuthority } from '../certificates/authority.ts';
import { createCollection } from '../collection/store.ts';
import type { Route } from '../http/handler.ts';
import { shopRoutes } from '../shop/shopRoutes.ts';
import { tokenRoutes } from '../shop/tokenRoutes.ts';
import { clientCertificateRoute } from './clientCertificate.ts';
import { createCollectionRoutes } from './collection.ts';
import { contentRoutes } from './contents.ts';
import { cookieRoutes } from './cookies.ts';
import { echoRoutes } from './echo.ts';
import { faultRoutes } from './faults.ts';
import { createGraphqlRoutes } from './graphql.ts';
import { createIndexRoute } from './index.ts';
import { pageRoutes } from './pages.ts';
import { slowRoutes } from './slow.ts';
import { statusRoutes } from './statuses.ts';

/** Everything the lab answers. */
export function createRoutes(authority: Pick<CertificateAuthority, 'issueClient'>): readonly Route[] {
  const books = createCollection();
  const described: readonly Route[] = [
    ...echoRoutes, ...pageRoutes, ...contentRoutes, ...statusRoutes, ...slowRoutes, ...cookieRoutes,
    ...shopRoutes, ...tokenRoutes, ...faultRoutes, clientCertificateRoute(authority),
    ...createCollectionRoutes(books), ...createGraphqlRoutes(books),
  ];
  return [createIndexRoute(described), ...described];
}
