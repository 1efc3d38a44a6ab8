import type { ProxySources } from '../../trace/proxyDecision.ts';
import type { SendOptions } from '../../trace/request.ts';
import { decidedOptions } from '../../wire/proxy/decision.ts';

// The rules themselves are beside the sender, which decides again after a redirect.
export { decideProxy } from '../../wire/proxy/decision.ts';

/**
 * The same options with the proxy for `url` and why it is that one. `sources` are the front end's, `request` is what
 * the request itself says; an `options.proxy` that no source accounts for counts as the command line's.
 */
export function withProxy(
  options: SendOptions, url: string, sources: ProxySources | undefined, request: ProxySources['request'],
): SendOptions {
  const { proxy } = options;
  if (!sources && !request && proxy === undefined) return options;
  const proxySources: ProxySources = {
    ...(proxy === undefined ? {} : { commandLine: { proxy } }), ...sources, request: request ?? {},
  };
  return decidedOptions({ ...options, proxySources }, url);
}
