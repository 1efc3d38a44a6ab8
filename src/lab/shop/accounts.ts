import { createHash, timingSafeEqual } from 'node:crypto';

const passwords: Readonly<Record<string, string>> = { ada: 'lovelace', alan: 'turing' };

/** Whether the password is the user's; as quick for an unknown user as for a wrong password. */
export function isPassword(user: string, password: string): boolean {
  const known = Object.hasOwn(passwords, user) ? passwords[user] : undefined;
  const isSame = timingSafeEqual(digest(password), digest(known ?? ''));
  return isSame && known !== undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
