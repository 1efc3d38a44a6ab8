import assert from 'node:assert/strict';
import { limitIn, limitsWith } from '../../src/lab/limits.ts';
import { isLabLimit, labLimitNames, labLimits, limitOption } from '../../src/run/labLimits.ts';
import { runLab } from './running.ts';
import { call } from './workers.ts';

describe('limits of the lab that can be set', () => {
  for (const name of labLimitNames) {
    const [least, most] = labLimits[name];
    it(`${limitOption(name)} is what the lab takes, too`, () => {
      for (const value of [least, most]) {
        assert.equal(isLabLimit(name, value), true);
        assert.deepEqual(Object.values(limitIn(`${limitOption(name)}=${value}`) ?? {}), [value]);
      }
      for (const value of [least - 1, most + 1, least + 0.5, Number.NaN, `${least}`]) {
        assert.equal(isLabLimit(name, value), false, `${value}`);
        if (value !== `${least}`) assert.equal(limitIn(`${limitOption(name)}=${value}`), undefined, `${value}`);
      }
    });
  }

  it('hold for the bodies that gateways take', async () => {
    const running = await runLab({ limits: { bodyLimit: 3 } });
    try {
      const { port } = running.lab.addresses.parts.ftpGateway!;
      const { statusCode, content } = await call(port, '/incoming/x.txt', { method: 'PUT', body: 'four' });
      assert.equal(statusCode, 413);
      assert.match(content, /takes up to 3 bytes/);
    } finally {
      await running.stop();
    }
  });

  it('give no head longer than its request', () => {
    assert.equal(limitsWith({ requestTimeout: 700 }).headTimeout, 700);
    assert.equal(limitsWith({ requestTimeout: 700, headTimeout: 300 }).headTimeout, 300);
    assert.equal(limitsWith().headTimeout, 10_000);
  });
});
