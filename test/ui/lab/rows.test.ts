import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { labServerIds } from '../../../src/explain/labServers.ts';
import type { LabServerState, LabState, LabWorkerState } from '../../../src/protocol.ts';
import { labTreeRows, sampleOf } from '../../../src/ui/lab/rows.ts';
import type { Row } from '../../../src/ui/lab/rows.ts';

const root = path.resolve(import.meta.dirname, '../../..');

function running(id: LabServerState['id'], port: number): LabServerState {
  return { id, state: 'running', origin: `http://lab.test:${port}`, address: '127.0.0.1', port, connections: 0 };
}

const workers: LabWorkerState[] = [
  { number: 1, state: 'running', pid: 77, requests: 1, connections: 2, sessions: 1 },
  { number: 2, state: 'idle', requests: 0, connections: 0, sessions: 0 },
];
const state: LabState = {
  servers: labServerIds.map((id, index) => running(id, 4000 + index)), workers,
};

function withServer(server: Partial<LabServerState> & Pick<LabServerState, 'id'>): LabState {
  return { ...state, servers: state.servers.map((one) => one.id === server.id ? { ...one, ...server } : one) };
}

function rowOf(of: LabState, id: string, language: 'en' | 'ko' = 'en'): Row {
  const all = (row: Row): Row[] => [row, ...row.children.flatMap(all)];
  return labTreeRows(of, language).flatMap(all).find((row) => row.id === id)!;
}

describe('rows of the lab’s view', () => {
  it('are of every server, each once', () => {
    const ids = labTreeRows(state, 'en').flatMap(({ children }) => children.map(({ id }) => id));
    assert.deepEqual(ids, labServerIds);
    const all = (row: Row): string[] => [row.id, ...row.children.flatMap(all)];
    const every = labTreeRows(state, 'en').flatMap(all);
    assert.equal(new Set(every).size, every.length);
  });

  it('lead to samples that there are and that name the server', () => {
    for (const id of labServerIds) {
      const file = path.join(root, 'samples', sampleOf(id));
      assert.ok(existsSync(file), file);
      // Name servers are asked without being named, and the FTP server by way of its gateway.
      if (/dns$|^ftp$/i.test(id)) continue;
      assert.match(readFileSync(file, 'utf8'), new RegExp(`\\$lab\\.${id}(?:Port)?\\b`), `${file} ${id}`);
    }
  });

  const cases: [what: string, of: LabState, id: string, description: string, spoken: string][] = [
    ['a server', state, 'relay', ':4011', 'Relay, running, port 4011'],
    ['its connections', withServer({ id: 'relay', connections: 1 }), 'relay', ':4011 · 1 connection',
      'Relay, running, port 4011, 1 connection'],
    ['that it was stopped', withServer({ id: 'relay', state: 'stopped' }), 'relay', 'stopped · :4011',
      'Relay, stopped, port 4011'],
    ['sessions', withServer({ id: 'cluster', sessions: 3 }), 'cluster', ':4019 · 3 sessions',
      'Cluster, running, port 4019, 3 sessions'],
    ['a worker', state, 'worker 1', 'process 77 · 1 request · 2 connections · 1 session',
      'Worker 1, running, process 77, 1 request, 2 connections, 1 session'],
    ['a worker that waits', state, 'worker 2', 'starts when needed', 'Worker 2, starts when needed'],
    ['a group', state, 'group gateways', '', 'Gateways'],
    ['a group that is not whole', withServer({ id: 'ftp', state: 'stopped' }), 'group gateways', '5 of 6 running',
      'Gateways, 5 of 6 running'],
    ['sessions of the web server', withServer({ id: 'http', sessions: 2 }), 'group web', '2 sessions',
      'Web Server, 2 sessions'],
  ];
  for (const [what, of, id, description, spoken] of cases) {
    it(`tell of ${what}`, () => {
      const row = rowOf(of, id);
      assert.deepEqual([row.description, row.spoken], [description, spoken]);
    });
  }

  it('say why a server failed, and what to do', () => {
    const { origin: _, address: __, port: ___, ...relay } = running('relay', 1);
    const problem = { code: 'EADDRINUSE', message: 'x', port: 9000 };
    const failed: LabServerState = { ...relay, state: 'failed', problem };
    const row = rowOf({ ...state, servers: state.servers.map((one) => one.id === 'relay' ? failed : one) }, 'relay');
    assert.equal(row.description, 'failed · :9000');
    assert.equal(row.context, 'server failed');
    assert.match(row.tooltip.at(-1)!, /port 9000 is taken .*`roundtrip\.lab\.ports`.*start the server again/);
  });

  it('can be acted upon as the manifest’s menus expect', () => {
    assert.equal(rowOf(state, 'relay').context, 'server running address');
    const cluster = rowOf(withServer({ id: 'cluster', sessions: 1 }), 'cluster');
    assert.equal(cluster.context, 'server running sessions address cluster');
    assert.equal(rowOf(withServer({ id: 'http', sessions: 1 }), 'group web').context, 'group sessions');
    assert.equal(rowOf(state, 'worker 1').context, 'worker running');
    assert.deepEqual(rowOf(withServer({ id: 'cluster', state: 'stopped' }), 'cluster').children, []);
  });

  it('are Korean for who reads Korean', () => {
    assert.equal(rowOf(withServer({ id: 'relay', connections: 2 }), 'relay', 'ko').spoken, '중계 서버, 실행 중, 포트 4011, 연결 2개');
    assert.equal(rowOf(state, 'worker 2', 'ko').description, '필요할 때 시작');
  });
});
