/** A whole number within bounds from a path or query, or undefined. */
export function wholeNumber(
  text: string | null | undefined, min: number, max: number,
): number | undefined {
  if (!text || !/^\d{1,15}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}
