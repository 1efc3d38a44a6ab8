import { monotonicNow } from '../clock.ts';
import { createForwarder } from '../forwarding/forward.ts';
import { answerProblem } from '../forwarding/visit.ts';
import { gateway, originForm, receivedFor } from '../gateways/gateway.ts';
import type { Call, Gateway } from '../gateways/gateway.ts';
import { claims } from '../gateways/httpGateways.ts';
import { cookiesOf } from '../http/cookieField.ts';
import type { House, Part } from '../parts.ts';
import { createBackEnds } from './backEnds.ts';
import type { AwaitedStart, Choice, Strategy } from './backEnds.ts';
import { crewOf } from './cluster.ts';
import type { Crew } from './crew.ts';

/**
 * Stands in front of the cluster's workers and chooses one for each request: in turn, or under other names of its own
 * by the requests that are under way, or by a cookie. A worker that gives no response is left out until it answers
 * again.
 */
export const balancer: Part = {
  id: 'balancer',
  start(house, port) {
    const crew = crewOf(house);
    const create = (_: House, own: string): Gateway => createBalancer(house, crew, own);
    return gateway({ id: 'balancer', scheme: 'http', create }).start(house, port);
  },
};

const cookieName = 'lab-back-end';

function createBalancer(house: House, crew: Crew, own: string): Gateway {
  const backEnds = createBackEnds(crew);
  const forwarder = createForwarder(house, own);
  const pass = (call: Call, choice: Choice): void => {
    const to = nameOf(choice);
    const { strategy, reason, backEnds: count } = choice;
    call.account.add({ type: 'balanced', at: monotonicNow(), to, strategy, reason, backEnds: count });
    const next = {
      scheme: 'http', address: '127.0.0.1', port: choice.port, name: `lab.test:${choice.port}`,
      target: originForm(call),
    } as const;
    forwarder.forward(call, next, {
      added: [receivedFor(call)], without: claims,
      onSilence: () => backEnds.leaveOut(choice), onOver: backEnds.enter(choice),
      ...(strategy === 'sticky' && reason !== 'cookie'
        ? { addedBack: [['Set-Cookie', `${cookieName}=${choice.number}; Path=/; HttpOnly; SameSite=Lax`]] } : {}),
    });
  };
  return {
    attend(call) {
      const onAwaited = ({ number, startAt, ready }: AwaitedStart): void =>
        call.account.add({ type: 'start-awaited', startAt, at: monotonicNow(), of: nameOf({ number }), ready });
      void backEnds.choose(strategyOf(call), keptBy(call), onAwaited).then((choice) => {
        if (call.response.destroyed) return call.account.close();
        if (!choice) {
          const again = [['Retry-After', '1']] as const;
          return answerProblem(call, 503, 'No server behind the balancer answers now.', again);
        }
        pass(call, choice);
      });
    },
    close() {
      backEnds.close();
      forwarder.close();
    },
  };
}

function nameOf({ number }: { readonly number: number }): string {
  return `worker ${number}`;
}

function strategyOf({ head }: Call): Strategy {
  const name = /^(least|sticky)\.lab\.test(?::\d+)?$/i.exec(head.authority ?? '')?.[1]?.toLowerCase();
  return name === 'least' ? 'least-connections' : name === 'sticky' ? 'sticky' : 'round-robin';
}

function keptBy({ head }: Call): number | undefined {
  const value = cookiesOf(head).find(([name]) => name === cookieName)?.[1];
  return value === undefined ? undefined : Number(value);
}
