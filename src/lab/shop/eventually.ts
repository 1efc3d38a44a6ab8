/** Known at once, or later from somebody who must be asked. */
export type Eventually<T> = T | Promise<T>;

/** Uses a value as soon as it is known: at once where it is, without a promise, which would cost a turn. */
export function whenKnown<T, R>(value: Eventually<T>, use: (value: T) => Eventually<R>): Eventually<R> {
  return value instanceof Promise ? value.then(use) : use(value);
}
