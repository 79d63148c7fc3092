import { describe, expect, it, test } from 'vitest';
import { parseSchedule } from './schedule.ts';
import { wallClock, zoneOf } from './timezone.ts';

/** Seconds since 1970 of `2012-11-04T01:00-0500`. */
const at = (text: string): number => Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) / 1000;

const nextOf = (spec: string, from: string, zone = 'UTC'): string => {
  const next = parseSchedule(spec).next(at(from));
  return next === undefined ? '' : wallClock(next, zoneOf(zone)!);
};

describe('schedules of robfig/cron’s own tests, those without seconds', () => {
  test.each([
    ['2012-07-09T14:45Z', '0/15 * * * *', '2012-07-09T15:00:00Z'],
    ['2012-07-09T14:59:59Z', '0/15 * * * *', '2012-07-09T15:00:00Z'],
    ['2012-07-09T15:45Z', '20-35/15 * * * *', '2012-07-09T16:20:00Z'],
    ['2012-07-09T23:46Z', '*/15 * * * *', '2012-07-10T00:00:00Z'],
    ['2012-07-09T23:45Z', '20-35/15 * * * *', '2012-07-10T00:20:00Z'],
    ['2012-07-09T23:35:51Z', '20-35/15 1/2 * * *', '2012-07-10T01:20:00Z'],
    ['2012-07-09T23:35:51Z', '20-35/15 10-12 * * *', '2012-07-10T10:20:00Z'],
    ['2012-07-09T23:35:51Z', '20-35/15 1/2 */2 * *', '2012-07-11T01:20:00Z'],
    ['2012-07-09T23:35:51Z', '20-35/15 * 9-20 * *', '2012-07-10T00:20:00Z'],
    ['2012-07-09T23:35:51Z', '20-35/15 * 9-20 Jul *', '2012-07-10T00:20:00Z'],
    ['2012-07-09T23:35Z', '0 0 9 Apr-Oct ?', '2012-08-09T00:00:00Z'],
    ['2012-07-09T23:35Z', '0 0 */5 Apr,Aug,Oct Mon', '2012-08-01T00:00:00Z'],
    ['2012-07-09T23:35Z', '0 0 */5 Oct Mon', '2012-10-01T00:00:00Z'],
    ['2012-07-09T23:35Z', '0 0 * Feb Mon', '2013-02-04T00:00:00Z'],
    ['2012-07-09T23:35Z', '0 0 * Feb Mon/2', '2013-02-01T00:00:00Z'],
    ['2012-12-31T23:59:45Z', '* * * * *', '2013-01-01T00:00:00Z'],
    ['2012-07-09T23:35Z', '0 0 29 Feb ?', '2016-02-29T00:00:00Z'],
    ['2012-07-09T23:35Z', '0 0 30 Feb ?', ''],
    ['2012-07-09T23:35Z', '0 0 31 Apr ?', ''],
    ['2012-07-09T14:45:10Z', '@every 1h30m', '2012-07-09T16:15:10Z'],
  ])('after %s `%s` comes at %s', (from, spec, wanted) => {
    expect(nextOf(spec, from)).toBe(wanted);
  });
});

describe('where clocks change', () => {
  test.each([
    // Two o'clock becomes three: what falls between is passed over.
    ['2012-03-11T00:00-0500', '30 2 11 Mar ?', '2013-03-11T02:30:00-04:00'],
    ['2012-03-11T00:00-0500', '0 * * * ?', '2012-03-11T01:00:00-05:00'],
    ['2012-03-11T01:00-0500', '0 * * * ?', '2012-03-11T03:00:00-04:00'],
    ['2012-03-11T03:00-0400', '0 * * * ?', '2012-03-11T04:00:00-04:00'],
    ['2012-03-11T00:00-0500', '0 1 * * ?', '2012-03-11T01:00:00-05:00'],
    ['2012-03-11T01:00-0500', '0 1 * * ?', '2012-03-12T01:00:00-04:00'],
    ['2012-03-11T00:00-0500', '0 2 * * ?', '2012-03-12T02:00:00-04:00'],
    // Two o'clock becomes one: what falls between runs twice.
    ['2012-11-04T00:00-0400', '30 2 04 Nov ?', '2012-11-04T02:30:00-05:00'],
    ['2012-11-04T01:45-0400', '30 1 04 Nov ?', '2012-11-04T01:30:00-05:00'],
    ['2012-11-04T00:00-0400', '0 * * * ?', '2012-11-04T01:00:00-04:00'],
    ['2012-11-04T01:00-0400', '0 * * * ?', '2012-11-04T01:00:00-05:00'],
    ['2012-11-04T01:00-0500', '0 * * * ?', '2012-11-04T02:00:00-05:00'],
    ['2012-11-04T00:00-0400', '0 1 * * ?', '2012-11-04T01:00:00-04:00'],
    ['2012-11-04T01:00-0400', '0 1 * * ?', '2012-11-04T01:00:00-05:00'],
    ['2012-11-04T01:00-0500', '0 1 * * ?', '2012-11-05T01:00:00-05:00'],
    ['2012-11-04T00:00-0400', '0 2 * * ?', '2012-11-04T02:00:00-05:00'],
    ['2012-11-04T02:00-0500', '0 2 * * ?', '2012-11-05T02:00:00-05:00'],
    ['2012-11-04T03:00-0500', '0 3 * * ?', '2012-11-05T03:00:00-05:00'],
    ['2012-11-04T00:00-0400', '0 3 3 * ?', '2012-12-03T03:00:00-05:00'],
  ])('New York: after %s `%s` comes at %s', (from, spec, wanted) => {
    expect(nextOf(`TZ=America/New_York ${spec}`, from, 'America/New_York')).toBe(wanted);
  });

  it('finds days whose midnight does not exist', () => {
    expect(nextOf('TZ=America/Sao_Paulo 0 9 10 * ?', '2018-10-17T05:00-0400', 'America/Sao_Paulo')).toBe(
      '2018-11-10T09:00:00-02:00',
    );
    expect(nextOf('CRON_TZ=America/Sao_Paulo 0 9 22 * ?', '2018-02-14T05:00-0500', 'America/Sao_Paulo')).toBe(
      '2018-02-22T09:00:00-03:00',
    );
  });
});

test.each([
  ['2012-07-15T00:00Z', '* * 1,15 * Sun', true],
  ['2012-06-15T00:00Z', '* * 1,15 * Sun', true],
  ['2012-08-01T00:00Z', '* * 1,15 * Sun', true],
  ['2012-07-15T00:00Z', '* * */10 * Sun', true],
  ['2012-07-15T00:00Z', '* * * * Mon', false],
  ['2012-07-09T00:00Z', '* * 1,15 * *', false],
  ['2012-07-15T00:00Z', '* * 1,15 * *', true],
  ['2012-07-15T00:00Z', '* * */2 * Sun', true],
  ['2012-07-08T00:00Z', '@weekly', true],
  ['2012-07-08T00:00Z', '@monthly', false],
  ['2012-07-01T00:00Z', '@monthly', true],
])('day of month and day of week together: %s is a time of `%s`: %s', (time, spec, wanted) => {
  expect(parseSchedule(spec).next(at(time) - 1) === at(time)).toBe(wanted);
});

test.each([
  ['', 'empty spec string'],
  ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
  ['5 j * * *', 'failed to parse int from j: strconv.Atoi: parsing "j": invalid syntax'],
  ['5--5 * * * *', 'too many hyphens: 5--5'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['*//2 * * * *', 'too many slashes: *//2'],
  ['*/-12 * * * *', 'negative number (-12) not allowed: -12'],
  ['60 0 * * *', 'end of range (60) above maximum (59): 60'],
  ['0 0 0 * *', 'beginning of range (0) below minimum (1): 0'],
  ['5-3 * * * *', 'beginning of range (5) beyond end of range (3): 5-3'],
  ['15/0 * * * *', 'step of range should be a positive number: 15/0'],
  ['@unrecognized', 'unrecognized descriptor: @unrecognized'],
  ['@every Xm', 'failed to parse duration @every Xm: time: invalid duration "Xm"'],
  ['TZ=Mars/Base * * * * *', 'provided bad location Mars/Base: unknown time zone Mars/Base'],
])('refuses `%s`: %s', (spec, message) => {
  expect(() => parseSchedule(spec)).toThrow(new Error(message));
});

it('knows zones by their names in the tz database alone', () => {
  expect(zoneOf('Asia/Seoul')?.offsetAt(at('2026-01-01T00:00Z'))).toBe(9 * 3600);
  expect(zoneOf('Asia/Kolkata')?.offsetAt(at('2026-01-01T00:00Z'))).toBe(5.5 * 3600);
  for (const name of ['asia/seoul', '+0900', 'Mars/Base']) expect([name, zoneOf(name)]).toEqual([name, undefined]);
});
