import type { SendOptions } from './request.ts';

/**
 * The options without what is the sender's alone: what proxies were decided from holds credentials, what is sent to one is
 * some, and so are a certificate's key and passphrase. Which certificate it was stays.
 */
export function withoutSendersOwn(options: SendOptions): SendOptions {
  const { clientCertificate: certificate, proxySources, proxyAuthorization } = options;
  if (!proxySources && !certificate && proxyAuthorization === undefined) return options;
  const {
    proxySources: _sources, clientCertificate: _certificate, proxyAuthorization: _authorization, ...rest
  } = options;
  if (!certificate) return rest;
  const { label, keyLabel, from } = certificate;
  return { ...rest, clientCertificate: { label, from, ...(keyLabel === undefined ? {} : { keyLabel }) } };
}
