import type { SendOptions } from './request.ts';

/**
 * The options without what is the sender's alone: what proxies were decided from holds credentials, and a certificate's
 * key and passphrase are some. Which certificate it was stays.
 */
export function withoutSendersOwn(options: SendOptions): SendOptions {
  const { clientCertificate: certificate, proxySources } = options;
  if (!proxySources && !certificate) return options;
  const { proxySources: _sources, clientCertificate: _certificate, ...rest } = options;
  if (!certificate) return rest;
  const { label, keyLabel, from } = certificate;
  return { ...rest, clientCertificate: { label, from, ...(keyLabel === undefined ? {} : { keyLabel }) } };
}
