import type { IncomingMessage } from 'node:http';
import { RouteTrialAsk } from '@vigiles/contract';
import type { GatewayCore } from '../gateway-core.ts';
import { tryRoute } from '../turn/try-route.ts';
import { probeUpstream } from '../upstream/probe.ts';
import { modelInfos } from './model-infos.ts';
import { readBody } from './read-body.ts';

/** Many routes, tried before they are saved. */
const MAX_ASK_BYTES = 1024 * 1024;

/** What control may ask, which proves itself with the run file's secret. */
type ControlAnswer = (answer: unknown) => void;

/** Answers control's own questions below `/monitoring/`; false: there is no such one. */
export function serveControl(
  core: GatewayCore,
  req: IncomingMessage,
  path: string,
  answer: ControlAnswer,
): boolean {
  if (path === '/monitoring/models') answer(modelInfos(core.table));
  else if (path === '/monitoring/route' && req.method === 'POST') {
    readBody(req, MAX_ASK_BYTES, (body) => answer(body === 'too-large' ? tooLong : trialOf(core, body)));
  } else if (path === '/monitoring/money') void tellMoney(core, req, answer);
  else if (path === '/monitoring/probe') void tellProbe(core, req, answer);
  else return false;
  return true;
}

const tooLong = { ok: false, message: 'The routes to try are longer than 1 MB.' };

function trialOf(core: GatewayCore, body: Buffer): unknown {
  try {
    return tryRoute(core, RouteTrialAsk.parse(JSON.parse(body.toString())));
  } catch (thrown) {
    return { ok: false, message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** How budgets and limits stand; `?device=` as often as wanted. */
async function tellMoney(core: GatewayCore, req: IncomingMessage, answer: ControlAnswer): Promise<void> {
  const now = core.clock.now();
  const devices = new URL(req.url ?? '/', 'http://gateway').searchParams.getAll('device');
  try {
    const accounts = await core.gate.accounts(now);
    const limits = await Promise.all(devices.map(async (device) => core.gate.limits(device, now)));
    answer({ accounts, limits: limits.flat() });
  } catch (thrown) {
    core.log.warn({ err: thrown }, 'the state of budgets and limits could not be read');
    answer(null);
  }
}

/** Whether a provider answers now; `?provider=`. */
async function tellProbe(core: GatewayCore, req: IncomingMessage, answer: ControlAnswer): Promise<void> {
  const id = new URL(req.url ?? '/', 'http://gateway').searchParams.get('provider') ?? '';
  const upstream = core.table.get(id);
  answer(upstream ? await probeUpstream(upstream) : null);
}
