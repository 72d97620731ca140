import { healthyGateway, startControlProcess } from './control-process.ts';

export interface GatewayUnderTest {
  port: number;
  pid: number;
  token: string;
  stop(): void;
}

/**
 * The product as it is started by a person, with auth, limits and ledger on. Control is then killed: the gateway serves
 * on alone, and what is measured is the gateway.
 */
export async function startGatewayUnderTest(upstreamOrigin: string): Promise<GatewayUnderTest> {
  const control = await startControlProcess(`  port: 0
  discover_local: false
  requests_per_minute: 1000000000
  concurrent_turns: 100000
  max_body_mb: 16
  providers:
    - { id: bench, type: openai-compatible, base_url: "${upstreamOrigin}/v1", models: [bench, idle] }
`);
  const gateway = await healthyGateway(control);
  const pairing = await control.call<{ code: string }>('/api/v1/devices/pairings', {
    name: 'bench',
    scopes: ['gateway'],
  });
  const paired = await fetch(`${control.url}/auth/pair`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: pairing.code, name: 'bench' }),
  });
  const { token } = (await paired.json()) as { token: string };
  control.kill();
  return {
    port: Number(new URL(gateway.url).port),
    pid: gateway.pid,
    token,
    stop() {
      killed(gateway.pid);
      control.remove();
    },
  };
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
