import type { Fault } from '../../../httpFile/names/origin.ts';
import type { PrepareContext } from '../../prepare/preparation.ts';
import { readConfiguration } from './configuration.ts';
import type { TokenName } from './tokenName.ts';

/**
 * What `{{$auth.token("id")}}` stands for: the token of that authorization, or why there is none. `resolve` puts names
 * into its settings; while one of them has no value yet, nothing is fetched.
 */
export async function tokenValue(
  { id, kind }: TokenName, { environment, tokens, trusted }: PrepareContext, resolve: (text: string) => string | Fault,
): Promise<string | Fault> {
  if (!trusted) return { code: 'environment-untrusted', places: { name: `$auth.token("${id}")` } };
  const entry = environment?.auth?.get(id);
  if (!entry) return {
    code: 'token-unknown', places: { id, ids: [...environment?.auth?.keys() ?? []].join(', ') || '–' },
  };
  const read = readConfiguration(id, entry, resolve);
  if (read.kind === 'fault') return read.fault;
  const found = read.kind === 'written' ? read.tokens : await tokens!(read.configuration);
  if ('code' in found) return found;
  return found[kind]
    ?? { code: 'token-kind-missing', places: { id, kind: kind === 'access' ? 'access_token' : 'id_token' } };
}
