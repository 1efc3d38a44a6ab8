import assert from 'node:assert/strict';
import { explainFailure } from '../../../src/explain/failure.ts';
import { askedName, heldNames } from '../../../src/explain/serverIdentity.ts';
import { siteForEach, tlsOf } from './support.ts';

/** What is said of each name beside what was decided, over real handshakes. */
describe('the name of a server and its certificate', () => {
  const site = siteForEach();
  const cases: [names: string[], host: string, isAccepted: boolean, told: [string, boolean][], says?: RegExp][] = [
    [['*.test'], 'site.test', false, [['*.test', false], ['CN=site.test', false]], /The entry `\*\.test` does not fit: a wildcard right below/],
    [['*.lab.test'], 'a.lab.test', true, [['*.lab.test', true]]],
    [['s*.lab.test'], 'shop.lab.test', true, [['s*.lab.test', true]]],
    [['127.0.0.1'], '127.0.0.1', true, [['127.0.0.1', true]]],
    [['a.test'], 'site.test', false, [['CN=site.test', false], ['a.test', false]], /`CN=site\.test` does not fit/],
    [[], 'site.test', true, [['CN=site.test', true]]],
  ];
  for (const [names, host, isAccepted, told, says] of cases) {
    it(`${names.join(' ') || 'only a common name'} for ${host}`, async () => {
      const { authority, sender } = site;
      const port = await site.serve(await authority.issue({ names, commonName: 'site.test' }));
      const exchange = await sender.send(`https://${host}:${port}/`, {
        trustAnchors: [{ pem: authority.pem, label: 'root' }],
      });
      const { certificateChain: [leaf], nameError } = tlsOf(exchange);
      assert.equal(nameError === undefined, isAccepted, nameError);
      const { names: held } = heldNames(leaf!, askedName(exchange.connection), 'en');
      assert.deepEqual(held.map(({ name, fits }) => [name, fits]), told);
      if (says) assert.match(explainFailure(exchange.failure!, exchange, 'en').text, says);
    });
  }
});
