import { useQuery } from '@tanstack/react-query';
import type { ModelInfo } from '@vigiles/contract';
import { Boxes } from 'lucide-react';
import { useState } from 'react';
import { modelsQuery } from '../../../data/gateway-queries.ts';
import { formatCompact, UNKNOWN } from '../../../format/number.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';

const words = {
  images: 'images',
  tools: 'tools',
  reasoning: 'thinking',
  structured_output: 'JSON schema',
} as const;

/** What a model can do; what nobody said is not shown as a no. */
function abilitiesOf({ abilities }: ModelInfo): string {
  const able = (Object.keys(words) as (keyof typeof words)[]).filter((one) => abilities[one] === true);
  const unable = (Object.keys(words) as (keyof typeof words)[]).filter((one) => abilities[one] === false);
  const parts = [...able.map((one) => words[one]), ...unable.map((one) => `no ${words[one]}`)];
  return parts.length > 0 ? parts.join(', ') : 'abilities unknown';
}

function priceOf({ price, local }: ModelInfo): string {
  if (!price) return local ? 'free' : 'unpriced';
  const rise = price.rises_with_length ? '+' : '';
  return `$${price.input} in · $${price.output} out${rise}`;
}

/** More is for the filter to find. */
const SHOWN = 200;

/** A provider's models: how much they take, what they cost, what they can do. */
export function ModelsTable({ provider }: { provider: string }) {
  const query = useQuery(modelsQuery);
  const [typed, setTyped] = useState('');
  if (query.isError && !query.data) {
    return <ErrorState error={query.error} what="Models" retry={() => void query.refetch()} />;
  }
  if (!query.data) return <SkeletonRows rows={4} />;
  const all = query.data.filter((one) => one.provider === provider);
  if (all.length === 0) {
    return (
      <EmptyState icon={Boxes} title="No models are known">
        It has listed none yet, and the configuration names none.
      </EmptyState>
    );
  }
  const found = all.filter(({ model }) => model.toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <>
      {all.length > 8 && (
        <div className="flex border-b border-line p-3">
          <SearchField value={typed} onChange={setTyped} label="Filter models" />
        </div>
      )}
      <ul className="divide-y divide-line">
        {found.slice(0, SHOWN).map((one) => (
          <li key={one.id} className="px-4 py-2.5">
            <div className="flex gap-3">
              <span className="min-w-0 font-medium break-all">{one.model}</span>
              <span className="num ml-auto shrink-0 text-text-2">
                {one.context_window === null ? UNKNOWN : formatCompact(one.context_window)}
                <span className="text-text-3"> tokens</span>
              </span>
            </div>
            <div className="flex flex-wrap gap-x-3 text-sm text-text-3">
              <span>{abilitiesOf(one)}</span>
              <span className="num ml-auto" data-tip="US dollars per million tokens">
                {priceOf(one)}
              </span>
            </div>
            {one.cuts_silently && (
              <p className="text-sm text-warn">Drops the start of a longer prompt without a word.</p>
            )}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="px-4 py-6 text-center text-text-3">No model is called that.</p>}
      {found.length > SHOWN && (
        <p className="px-4 py-3 text-sm text-text-3">{found.length - SHOWN} more; type to find them.</p>
      )}
    </>
  );
}
