import type { CertificateAuthority } from '../certificates/authority.ts';
import type { Route } from '../http/handler.ts';
import { shopRoutes } from '../shop/shopRoutes.ts';
import { tokenRoutes } from '../shop/tokenRoutes.ts';
import { createBookRoutes } from './books.ts';
import { clientCertificateRoute } from './clientCertificate.ts';
import { cachingRoutes } from './caching.ts';
import { contentRoutes } from './contents.ts';
import { cookieRoutes } from './cookies.ts';
import { corsRoutes } from './cors.ts';
import { credentialRoutes } from './credentials.ts';
import { echoRoutes } from './echo.ts';
import { eventRoutes } from './events.ts';
import { faultRoutes } from './faults.ts';
import { createFileRoutes } from './files.ts';
import { imageRoutes } from './images.ts';
import { createIndexRoute } from './index.ts';
import type { Origins } from './index.ts';
import { messageRoutes } from './messages.ts';
import { pageRoutes } from './pages.ts';
import { redirectionRoutes } from './redirections.ts';
import { routingRoutes } from './routing.ts';
import { slowRoutes } from './slow.ts';
import { statusRoutes } from './statuses.ts';
import { webSocketRoutes } from './webSockets.ts';

/**
 * Everything the lab answers, and `more`; `origins` are what the front page tells of the lab's servers, `books` the routes
 * of another process's bookshelf.
 */
export function createRoutes(
  authority: Pick<CertificateAuthority, 'issueClient'>, more: readonly Route[] = [],
  origins: () => Origins = () => ({}), books: readonly Route[] = createBookRoutes(),
): readonly Route[] {
  const described: readonly Route[] = [
    ...echoRoutes, ...pageRoutes, ...contentRoutes, ...statusRoutes, ...slowRoutes, ...cookieRoutes,
    ...imageRoutes, ...redirectionRoutes, ...cachingRoutes, ...credentialRoutes, ...messageRoutes, ...eventRoutes,
    ...corsRoutes, ...webSocketRoutes, ...routingRoutes,
    ...shopRoutes, ...tokenRoutes, ...faultRoutes, clientCertificateRoute(authority),
    ...books, ...createFileRoutes(), ...more,
  ];
  return [createIndexRoute(described, origins), ...described];
}
