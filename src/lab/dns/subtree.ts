import type { Answer } from 'dns-packet';

// RFC 6672: a DNAME record gives all names below its owner another end. It says nothing of the owner itself.

/** RFC 1035 §2.3.4, of a name as text without the root's dot. */
const longestName = 253;

/** A DNAME record and the CNAME that follows from it for one name. */
export interface SubtreeAlias {
  readonly record: Answer;
  /** RFC 6672 §3.1: made for the name that was asked; absent when the new name would be too long (§2.2: YXDOMAIN). */
  readonly alias?: Answer & { readonly data: string };
}

/** The DNAME record that a name is below of, if there is one among the records. */
export function subtreeAliasOf(name: string, records: readonly Answer[]): SubtreeAlias | undefined {
  const record = records.find((one) => one.type === 'DNAME' && name.endsWith(`.${one.name}`));
  if (record?.type !== 'DNAME') return undefined;
  const data = `${name.slice(0, -record.name.length)}${record.data}`;
  if (data.length > longestName) return { record };
  return { record, alias: { type: 'CNAME', name, ttl: record.ttl ?? 0, data } };
}
