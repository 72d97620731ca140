import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PortListener } from '@vigiles/contract';
import { envOf } from './env-script.ts';
import type { NamedPort, ServiceFacts } from './named-port.ts';
import { judgeAll, startupOrder } from './report.ts';

const service = (name: string, more: Partial<ServiceFacts> = {}): ServiceFacts => ({
  name,
  supervised: true,
  port: null,
  pid: null,
  dependsOn: [],
  ...more,
});
const named = (more: Partial<NamedPort>): NamedPort => ({
  name: 'web',
  port: 3000,
  environment: 'development',
  service: null,
  folder: null,
  owner: null,
  expiresAt: null,
  ...more,
});
const listener = (more: object = {}): PortListener => ({
  port: 3000,
  addresses: ['127.0.0.1'],
  hidden: false,
  processes: [
    {
      pid: 7,
      start_time: 's',
      name: 'python3',
      command: 'python3 app.py',
      service: null,
      protected: null,
      ...more,
    },
  ],
});
const sight = (seen: PortListener | null, folder: string | null = null) => ({
  listeners: new Map(seen ? [[3000, seen]] : []),
  folderOf: () => folder,
});
const only = (names: NamedPort[], services: ServiceFacts[], seen: ReturnType<typeof sight>) =>
  judgeAll(names, services, seen)[0];

describe('how a named port stands', () => {
  it('a program’s name proves nothing: python on the port of a stopped service is a conflict', () => {
    const found = only([], [service('web', { port: 3000 })], sight(listener()));
    assert.equal(found?.service.status, 'port_conflict');
    assert.equal(found?.conflict?.occupying_process, 'python3 app.py');
  });

  it('what is not started by Vigiles and has no known process is unknown, no conflict', () => {
    const found = only([], [service('web', { port: 3000, supervised: false })], sight(listener()));
    assert.deepEqual([found?.service.status, found?.conflict], ['unknown', null]);
  });

  it('a folder that only begins alike is another one', () => {
    const status = (folder: string | null) =>
      only([named({ folder: '/work/a' })], [], sight(listener(), folder))?.service.status;
    assert.deepEqual(
      [status('/work/a'), status('/work/a/b'), status('/work/ab'), status(null)],
      ['running', 'running', 'port_conflict', 'unknown'],
    );
  });

  it('without a look at the system nothing is said to be stopped', () => {
    const found = judgeAll([named({})], [], { listeners: null, folderOf: () => null })[0];
    assert.equal(found?.service.status, 'unknown');
  });

  it('a protected occupant is suggested to be left, with why', () => {
    const found = only(
      [named({ folder: '/a' })],
      [],
      sight(listener({ protected: 'docker stop ends that container' }), '/b'),
    );
    assert.match(found?.conflict?.suggested_action ?? '', /docker stop/);
  });
});

describe('order and environment', () => {
  it('what others depend on starts first, and a circle ends', () => {
    const order = startupOrder([
      service('web', { dependsOn: ['api', 'gone'] }),
      service('api', { dependsOn: ['store'] }),
      service('store', { dependsOn: ['web'] }),
    ]);
    assert.deepEqual(order, ['store', 'api', 'web']);
  });

  it('names are variables of a shell, the first of two that are alike', () => {
    const { script, variables } = envOf([
      { name: 'web-api', port: 3000 },
      { name: 'web.api', port: 3001 },
      { name: '3d', port: 3002 },
      { name: 'none', port: null },
    ]);
    assert.deepEqual(variables, { WEB_API_PORT: '3000', _3D_PORT: '3002' });
    assert.equal(script, "export WEB_API_PORT='3000'\nexport _3D_PORT='3002'\n");
  });
});
