import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Incident } from '@vigiles/contract';
import { freePort, httpService, openRig, removeHome, tempHome, until, type Rig } from './testing/rig.ts';

describe('a service that is only watched', () => {
  const home = tempHome();
  let rig: Rig;
  let web: Server;
  let port = 0;
  let status = 200;

  const serve = async (): Promise<void> => {
    web = createServer((_request, response) => response.writeHead(status).end());
    web.listen(port, '127.0.0.1');
    await once(web, 'listening');
  };
  const ended = (fault: string): Promise<Incident> =>
    until(`${fault} is over`, async () => {
      const found = await rig.watchdog.incidents({ target: 'web', limit: 5 });
      return found.find((one) => one.state === 'closed' && one.fault_code === fault);
    });

  before(async () => {
    port = await freePort();
    await serve();
    const looks = { interval_s: 0.1, timeout_s: 0.5 };
    rig = await openRig({
      home,
      services: [
        {
          name: 'web',
          checks: [{ type: 'http', url: `http://127.0.0.1:${port}/health`, ...looks }],
          failures_to_down: 2,
        },
        { name: 'raw', checks: [{ type: 'tcp', host: '127.0.0.1', port: await freePort(), ...looks }] },
      ],
    });
    await rig.up('web');
  });
  after(async () => {
    await rig.close();
    web.close();
    removeHome(home);
  });

  it('and answers with errors fails from inside (A5)', async () => {
    status = 503;
    const incident = await rig.incident('web', 'needs_person');
    assert.deepEqual([incident.fault_code, incident.fault_id], ['check_failing', 'A5']);
    status = 200;
    await ended('check_failing');
  });

  it('and refuses connections is gone (A1), over http and over tcp', async () => {
    web.close();
    web.closeAllConnections();
    const incident = await rig.incident('web', 'needs_person');
    assert.deepEqual([incident.fault_code, incident.fault_id], ['refusing', 'A1']);
    assert.equal(incident.title, 'web: refuses connections');
    const raw = await rig.incident('raw', 'needs_person');
    assert.deepEqual([raw.fault_code, raw.fault_id], ['refusing', 'A1']);
    await serve();
    await ended('refusing');
  });
});

describe('a service that Vigiles has started', () => {
  it('and that runs while its port refuses connections fails from inside, as before', async () => {
    const home = tempHome();
    const [port, nobody] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${nobody}/health`;
    const checks = [{ type: 'http', url, interval_s: 0.1, timeout_s: 0.5 }];
    const rig = await openRig({
      home,
      services: [httpService(home, port, { checks, auto_recover: false })],
      startGraceMs: 200,
    });
    try {
      const incident = await rig.incident('web', 'needs_person');
      assert.equal(incident.fault_code, 'check_failing');
    } finally {
      await rig.close();
      removeHome(home);
    }
  });
});
