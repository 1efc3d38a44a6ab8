import { createHmac, timingSafeEqual } from 'node:crypto';

/** Makes ids of sessions into values of cookies that nobody else can make. */
export interface Signer {
  /** `id.signature`. */
  sign(id: string): string;
  /** The id in a value that was signed with the same key; undefined: it was altered, or is from elsewhere. */
  open(value: string): string | undefined;
  /** What a form of this session carries, so that a page of another site cannot send it. */
  formToken(id: string): string;
}

/** A signature is worked out once; so many are kept in mind. */
const remembered = 2000;

/** HMAC-SHA256 (RFC 2104) with a key of the lab's own. */
export function createSigner(key: Buffer): Signer {
  const ids = new Map<string, string>();
  const seal = (text: string): string => createHmac('sha256', key).update(text).digest('base64url');
  const remember = (value: string, id: string): void => {
    if (ids.size >= remembered) ids.delete(ids.keys().next().value!);
    ids.set(value, id);
  };
  return {
    sign(id) {
      const value = `${id}.${seal(`session ${id}`)}`;
      remember(value, id);
      return value;
    },
    open(value) {
      const known = ids.get(value);
      if (known !== undefined) return known;
      const id = /^([\w-]{43})\.[\w-]{43}$/.exec(value)?.[1];
      if (id === undefined || !isSame(value, `${id}.${seal(`session ${id}`)}`)) return undefined;
      remember(value, id);
      return id;
    },
    formToken: (id) => seal(`form ${id}`),
  };
}

/** Takes as long for the first character that differs as for the last. */
export function isSame(given: string, own: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(own)];
  return one.length === other.length && timingSafeEqual(one, other);
}
