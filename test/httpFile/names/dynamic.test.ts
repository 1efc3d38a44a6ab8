import assert from 'node:assert/strict';
import { dynamicNames, dynamicValue } from '../../../src/httpFile/names/dynamic.ts';
import type { Sources } from '../../../src/httpFile/names/dynamic.ts';

/** Friday, 31 January 2025, 09:05:07.089 UTC; half an hour and nine hours ahead of it where the user is. */
const now = Date.UTC(2025, 0, 31, 9, 5, 7, 89);

function sources(random = 0.5): Sources {
  return { now: () => now, random: () => random, uuid: () => 'uuid', ahead: () => 570 };
}

/** The value, or the code of why there is none. */
function valueOf(expression: string, given = sources()): string | undefined {
  const value = dynamicValue(expression, given);
  return typeof value === 'object' ? value.code : value;
}

describe('dynamic values', () => {
  const table: [string, string | undefined][] = [
    ['$guid', 'uuid'], ['$uuid', 'uuid'], ['$random.uuid', 'uuid'], ['$guid 1', 'dynamic-arguments'],
    ['$timestamp', '1738314307'], ['$timestamp -1 d', '1738227907'], ['$timestamp 1 y', '1769850307'],
    ['$timestamp 1', 'dynamic-arguments'], ['$timestamp 1 parsec', 'dynamic-arguments'],
    ['$isoTimestamp', '2025-01-31T09:05:07Z'], ['$date', '2025-01-31'],
    ['$datetime', '2025-01-31T09:05:07.089Z'], ['$datetime 1 d', '2025-02-01T09:05:07.089Z'],
    ['$datetime iso8601', '2025-01-31T09:05:07.089Z'], ['$datetime iso8601 1 Q', '2025-04-30T09:05:07.089Z'],
    ['$datetime rfc1123', 'Fri, 31 Jan 2025 09:05:07 GMT'], ['$datetime rfc1123 -1 M', 'Tue, 31 Dec 2024 09:05:07 GMT'],
    ['$datetime "YYYY-MM-DD HH:mm:ss.SSS"', '2025-01-31 09:05:07.089'], ["$datetime 'DD/MM/YY h:m A' 1 M", '28/02/25 9:5 AM'],
    ['$datetime "dddd D MMMM, [week] W [of] YYYY"', 'Friday 31 January, week 5 of 2025'], ['$datetime "X x Do Q"', '1738314307 1738314307089 31st 1'],
    ['$datetime "yyyy-MM-dd HH:mm"', '2025-01-31 09:05'], ['$datetime "dd/MM" 2 d', '02/02'],
    ['$datetime "yyyy-MM-ddTHH:mm:ss.fffK"', '2025-01-31T09:05:07.089Z'], ["$datetime \"d 'de' MMMM yyyy, h tt\"", '31 de January 2025, 9 AM'],
    ['$datetime "o"', '2025-01-31T09:05:07.089+00:00'], ['$datetime "R"', 'Fri, 31 Jan 2025 09:05:07 GMT'],
    ['$datetime nonsense', 'dynamic-arguments'], ['$datetime iso8601 1', 'dynamic-arguments'], ['$datetime "" 999999999 y', 'dynamic-arguments'],
    ['$localDatetime', '2025-01-31T18:35:07+09:30'], ['$localDatetime rfc1123', 'Fri, 31 Jan 2025 18:35:07 +0930'],
    ['$localDatetime "YYYY-MM-DD HH:mm Z"', '2025-01-31 18:35 +09:30'], ['$localDatetime "yyyy zzz" -1 y', '2024 +09:30'],
    ['$randomInt', '500'], ['$randomInt 10', '5'], ['$randomInt -10 10', '0'], ['$randomInt(2, 4)', '3'],
    ['$randomInt 5 5', 'dynamic-arguments'], ['$randomInt 9 1', 'dynamic-arguments'], ['$randomInt a', 'dynamic-arguments'],
    ['$random.integer', '500'], ['$random.integer(10,20)', '15'], ['$random.integer(20,10)', 'dynamic-arguments'],
    ['$random.float(0, 1)', '0.5'], ['$random.alphabetic(3)', 'AAA'], ['$random.hexadecimal(2)', '88'],
    ['$random.alphabetic(0)', 'dynamic-arguments'], ['$random.alphabetic(99999999)', 'dynamic-arguments'],
    ['$random.bool.bool', 'false'], ['$random.number.numberBetween(1,3)', '2'], ['$random.number.digits(3)', '555'],
    ['$random.name.noSuch', 'random-unknown'], ['$random.constructor', 'random-unknown'], ['$constructor', undefined],
    ['$nothing', undefined], ['$guidance', undefined],
  ];
  for (const [expression, expected] of table) {
    it(`${expression} is ${expected ?? 'none'}`, () => assert.equal(valueOf(expression), expected));
  }

  it('are all listed, and all have a value of one line without a hole', () => {
    assert.ok(dynamicNames.length > 80);
    for (const random of [0, 0.37, 0.999_999]) {
      for (const name of dynamicNames) {
        const value = valueOf(name === '$random.number.numberBetween' ? `${name}(1, 9)` : name, sources(random));
        assert.match(value ?? '', /^[^\n]+$/, name);
        assert.doesNotMatch(value ?? '', /undefined|NaN|dynamic-arguments/, name);
      }
    }
  });

  it('keep to addresses that belong to nobody (RFC 2606), and to valid check digits', () => {
    assert.match(valueOf('$random.email')!, /^[a-z]+\.[a-z]+@example\.(?:com|org|net)$/);
    assert.match(valueOf('$random.internet.url')!, /^https:\/\/[a-z-]+\.example\/$/);
    const ean = [...valueOf('$random.code.isbn13', sources(0.13))!].map(Number);
    assert.equal(ean.reduce((sum, digit, at) => sum + digit * (at % 2 === 0 ? 1 : 3), 0) % 10, 0);
  });

  it('stay within a second for a long expression', () => {
    const before = process.cpuUsage();
    for (const filler of ['"', "'", ' ', '(', ',', '1 ', '[', 'yyyy']) dynamicValue(
      `$datetime "${filler.repeat(250)}`, sources(),
    );
    assert.ok(process.cpuUsage(before).user < 1000_000);
  });
});
