import type { WireError } from '@vigiles/wire';
import { gatewayError } from '../turn/send-error.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { UpstreamTable } from '../upstream/upstream-table.ts';
import type { MediaKind } from './media-kind.ts';

/**
 * The provider that serves a model's embeddings, images or audio: where its turns would go, or, when nothing but the
 * default led there, the first that has the endpoint and may know the model.
 */
export function chooseProvider(
  table: UpstreamTable,
  model: string,
  kind: MediaKind,
): { upstream: Upstream; model: string } | WireError {
  const plan = table.plan(model);
  const planned = plan.ok ? table.get(plan.provider) : undefined;
  if (plan.ok && planned && serves(planned, kind)) return { upstream: planned, model: plan.upstreamModel };
  const able = table.list().filter((upstream) => serves(upstream, kind));
  if (!plan.ok || plan.why === 'default') {
    const other = able.find(({ models, modelsComplete }) => models.includes(model) || !modelsComplete);
    if (other) return { upstream: other, model };
  }
  const offer =
    able.length === 0
      ? 'No provider here has that endpoint.'
      : `Providers that have it: ${able.map(({ id }) => id).join(', ')}; ask for \`provider/model\`.`;
  const what = planned
    ? `The provider ${planned.id}, where \`${model}\` goes, serves no ${kind}.`
    : `No provider serves ${kind} for \`${model}\`.`;
  return gatewayError('not-found', `${what} ${offer}`, { code: 'unsupported_endpoint', param: 'model' });
}

const serves = (upstream: Upstream, kind: MediaKind): boolean =>
  upstream.pool !== null && (upstream.type.media?.includes(kind) ?? false);
