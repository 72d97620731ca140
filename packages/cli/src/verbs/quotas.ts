import type { QuotasAnswer } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';
import { quotasView } from '../views/quotas.ts';

/** `vigiles quotas` */
export async function quotasVerb(
  device: string | undefined,
  { home, json }: { home?: string; json?: boolean },
): Promise<void> {
  const only = device === undefined ? '' : `?device=${encodeURIComponent(device)}`;
  const answer = await connect(homeOf(home)).get<QuotasAnswer>(`/api/v1/quotas${only}`);
  if (json) return sayJson(answer);
  say(quotasView(answer));
}
