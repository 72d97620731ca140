import { RouteTrial, RouteTrialAsk } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { tellDecision } from './explain.ts';
import type { GatewayRoutesDeps } from './routes.ts';

/** What would happen to a turn, decided by the gateway itself. */
export function trialRoutes({ client }: GatewayRoutesDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/api/v1/ai/route-trial',
      operationId: 'tryRoute',
      summary: 'Where a turn would go now, and why; nothing is sent',
      tag: 'gateway',
      scope: 'read',
      audit: 'none',
      tier: 'standard',
      body: RouteTrialAsk,
      success: RouteTrial,
      faults: ['gateway_unreachable'],
      async handle({ body }): Promise<RouteTrial> {
        const trial = await client.tryRoute(body);
        if (!trial) {
          return raise(fault('unavailable', 'gateway_unreachable', 'The gateway does not answer.'));
        }
        if (!trial.ok) return { goes_to: null, decision: null, story: [trial.message] };
        const { decision } = trial;
        const first = decision.candidates.find(({ rejected }) => rejected === null);
        const end = first
          ? `It would go to ${first.provider}/${first.model}.`
          : 'It would be refused: nothing may take it.';
        return {
          goes_to: first ? { provider: first.provider, model: first.model } : null,
          decision,
          story: [...tellDecision(body.model, decision), end],
        };
      },
    }),
  ];
}
