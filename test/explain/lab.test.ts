import assert from 'node:assert/strict';
import { explainLabAction, explainLabProblem } from '../../src/explain/lab.ts';
import type { LabWorkerState } from '../../src/protocol.ts';

describe('what cannot be done to the lab', () => {
  const worker = (number: number, state: LabWorkerState['state']): LabWorkerState =>
    ({ number, state, requests: 0, connections: 0, sessions: 0 });

  it('names the workers that run, where some do', () => {
    assert.match(explainLabAction('no-such-worker', 'en', [worker(1, 'idle')]), /one starts when/);
    const some = [worker(1, 'running'), worker(2, 'idle'), worker(3, 'starting')];
    assert.equal(explainLabAction('no-such-worker', 'en', some), 'No worker of that number is running. Running: 1, 3.');
  });

  it('names the server of the lab that has the port', () => {
    const problem = { code: 'EADDRINUSE', message: 'in use', port: 9000 };
    const remedy = { setting: '--port', again: 'lab' } as const;
    assert.match(explainLabProblem('relay', problem, remedy, 'en'), /taken by another program/);
    assert.equal(explainLabProblem('relay', problem, { ...remedy, takenBy: 'http' }, 'en'),
      'Relay: port 9000 is taken by another server of the lab: HTTP. Choose another one with --port.');
  });
});
