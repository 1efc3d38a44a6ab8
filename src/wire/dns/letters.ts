// draft-vixie-dnsext-dns0x20: a name means the same in all letters, and a server repeats those it was asked in.

/** What the letters of names go by; both live as long as the resolver. */
export interface Letters {
  /** A whole number from 0 up to, not including, its argument. */
  readonly random: (limit: number) => number;
  /** Servers, as `formatServer` writes them, that answer in letters of their own and by UDP alone; grows. */
  readonly plainServers: Set<string>;
}

/** A bit for each letter that a forger would have to guess too. */
export function mixedCase(name: string, random: Letters['random']): string {
  return name.replace(/[a-z]/g, (letter) => random(2) === 0 ? letter : letter.toUpperCase());
}
