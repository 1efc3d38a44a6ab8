/** Routes and neighbours seldom change: read again after so many ms. */
const freshFor = 1000;

/** The same promise for a while. */
export function kept<T>(make: () => Promise<T>, now: () => number): () => Promise<T> {
  let value: Promise<T> | undefined;
  let madeAt = 0;
  return () => {
    if (value === undefined || now() - madeAt >= freshFor) {
      madeAt = now();
      value = make();
    }
    return value;
  };
}
