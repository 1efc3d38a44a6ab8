import { readFile } from 'node:fs/promises';

import { certificatesIn } from '../run/prepare/certificateAuthorities.ts';
import type { SendOptions, TrustAnchor } from '../trace/request.ts';
import type { SendArguments } from './arguments.ts';
import { UsageError } from './usageError.ts';

/**
 * How the command line's options want requests sent.
 *
 * @throws UsageError when the file of certificate authorities cannot be read.
 */
export async function sendOptions(given: SendArguments): Promise<SendOptions> {
  return {
    timeouts: {
      ...(given.timeout === undefined ? {} : { total: given.timeout }),
      ...(given.dnsTimeout === undefined ? {} : { dns: given.dnsTimeout }),
      ...(given.connectTimeout === undefined ? {} : { connect: given.connectTimeout }),
    },
    contentLimits: {
      ...(given.maxSize === undefined ? {} : { size: given.maxSize }),
      ...(given.maxExpansion === undefined ? {} : { expansion: given.maxExpansion }),
    },
    headLimits: {
      ...(given.maxHeadSize === undefined ? {} : { size: given.maxHeadSize }),
      ...(given.maxFields === undefined ? {} : { fields: given.maxFields }),
      ...(given.maxInterim === undefined ? {} : { interimResponses: given.maxInterim }),
    },
    lookupLimits: given.lookupLimits,
    cookieLimits: given.cookieLimits,
    verify: !given.insecure,
    followRedirects: given.followRedirects,
    ...(given.dns === undefined ? {} : { dns: given.dns }),
    ...(given.newConnection ? { forceNewConnection: true } : {}),
    ...(given.tls ? { tls: given.tls } : {}),
    ...(given.cacert === undefined ? {} : { trustAnchors: await trustAnchorsOf(given.cacert) }),
  };
}

async function trustAnchorsOf(path: string): Promise<TrustAnchor[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new UsageError('authorities-unreadable', { file: path, reason: (error as Error).message });
  }
  const certificates = certificatesIn(bytes);
  if (!certificates) throw new UsageError('certificates-unreadable', { file: path });
  return certificates.map((certificate) => ({ pem: certificate, label: path }));
}
