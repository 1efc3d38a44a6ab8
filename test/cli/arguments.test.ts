import { deepEqual, equal, throws } from 'node:assert/strict';

import { parseArguments } from '../../src/cli/arguments.ts';
import type { ParseArguments, SendArguments } from '../../src/cli/arguments.ts';
import { sendOptions } from '../../src/cli/sendOptions.ts';
import { UsageError } from '../../src/cli/usageError.ts';
import { cliTexts } from '../../src/explain/text/cli.ts';
import { say } from '../../src/explain/text/text.ts';

const send = (...words: string[]): SendArguments => parseArguments(['send', ...words]) as SendArguments;

describe('the command line', () => {
  it('takes a file, a line or a name', () => {
    deepEqual(send('a.http').selection, { by: 'all' });
    deepEqual(send('a.http:12').selection, { by: 'line', line: 12 });
    deepEqual(send('a.http#log in').selection, { by: 'name', name: 'log in' });
    deepEqual(send('-').selection, { by: 'all' });
    equal(send('C:\\x\\a.http').file, 'C:\\x\\a.http');
    equal(send('C:\\x\\a.http:3').file, 'C:\\x\\a.http');
  });

  it('takes times in ms, s and m, ms being the default', () => {
    for (const [text, ms] of [['250', 250], ['250ms', 250], ['1.5s', 1500], ['2m', 120_000]] as const) {
      equal(send('a.http', '--timeout', text).timeout, ms);
    }
  });

  it('takes limits for a name lookup and the addresses that are tried', async () => {
    const words = [
      '--dns-tries', '2', '--max-aliases', '20', '--max-referrals', '40', '--max-queries', '200', '--max-name-servers', '5',
      '--max-addresses', '30',
    ];
    const options = async (...words: string[]) => (await sendOptions(send('a.http', ...words))).lookupLimits;
    deepEqual(await options(...words), {
      tries: 2, aliases: 20, referrals: 40, queries: 200, nameServers: 5, addresses: 30,
    });
    deepEqual(await options(), {});
  });

  it('takes limits for the cookies that are stored', async () => {
    const words = [
      '--max-cookies', '30000', '--max-domain-cookies', '180', '--max-cookie-size', '8192', '--max-cookie-attribute', '2048',
      '--max-cookie-days', '800',
    ];
    const options = async (...words: string[]) => (await sendOptions(send('a.http', ...words))).cookieLimits;
    deepEqual(await options(...words), { size: 8192, attribute: 2048, days: 800, perDomain: 180, total: 30_000 });
    deepEqual(await options(), {});
  });

  it('takes limits for the head of a response', async () => {
    const words = ['--max-head-size', '256KiB', '--max-fields', '1000', '--max-interim', '100'];
    const { maxHeadSize, maxFields, maxInterim } = send('a.http', ...words);
    deepEqual([maxHeadSize, maxFields, maxInterim], [262_144, 1000, 100]);
    const options = async (...words: string[]) => (await sendOptions(send('a.http', ...words))).headLimits;
    deepEqual(await options(...words), { size: 262_144, fields: 1000, interimResponses: 100 });
    deepEqual(await options(), {});
  });

  it('takes the limit of a try of a name lookup', async () => {
    deepEqual((await sendOptions(send('a.http', '--dns-timeout', '2s'))).timeouts, { dns: 2000 });
  });

  it('opens a connection for each request where that is asked for', () => {
    equal(send('a.http').newConnection, false);
    equal(send('a.http', '--new-connection').newConnection, true);
  });

  it('takes the version of HTTP', () => {
    equal(send('a.http').httpVersion, undefined);
    equal(send('a.http', '--http1.1').httpVersion, '1.1');
    equal(send('a.http', '--http2').httpVersion, '2');
  });

  it('takes environment and variables, for send and parse', () => {
    const given = send(
      'a.http', '--env', 'dev', '--var', 'a=1', '--var', 'b=', '--var', 'a=x=y', '--var-file', 'v.env',
    );
    deepEqual(
      [given.environment, given.environmentFile, [...given.variables]], ['dev', 'v.env', [['a', 'x=y'], ['b', '']]],
    );
    deepEqual([...send('a.http').variables], []);
    const parsed = (...words: string[]) => parseArguments(['parse', 'a.http', ...words]) as ParseArguments;
    deepEqual([
      [], ['--resolved'], ['--env', 'dev'], ['--var', 'a=1'], ['--var-file', 'v'],
    ].map((words) => parsed(...words).resolved),
      [false, true, true, true, true]);
  });

  const wrong: [string[], RegExp][] = [
    [['send', 'a.http', '--var', 'novalue'], /--var takes NAME=VALUE, not “novalue”/],
    [['parse', 'a.http', '--var', ' =x'], /--var takes NAME=VALUE/],
    [['fly'], /no command “fly”/],
    [['send'], /needs a FILE/],
    [['send', 'a.http', 'b.http'], /“b.http” was given too/],
    [['send', 'a.http', '--nonsense'], /--nonsense/],
    [['send', 'a.http', '--max-head-size', '2MiB'], /--max-head-size takes a size from 1KiB to 1MiB.* not “2MiB”/],
    [['send', 'a.http', '--max-head-size', '1'], /--max-head-size takes a size from 1KiB to 1MiB/],
    [['send', 'a.http', '--max-fields', '0'], /--max-fields takes a number from 1 to 10000, not “0”/],
    [['send', 'a.http', '--max-interim', '1001'], /--max-interim takes a number from 1 to 1000, not “1001”/],
    [['send', 'a.http', '--max-addresses', '31'], /--max-addresses takes a number from 1 to 30, not “31”/],
    [['send', 'a.http', '--dns-tries', '0'], /--dns-tries takes a number from 1 to 20, not “0”/],
    [['send', 'a.http', '--timeout', 'soon'], /--timeout takes a time/],
    [['send', 'a.http', '--timeout', '0'], /--timeout takes a time/],
    [['send', 'a.http', '--max-content', '1e3'], /--max-content takes a number/],
    [['send', 'a.http', '--proxy', 'http://['], /--proxy takes a URL/],
    [['send', 'a.http', '--dns', '192.0.2.53 tls://192.0.2.53'], /--dns takes addresses/],
    [['send', 'a.http', '--http2', '--http1.1'], /exclude each other/],
    [['lab', 'a.http'], /takes no file/],
    [['lab', '--http-port', '70000'], /a port from 0 to 65535/],
    [['lab', '--max-connections', '0'], /--max-connections takes 1 to 999999, not “0”/],
    [['lab', '--workers', '9'], /--workers takes 1 to 8, not “9”/],
    [['lab', '--head-timeout', '1ms'], /--head-timeout takes 100 ms to 3600000 ms, not “1ms”/],
    [['lab', '--keep-alive-timeout', 'soon'], /--keep-alive-timeout takes a time/],
    [['lab', '--max-body', '2GiB'], /--max-body takes 1 B to 1073741824 B, not “2GiB”/],
    [['lab', '--port', 'relay=x'], /a port from 0 to 65535/],
    [['lab', '--port', 'delay=1'], /--port takes SERVER=PORT.*relay/],
  ];
  for (const [words, message] of wrong) {
    it(`says what is wrong with “${words.join(' ')}” in one line and what to do`, () => {
      throws(() => parseArguments(words), (error: unknown) => {
        if (!(error instanceof UsageError)) return false;
        const text = say(cliTexts, 'en', error.id, error.places);
        const korean = say(cliTexts, 'ko', error.id, error.places);
        return message.test(text) && !text.includes('\n') && !/\{\w+\}/.test(text + korean);
      });
    });
  }
});
