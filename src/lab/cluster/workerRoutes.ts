import { json, text } from '../http/answer.ts';
import type { Route } from '../http/handler.ts';
import { computeHandler } from './compute.ts';

/** What balancers ask a worker for, to see whether it answers. */
export const healthPath = '/health';

/** Routes that only the cluster's workers have; `leave` ends the process at once. */
export function createWorkerRoutes(worker: number, leave: () => void): readonly Route[] {
  return [
    {
      pattern: 'GET /worker', name: 'worker', example: '/worker',
      handler: () => json(200, { worker }, [['Cache-Control', 'no-store'], ['Lab-Process', String(process.pid)]]),
      summary: { en: 'Which worker serves, and its process.', ko: '요청을 처리하는 워커와 그 프로세스를 알려 줍니다.' },
    },
    {
      pattern: `GET ${healthPath}`, name: 'health', example: healthPath, isPublic: true,
      handler: () => text(200, 'text/plain', 'well\n', [['Cache-Control', 'no-store']]),
      summary: {
        en: 'What the balancer asks for, to see whether the worker answers.',
        ko: '워커가 응답하는지 알아보려고 부하 분산기가 요청하는 주소입니다.',
      },
    },
    {
      pattern: 'GET /compute/{ms}', name: 'compute', example: '/compute/5', handler: computeHandler(worker),
      summary: {
        en: 'Works for so many ms of processor time, up to 200: two workers get twice as much done.',
        ko: '최대 200ms까지 지정한 만큼 CPU 시간을 쓰며 계산합니다. 워커가 둘이면 두 배를 처리합니다.',
      },
    },
    {
      pattern: 'POST /faults/exit', name: 'faults/exit', leavesBody: true,
      handler: () => ({ fault: { name: 'exit', isFatal: true, strike: leave } }),
      summary: {
        en: 'The worker dies, as if it had been killed; another one takes its place.',
        ko: '워커가 강제로 종료된 것처럼 죽고 다른 워커가 그 자리를 대신합니다.',
      },
    },
  ];
}
