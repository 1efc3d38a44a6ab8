import type { CookieVerdict } from '../../trace/event.ts';
import { defaultCookieLimits, mostCookieLimits } from '../../trace/request.ts';
import type { CookieLimits, FieldLine } from '../../trace/request.ts';
import type { CookieFileNotice, CookieFilter, OtherCookies, StoredCookie } from '../../trace/storedCookie.ts';
import { fieldOctets, fieldValues } from '../http/fields.ts';
import { isExpired, keyOf, pairOf, sendingOrder } from './cookie.ts';
import type { CookieFile } from './cookieFile.ts';
import { canonicalHost, domainOf, excessOf, expiresAt, receivedReason, selectedReason, siteOf } from './reasons.ts';
import type { ToughCookie } from './reasons.ts';
import { parseSetCookie } from './setCookie.ts';
import type { SetCookie } from './setCookie.ts';

/** So many cookies of a request's site, or of others, are told of; those that are sent always are. */
const mostVerdicts = 200;

/**
 * The cookies for a request: the pairs to send as octets, and what became of each cookie of the request's site.
 * `others` counts those of other sites, `unlisted` those of this one beyond what is told.
 */
interface Selected {
  readonly header: string | undefined;
  readonly verdicts: readonly CookieVerdict[];
  readonly others: number;
  readonly unlisted: number;
}

/**
 * A cookie jar (RFC 6265bis §5.7, §5.8), in memory or also in a file. Scope comes from the URL, never from a typed
 * `Host`.
 */
export interface CookieJar {
  /** Nothing is stored: nothing to select from. */
  readonly isEmpty: boolean;
  readonly isLoaded: boolean;
  load(): Promise<void>;
  /** Which cookies go with a request to `url`; those typed in `headers` go first and win by name. */
  select(url: URL, headers: readonly FieldLine[]): Selected;
  /** Stores what the values of `Set-Cookie` fields of a response from `url` ask for. Loaded jars only. */
  receive(url: URL, values: readonly string[], limits?: Partial<CookieLimits>): CookieVerdict[];
  /** What is stored and has not expired, by domain, path and name. */
  list(): readonly StoredCookie[];
  /** Those of other sites than `url`'s that were stored before `before`, epoch ms. Loaded jars only. */
  others(url: URL, before: number): OtherCookies;
  /** Removes cookies; gives how many. */
  remove(filter: CookieFilter): number;
  clear(): void;
  /** Everything stored so far is on the disk, if it is to be. Never rejects. */
  flush(): Promise<void>;
}

interface CookieJarOptions {
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Where the cookies are kept beyond this process. */
  readonly file?: CookieFile;
  /** Told when the file cannot be used as it is. */
  readonly onNotice?: (notice: CookieFileNotice) => void;
}

/** An empty jar, or one that is filled from a file by `load`. */
export function createCookieJar(options: CookieJarOptions = {}): CookieJar {
  return new Jar(options);
}

class Jar implements CookieJar {
  readonly #now: () => number;
  readonly #file: CookieFile | undefined;
  readonly #onNotice: (notice: CookieFileNotice) => void;
  #tough: ToughCookie | undefined;
  #loading: Promise<void> | undefined;
  #cookies = new Map<string, StoredCookie>();
  /** Keys of the cookies of each site. */
  #sites = new Map<string, Set<string>>();

  constructor({ now = Date.now, file, onNotice = () => undefined }: CookieJarOptions) {
    this.#now = now;
    this.#file = file;
    this.#onNotice = onNotice;
  }

  get isEmpty(): boolean {
    return this.#cookies.size === 0;
  }

  get isLoaded(): boolean {
    return this.#tough !== undefined;
  }

  load(): Promise<void> {
    return this.#loading ??= this.#load();
  }

  async #load(): Promise<void> {
    const tough = await import('tough-cookie');
    const read = await this.#file?.read();
    this.#tough = tough;
    if (read?.notice) this.#onNotice(read.notice);
    for (const cookie of read?.cookies ?? []) this.#put(cookie);
    // How many may be kept, the next one that is stored says.
    this.#evict(mostCookieLimits);
  }

  select(url: URL, headers: readonly FieldLine[]): Selected {
    const tough = this.#tough;
    if (!tough || this.#cookies.size === 0) return { header: undefined, verdicts: [], others: 0, unlisted: 0 };
    const now = this.#now();
    const typed = typedCookieNames(headers);
    const verdicts: CookieVerdict[] = [];
    const pairs: string[] = [];
    let unlisted = 0;
    const ofSite = this.#ofSite(canonicalHost(tough, url));
    const others = this.#cookies.size - ofSite.length;
    for (const cookie of ofSite.toSorted(sendingOrder)) {
      const reason = selectedReason(tough, cookie, url, now, typed);
      if (reason === 'expired') this.#drop(cookie);
      if (reason === undefined) {
        pairs.push(fieldOctets(pairOf(cookie)));
        this.#put({ ...cookie, accessed: now });
      }
      if (reason === undefined || verdicts.length < mostVerdicts) verdicts.push(verdictOf(cookie, reason));
      else unlisted += 1;
    }
    const header = pairs.length > 0 ? pairs.join('; ') : undefined;
    return { header, verdicts, others, unlisted };
  }

  receive(url: URL, values: readonly string[], given: Partial<CookieLimits> = {}): CookieVerdict[] {
    const limits = { ...defaultCookieLimits, ...given };
    const verdicts = values.map((value) => {
      const set = parseSetCookie(value, limits);
      return withIgnored(this.#receiveOne(this.#tough!, url, set, limits), set, limits);
    });
    this.#save();
    return verdicts;
  }

  #receiveOne(tough: ToughCookie, url: URL, set: SetCookie, limits: CookieLimits): CookieVerdict {
    const { name, value, attributes, fault } = set;
    const refused = (reason: string): CookieVerdict => ({ name, value, accepted: false, reason });
    if (fault === 'size') return { ...refused(fault), met: { size: limits.size } };
    if (fault) return refused(fault);
    const scope = domainOf(tough, attributes.get('domain') ?? '', url);
    if ('reason' in scope) return { ...refused(scope.reason), domain: attributes.get('domain')!.replace(/^\./, '') };
    const now = this.#now();
    const asked = expiresAt(tough, attributes, now);
    const most = now + limits.days * 86_400_000;
    const cookie = cookieFrom(tough, set, scope, url, now, asked === undefined ? undefined : Math.min(asked, most));
    const near = this.#ofSite(scope.domain);
    const reason = receivedReason(tough, cookie, url, attributes.has('path'), near);
    if (reason !== undefined) return verdictOf(cookie, reason);
    if (isExpired(cookie, now)) {
      // An expired cookie only takes its predecessor away.
      this.#drop(cookie);
      return verdictOf(cookie, 'expired');
    }
    return this.#store(cookie, asked !== cookie.expires, limits);
  }

  #store(cookie: StoredCookie, shortened: boolean, limits: CookieLimits): CookieVerdict {
    const old = this.#cookies.get(keyOf(cookie));
    // RFC 6265bis §5.7, step 23: it keeps its predecessor's place in the order.
    this.#put(old ? { ...cookie, created: old.created } : cookie);
    const crowded = old ? undefined : this.#crowdedAt(cookie.domain, limits);
    const evicted = crowded ? this.#evict(limits, cookie.domain) : 0;
    const met = {
      ...(shortened ? { days: limits.days } : {}), ...(crowded && evicted > 0 ? { [crowded]: limits[crowded] } : {}),
    };
    return {
      ...verdictOf(cookie, undefined),
      ...(old ? { replaced: old.value === cookie.value ? 'same' as const : 'other' as const } : {}),
      ...(shortened ? { shortened } : {}),
      ...(evicted > 0 ? { evicted } : {}),
      ...(shortened || evicted > 0 ? { met } : {}),
    };
  }

  list(): readonly StoredCookie[] {
    const now = this.#now();
    return [...this.#cookies.values()].filter((cookie) => !isExpired(cookie, now)).sort(listOrder);
  }

  others(url: URL, before: number): OtherCookies {
    const own = new Set(this.#ofSite(canonicalHost(this.#tough!, url)));
    const others = this.list().filter((cookie) => cookie.created < before && !own.has(cookie));
    const cookies = others.slice(0, mostVerdicts).map((cookie) => verdictOf(cookie, 'domain'));
    return { cookies, total: others.length };
  }

  remove({ domain, path, name }: CookieFilter): number {
    const gone = [...this.#cookies.values()].filter((cookie) =>
      (domain === undefined || cookie.domain === domain)
      && (path === undefined || cookie.path === path) && (name === undefined || cookie.name === name));
    for (const cookie of gone) this.#drop(cookie);
    this.#save();
    return gone.length;
  }

  clear(): void {
    this.remove({});
  }

  async flush(): Promise<void> {
    const notice = await this.#file?.flush();
    if (notice) this.#onNotice(notice);
  }

  #save(): void {
    this.#file?.changed(() => [...this.#cookies.values()], this.#onNotice);
  }

  // --- the store ------------------------------------------------------------------------------------

  #ofSite(host: string): StoredCookie[] {
    const keys = this.#sites.get(siteOf(this.#tough!, host));
    return keys ? Array.from(keys, (key) => this.#cookies.get(key)!) : [];
  }

  #put(cookie: StoredCookie): void {
    const key = keyOf(cookie);
    const isNew = !this.#cookies.has(key);
    this.#cookies.set(key, cookie);
    if (!isNew) return;
    const site = siteOf(this.#tough!, cookie.domain);
    const keys = this.#sites.get(site) ?? new Set();
    this.#sites.set(site, keys.add(key));
  }

  #drop(cookie: StoredCookie): void {
    const key = keyOf(cookie);
    if (!this.#cookies.delete(key)) return;
    const site = siteOf(this.#tough!, cookie.domain);
    const keys = this.#sites.get(site);
    keys?.delete(key);
    if (keys?.size === 0) this.#sites.delete(site);
  }

  /** The limit that the jar is beyond, for a cookie of `domain` that has been put into it. */
  #crowdedAt(domain: string, { perDomain, total }: CookieLimits): 'perDomain' | 'total' | undefined {
    const isDomainFull = this.#cookies.size > perDomain
      && this.#ofSite(domain).filter((cookie) => cookie.domain === domain).length > perDomain;
    return isDomainFull ? 'perDomain' : this.#cookies.size > total ? 'total' : undefined;
  }

  /** Makes room; gives how many had to go that had not expired. */
  /** Where cookies of one domain came, others are within their limits, which may have been another request's. */
  #evict(limits: CookieLimits, domain?: string): number {
    const now = this.#now();
    const gone = excessOf([...this.#cookies.values()], limits, now, domain);
    for (const cookie of gone) this.#drop(cookie);
    return gone.filter((cookie) => !isExpired(cookie, now)).length;
  }
}

function cookieFrom(
  tough: ToughCookie, { name, value, attributes }: SetCookie,
  { domain, hostOnly }: Pick<StoredCookie, 'domain' | 'hostOnly'>, url: URL, now: number, expires: number | undefined,
): StoredCookie {
  const path = attributes.get('path');
  const sameSite = attributes.get('samesite')?.toLowerCase();
  return {
    name, value, domain, hostOnly,
    // RFC 6265bis §5.6.4: the path counts when it begins with a slash.
    path: path?.startsWith('/') ? path : tough.defaultPath(url.pathname),
    secure: attributes.has('secure'), httpOnly: attributes.has('httponly'),
    ...(sameSite === 'strict' || sameSite === 'lax' || sameSite === 'none' ? { sameSite } : {}),
    ...(attributes.has('partitioned') ? { partitioned: true } : {}),
    ...(expires === undefined ? {} : { expires }),
    created: now, accessed: now,
  };
}

function listOrder(a: StoredCookie, b: StoredCookie): number {
  const [one, other] = [a, b].map(({ domain, path, name }) => `${domain}\t${path}\t${name}`) as [string, string];
  return one < other ? -1 : 1;
}

function typedCookieNames(headers: readonly FieldLine[]): ReadonlySet<string> {
  const pairs = fieldValues(headers, 'cookie').flatMap((value) => value.split(';'));
  return new Set(pairs.map((pair) => pair.split('=', 1)[0]!.trim()));
}

/** Attributes that were too long are told of, whatever became of the cookie. */
function withIgnored(verdict: CookieVerdict, { ignored }: SetCookie, { attribute }: CookieLimits): CookieVerdict {
  return ignored.length === 0 ? verdict : { ...verdict, ignored, met: { ...verdict.met, attribute } };
}

/** A cookie kept back for its domain belongs to somebody else: its value stays out of the record. */
function verdictOf(cookie: StoredCookie, reason: string | undefined): CookieVerdict {
  const { name, value, domain, path, expires, httpOnly, secure, sameSite, partitioned, hostOnly } = cookie;
  return {
    name, value: reason === 'domain' ? '' : value, accepted: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    domain, path,
    ...(expires === undefined ? {} : { expires }),
    ...(httpOnly ? { httpOnly } : {}),
    ...(secure ? { secure } : {}),
    ...(sameSite ? { sameSite } : {}),
    ...(partitioned ? { partitioned } : {}),
    ...(hostOnly ? { hostOnly } : {}),
  };
}
