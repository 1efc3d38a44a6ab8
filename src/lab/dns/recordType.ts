const typeNumbers: Readonly<Record<string, number>> = {
  A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, NAPTR: 35, DNAME: 39, DS: 43, SVCB: 64,
  HTTPS: 65, IXFR: 251, AXFR: 252, ANY: 255, CAA: 257,
};
const typeNames = new Map(Object.entries(typeNumbers).map(([name, type]) => [type, name]));

/** The number of a type by the name that dns-packet has for it; `UNKNOWN_65` where it knows the number alone. */
export function typeNumber(name: string): number | undefined {
  const unknown = /^UNKNOWN_(\d+)$/.exec(name)?.[1];
  return unknown === undefined ? typeNumbers[name] : Number(unknown);
}

/** RFC 3597 §5: a type without a name that is known here is written `TYPE` and its number. */
export function typeName(type: number): string {
  return typeNames.get(type) ?? `TYPE${type}`;
}
