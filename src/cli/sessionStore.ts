import { isSessionStore } from '../run/labClient.ts';
import { UsageError } from './usageError.ts';

/** What `--session-store` says. @throws UsageError, which does not repeat what may have a password in it. */
export function sessionStore(text = 'memory'): string {
  if (!isSessionStore(text)) throw new UsageError('lab-session-store');
  return text;
}
