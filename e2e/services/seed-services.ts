import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Seen, ServiceRow } from './service-row.ts';

interface Run {
  id: string;
  state: string;
  outcome: string | null;
  /** Set once it was verified: until then it is watched whether it lasts. */
  stable_until: number | null;
}

export const row: ServiceRow = {
  service: 'services and wizard.json',
  peer: 'the gateway’s process, vigiles.yaml',
  async run(rig) {
    const vigiles = await rig.start();
    const act = async (service: string, action: string): Promise<Run> => {
      const asked = await rig.call<Run>(vigiles, 'POST', `/api/v1/services/${service}/${action}`);
      let run = asked.body;
      const deadline = performance.now() + 60_000;
      const under = ({ state, stable_until: until }: Run): boolean =>
        state !== 'finished' && state !== 'refused' && (until ?? null) === null;
      while (under(run) && performance.now() < deadline) {
        await new Promise((done) => setTimeout(done, 100));
        run = (await rig.call<Run>(vigiles, 'GET', `/api/v1/actions/runs/${asked.body.id}`)).body;
      }
      return run;
    };
    const pid = async () =>
      (await rig.call<{ gateway: { pid: number | null } }>(vigiles, 'GET', '/api/v1/status')).body.gateway
        .pid;
    const seen: Seen[] = [];
    const stopped = await act('web-proxy', 'stop');
    const page = await rig.call<{ code?: string }>(vigiles, 'POST', '/api/v1/web/fetch', {
      body: { url: 'http://example.org/' },
    });
    seen.push({
      ok: stopped.outcome === 'fixed' && page.status === 503,
      seen: `web-proxy stop: ${stopped.outcome ?? stopped.state}, then a page is answered ${page.status}`,
    });
    const started = await act('web-proxy', 'start');
    seen.push({
      ok: started.outcome === 'fixed',
      seen: `web-proxy start: ${started.outcome ?? started.state}`,
    });
    const before = await pid();
    const again = await act('ok-gateway', 'restart');
    const after = await pid();
    seen.push({
      ok:
        (again.outcome === 'fixed' || again.stable_until !== null) &&
        before !== null &&
        after !== null &&
        before !== after,
      seen: `ok-gateway restart: ${again.outcome ?? (again.stable_until === null ? again.state : 'verified, and watched whether it lasts')}; the gateway's process ${before === after ? 'is the same' : 'is another one'}`,
    });
    const turn = (model: string) =>
      rig.call<{ code?: string; model?: string }>(vigiles, 'POST', '/api/v1/models/switch', {
        body: { model },
      });
    const [switched, none, odd] = [await turn('demo/scripted'), await turn('demo/none'), await turn('none')];
    const said = await rig.call<{ success: boolean; provider: string; model: string }>(
      vigiles,
      'POST',
      '/api/v1/ai/complete',
      { body: { prompt: 'Hello' } },
    );
    seen.push({
      ok:
        switched.status === 200 &&
        none.body.code === 'model_unknown' &&
        odd.body.code === 'model_unknown' &&
        said.body.provider === 'demo',
      seen: `models/switch demo/scripted: a prompt that names none is answered by ${said.body.provider}/${said.body.model}; demo/none and none: ${none.body.code}, ${odd.body.code}`,
    });
    const file = join(rig.folder(), 'wizard.json');
    writeFileSync(
      file,
      JSON.stringify({
        port: 8765,
        ai_budget_daily: 7.5,
        web_proxy_enabled: true,
        github_webhook_secret: 'marked-secret',
        odd: 1,
      }),
    );
    const shown = await rig.cli(vigiles, 'import', file);
    seen.push({
      ok:
        shown.out.includes('budgets.daily_usd: 7.5') &&
        shown.out.includes('odd') &&
        !shown.out.includes('marked-secret'),
      seen: 'import wizard.json: settings and what is left out are shown, the secret is not',
    });
    return seen;
  },
};
