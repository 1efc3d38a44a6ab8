/** The same without `readonly`, for who makes a value before anybody sees it. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
