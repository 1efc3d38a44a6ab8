import * as words from './randomWords.ts';

/** What random values are made from. */
interface RandomSources {
  /** From 0 up to but not including 1. */
  random(): number;
  /** Epoch milliseconds. */
  now(): number;
  uuid(): string;
}

/** Gives undefined when the arguments cannot be understood. */
type Make = (random: Random, given: readonly string[]) => string | undefined;

/** Longer texts are a body file's business. */
const longest = 10_000;

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const hexadecimal = '0123456789abcdef';
const alphabetic = lower + lower.toUpperCase();

const day = 86_400_000;

/** The ways to choose. */
interface Random {
  /** From the first up to but not including the second. */
  whole(from: number, below: number): number;
  fraction(from: number, below: number): number;
  of<T>(list: readonly T[]): T;
  text(letters: string, length: number): string;
  readonly sources: RandomSources;
}

function createRandom(sources: RandomSources): Random {
  const whole = (from: number, below: number) => from + Math.floor(sources.random() * (below - from));
  const of = <T>(list: readonly T[]): T => list[whole(0, list.length)]!;
  return {
    whole, of, sources,
    fraction: (from, below) => from + sources.random() * (below - from),
    text: (letters, length) => Array.from({ length }, () => letters[whole(0, letters.length)]).join(''),
  };
}

/** A value that takes no arguments. */
const plain = (make: (random: Random) => string): Make => (random, given) =>
  given.length === 0 ? make(random) : undefined;
const oneOf = (list: readonly string[]): Make => plain(({ of }) => of(list));

/** A text whose length is the argument, or ten. */
const sized = (letters: string): Make => (random, given) => {
  const length = lengthIn(given, 10);
  return length === undefined ? undefined : random.text(letters, length);
};

const makers: Readonly<Record<string, Make>> = {
  integer: (random, given) => {
    const [from, below] = rangeIn(given, /^-?\d{1,15}$/) ?? [];
    return from === undefined ? undefined : `${random.whole(from, below!)}`;
  },
  float: (random, given) => {
    const [from, below] = rangeIn(given, /^-?\d{1,15}(?:\.\d{1,15})?$/) ?? [];
    return from === undefined ? undefined : `${random.fraction(from, below!)}`;
  },
  alphabetic: sized(alphabetic),
  alphanumeric: sized(alphabetic + digits),
  hexadecimal: sized(hexadecimal),
  email: plain(email),

  'name.firstName': oneOf(words.firstNames),
  'name.lastName': oneOf(words.lastNames),
  'name.fullName': plain(fullName),
  'name.name': plain(fullName),
  'name.nameWithMiddle': plain(({ of }) => `${of(words.firstNames)} ${of(words.firstNames)} ${of(words.lastNames)}`),
  'name.prefix': oneOf(words.titles),
  'name.suffix': oneOf(words.nameSuffixes),
  'name.title': plain(jobTitle),
  'name.username': plain(username),

  'address.city': oneOf(words.cities),
  'address.cityName': oneOf(words.cities),
  'address.state': plain(({ of }) => of(words.states)[0]),
  'address.stateAbbr': plain(({ of }) => of(words.states)[1]),
  'address.country': plain(({ of }) => of(words.countries)[0]),
  'address.countryCode': plain(({ of }) => of(words.countries)[1]),
  'address.streetName': plain(streetName),
  'address.streetAddress': plain(streetAddress),
  'address.streetAddressNumber': plain(({ whole }) => `${whole(1, 1000)}`),
  'address.buildingNumber': plain(({ whole }) => `${whole(1, 1000)}`),
  'address.secondaryAddress': plain(({ whole }) => `Apt. ${whole(1, 100)}`),
  'address.zipCode': plain(({ text }) => text(digits, 5)),
  'address.fullAddress': plain((random) =>
    `${streetAddress(random)}, ${random.of(words.cities)}, ${random.of(words.states)[1]} ${random.text(digits, 5)}`),
  'address.latitude': plain(({ fraction }) => fraction(-90, 90).toFixed(6)),
  'address.longitude': plain(({ fraction }) => fraction(-180, 180).toFixed(6)),
  'address.timeZone': oneOf(words.timeZones),

  'internet.emailAddress': plain(email),
  'internet.safeEmailAddress': plain(email),
  'internet.domainName': plain(domain),
  'internet.domainWord': plain(({ of }) => slug(of(words.companyWords))),
  'internet.domainSuffix': plain(({ of }) => of(['com', 'org', 'net'])),
  'internet.url': plain((random) => `https://${domain(random)}/`),
  'internet.slug': plain(({ of }) => `${of(words.loremWords)}-${of(words.loremWords)}`),
  'internet.uuid': plain(({ sources }) => sources.uuid()),
  'internet.password': plain(({ text }) => text(alphabetic + digits, 16)),
  'internet.ipV4Address': plain(({ whole }) => [whole(1, 224), whole(0, 256), whole(0, 256), whole(1, 255)].join('.')),
  'internet.privateIpV4Address': plain(({ whole }) => ['10', whole(0, 256), whole(0, 256), whole(1, 255)].join('.')),
  'internet.ipV6Address': plain(({ text }) => Array.from({ length: 8 }, () => text(hexadecimal, 4)).join(':')),
  'internet.macAddress': plain(({ text }) => Array.from({ length: 6 }, () => text(hexadecimal, 2)).join(':')),
  'internet.userAgentAny': oneOf(words.userAgents),

  'phoneNumber.phoneNumber': plain(phoneNumber),
  'phoneNumber.cellPhone': plain(phoneNumber),

  'company.name': plain(({ of }) => `${of(words.companyWords)} ${of(words.companySuffixes)}`),
  'company.suffix': oneOf(words.companySuffixes),
  'company.industry': oneOf(words.industries),
  'company.buzzword': plain(({ of }) => of(words.phrases.how)),
  'company.catchPhrase': plain(({ of }) => `${capital(of(words.phrases.how))} ${of(words.phrases.what)}`),
  'company.bs': plain(({ of }) => `${of(words.phrases.verb)} ${of(words.phrases.how)} ${of(words.phrases.what)}`),
  'company.profession': plain(({ of }) => of(words.jobs.role).toLowerCase()),
  'company.url': plain((random) => `https://www.${domain(random)}/`),
  'job.title': plain(jobTitle),
  'job.field': plain(({ of }) => of(words.jobs.field)),
  'job.position': plain(({ of }) => of(words.jobs.role)),
  'job.seniority': plain(({ of }) => of(words.jobs.level)),
  'job.keySkills': oneOf(words.skills),

  'lorem.word': oneOf(words.loremWords),
  'lorem.words': (random, given) => textOf(random, given, 3, (one) => one.of(words.loremWords), ' '),
  'lorem.sentence': (random, given) => {
    const length = lengthIn(given, 8);
    return length === undefined ? undefined : sentence(random, length);
  },
  'lorem.sentences': (random, given) => textOf(random, given, 3, (one) => sentence(one, 8), ' '),
  'lorem.paragraph': (random, given) => textOf(random, given, 4, (one) => sentence(one, 10), ' '),
  'lorem.characters': sized(lower + digits),

  'number.digit': plain(({ text }) => text(digits, 1)),
  'number.digits': sized(digits),
  'number.randomDigit': plain(({ whole }) => `${whole(0, 10)}`),
  'number.randomDigitNotZero': plain(({ whole }) => `${whole(1, 10)}`),
  'number.randomNumber': plain(({ whole }) => `${whole(0, 1_000_000_000)}`),
  'number.randomDouble': plain(({ fraction }) => fraction(0, 1000).toFixed(2)),
  'number.numberBetween': (random, given) => given.length === 2 ? makers.integer!(random, given) : undefined,
  'bool.bool': plain(({ of }) => of(['true', 'false'])),

  'color.name': oneOf(words.colors),
  'color.hex': plain(({ text }) => `#${text(hexadecimal, 6)}`),
  'date.past': plain(({ whole, sources }) => isoDate(sources.now() - whole(day, 365 * day))),
  'date.future': plain(({ whole, sources }) => isoDate(sources.now() + whole(day, 365 * day))),
  'date.birthday': plain(({ whole, sources }) => isoDate(sources.now() - whole(18 * 365 * day, 65 * 365 * day))),

  'commerce.productName': plain(({ of }) =>
    `${of(words.productQualities)} ${of(words.materials)} ${of(words.products)}`),
  'commerce.material': oneOf(words.materials),
  'commerce.department': oneOf(words.departments),
  'commerce.color': oneOf(words.colors),
  'commerce.price': plain(({ fraction }) => fraction(1, 1000).toFixed(2)),
  'commerce.promotionCode': plain(({ of, text }) => `${slug(of(words.companyWords)).toUpperCase()}${text(digits, 4)}`),
  'currency.name': plain(({ of }) => of(words.currencies)[0]),
  'currency.code': plain(({ of }) => of(words.currencies)[1]),
  'file.extension': plain(({ of }) => of(words.fileExtensions)[0]),
  'file.mimeType': plain(({ of }) => of(words.fileExtensions)[1]),
  'file.fileName': plain(({ of }) => `${of(words.loremWords)}_${of(words.loremWords)}.${of(words.fileExtensions)[0]}`),
  'code.ean13': plain(({ text }) => withCheckDigit(text(digits, 12))),
  'code.isbn13': plain(({ text }) => withCheckDigit(`978${text(digits, 9)}`)),
  'crypto.md5': plain(({ text }) => text(hexadecimal, 32)),
  'crypto.sha1': plain(({ text }) => text(hexadecimal, 40)),
  'crypto.sha256': plain(({ text }) => text(hexadecimal, 64)),
  'animal.name': oneOf(words.animals),
};

/** Every name there is, with `$random.` before it. */
export const randomNames: readonly string[] = Object.keys(makers).map((name) => `$random.${name}`);

/** The value of one of {@link randomNames}; undefined for other names and for arguments it does not take. */
export function randomValue(name: string, given: readonly string[], sources: RandomSources): string | undefined {
  const key = name.replace(/^\$random\./, '');
  return Object.hasOwn(makers, key) ? makers[key]!(createRandom(sources), given) : undefined;
}

// --- arguments -------------------------------------------------------------------------------------

/** None: 0 to 1000; one: up to it; two: from the first up to the second. */
function rangeIn(given: readonly string[], form: RegExp): [from: number, below: number] | undefined {
  if (given.length > 2 || !given.every((one) => form.test(one))) return undefined;
  const [first = 1001, second] = given.map(Number);
  const [from, below] = second === undefined ? [0, first] : [first, second];
  return from < below ? [from, below] : undefined;
}

function lengthIn(given: readonly string[], usual: number): number | undefined {
  const [written = `${usual}`, ...rest] = given;
  const length = /^\d{1,9}$/.test(written) ? Number(written) : 0;
  return rest.length === 0 && length > 0 && length <= longest ? length : undefined;
}

function textOf(
  random: Random, given: readonly string[], usual: number, make: (random: Random) => string, between: string,
): string | undefined {
  const length = lengthIn(given, usual);
  return length === undefined ? undefined : Array.from({ length }, () => make(random)).join(between);
}

// --- pieces ----------------------------------------------------------------------------------------

function fullName({ of }: Random): string {
  return `${of(words.firstNames)} ${of(words.lastNames)}`;
}

function username({ of }: Random): string {
  return `${of(words.firstNames)}.${of(words.lastNames)}`.toLowerCase();
}

/** RFC 2606 §3: nobody's addresses. */
function email(random: Random): string {
  return `${username(random)}@example.${random.of(['com', 'org', 'net'])}`;
}

/** RFC 2606 §2: a name that never exists. */
function domain({ of }: Random): string {
  return `${slug(of(words.companyWords))}.example`;
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(' ', '-');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function streetName({ of }: Random): string {
  return `${of(words.streets)} ${of(words.streetKinds)}`;
}

function streetAddress(random: Random): string {
  return `${random.whole(1, 1000)} ${streetName(random)}`;
}

/** 555-0100 to 555-0199 are kept free for examples. */
function phoneNumber({ whole, text }: Random): string {
  return `(${whole(201, 990)}) 555-01${text(digits, 2)}`;
}

function jobTitle({ of }: Random): string {
  return `${of(words.jobs.level)} ${of(words.jobs.field)} ${of(words.jobs.role)}`;
}

function sentence({ of }: Random, length: number): string {
  return `${capital(Array.from({ length }, () => of(words.loremWords)).join(' '))}.`;
}

function isoDate(moment: number): string {
  return new Date(moment).toISOString();
}

/** EAN-13 and ISBN-13: the digits weighted 1 and 3 in turn and the last one make a multiple of ten. */
function withCheckDigit(text: string): string {
  const sum = [...text].reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return `${text}${(10 - (sum % 10)) % 10}`;
}
