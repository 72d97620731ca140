import type { ActionRequest } from '../../actions/index.ts';

type Verb = 'start' | 'stop' | 'restart';
type Asked = Pick<ActionRequest, 'action' | 'target' | 'params'>;

/**
 * What the earlier server's names of services mean here; null: it is no such name. Its gateway is a process of ours where one is
 * supervised; the others are parts of control, which are switched.
 * @param isWatched whether there is a service of this name; it comes before an old name
 */
export function seedService(name: string, verb: Verb, isWatched: (name: string) => boolean): Asked | null {
  if (isWatched(name)) return null;
  const switched: Asked = {
    action: 'switch_feature',
    target: 'host',
    params: { feature: name, state: verb },
  };
  if (name === 'web-proxy' || name === 'plugin-repo') return switched;
  if (name !== 'ok-gateway') return null;
  if (!isWatched('gateway')) return switched;
  return { action: `${verb}_service`, target: 'gateway', params: verb === 'restart' ? { force: true } : {} };
}
