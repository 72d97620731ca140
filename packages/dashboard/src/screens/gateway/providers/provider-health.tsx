import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ModelHealth } from '@vigiles/contract';
import { CheckCircle2, XCircle, Zap } from 'lucide-react';
import { useState } from 'react';
import { GuardLine } from '../../../actions/guard-line.tsx';
import { MoreActions } from '../../../actions/more-actions.tsx';
import { testProvider } from '../../../data/gateway-queries.ts';
import { gatewayQuery } from '../../../data/queries.ts';
import { formatMs } from '../../../format/duration.ts';
import { Button } from '../../../ui/button.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { SelectField } from '../../../ui/field.tsx';
import { StateLabel } from '../../../ui/state.tsx';
import { Countdown } from '../../../ui/time.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { providerFace } from './provider-face.ts';
import { stateOf, type ProviderRow } from './provider-rows.ts';

function Trouble({ health }: { health: ModelHealth }) {
  const now = useNow();
  return (
    <li className="flex flex-col gap-0.5">
      <span className="font-medium break-all">{health.model === '*' ? 'All of it' : health.model}</span>
      {health.causes.map(({ cause, failures, cooling_until: until, message }) => (
        <span key={cause} className="break-words text-text-2">
          {cause}, {failures} in a row
          {until !== null && until > now && (
            <>
              , left alone for <Countdown until={until} />
            </>
          )}
          {message && <span className="text-text-3">: {message}</span>}
        </span>
      ))}
    </li>
  );
}

/** Asks the provider one short question and shows what came back. */
function Test({ row }: { row: ProviderRow }) {
  const models = row.live?.models ?? [];
  const [model, setModel] = useState('');
  const test = useMutation({ mutationFn: () => testProvider(row.id, model || models[0]) });
  const result = test.data;
  const Icon = result?.worked ? CheckCircle2 : XCircle;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-end gap-2">
        <SelectField
          label="Model to ask"
          wrap="flex-1"
          value={model || (models[0] ?? '')}
          onChange={setModel}
          choices={models.slice(0, 500).map((id) => ({ id, label: id }))}
          disabled={models.length === 0}
        />
        <Button size="md" disabled={test.isPending || !row.live} onClick={() => test.mutate()}>
          <Zap aria-hidden size={14} /> {test.isPending ? 'Asking…' : 'Test'}
        </Button>
      </div>
      <div aria-live="polite">
        {result && (
          <div className={`rounded-md px-3 py-2 ${result.worked ? 'bg-ok-soft' : 'bg-bad-soft'}`}>
            <p className={`flex items-center gap-2 font-medium ${result.worked ? 'text-ok' : 'text-bad'}`}>
              <Icon aria-hidden size={15} />
              {result.worked ? 'It answered' : 'It did not work'}
              <span className="num font-normal">
                {result.status ?? ''} in {formatMs(result.latency_ms)}
              </span>
            </p>
            <p className="mt-1 break-words">{result.message}</p>
            {result.turn_id && (
              <Link
                to="/gateway/turns/$id"
                params={{ id: result.turn_id }}
                className="mt-1 inline-block rounded-sm text-sm underline"
              >
                Its anatomy
              </Link>
            )}
          </div>
        )}
        {test.isError && (
          <p className="rounded-md bg-bad-soft px-3 py-2 break-words text-bad">{test.error.message}</p>
        )}
      </div>
      <p className="text-sm text-pretty text-text-3">
        An ordinary turn with one short question: budgets and limits hold, and it is in the ledger.
      </p>
    </div>
  );
}

/** How a provider does, and a way to find out. */
export function ProviderHealth({ row }: { row: ProviderRow }) {
  const snapshot = useQuery(gatewayQuery).data?.snapshot ?? null;
  const troubles = (snapshot?.health ?? []).filter((one) => one.provider === row.id && one.causes.length > 0);
  const { live, config } = row;
  return (
    <div className="flex flex-col divide-y divide-line">
      <div className="p-4">
        <Facts
          rows={[
            ['State', <StateLabel key="s" face={providerFace[stateOf(row, snapshot !== null)]} />],
            ['Type', row.type],
            ['Address', config?.base_url ?? 'the type’s own'],
            [
              'Key',
              config?.api_key ? (
                <code key="k" className="font-mono text-xs break-all">
                  {config.api_key}
                </code>
              ) : config?.oauth_account ? (
                `the connected account ${config.oauth_account}`
              ) : (
                'none'
              ),
            ],
            ['First content', live?.latency_ms ? `${formatMs(live.latency_ms)} on average` : 'not measured'],
            ['In the file', config ? 'yes' : 'no: found or built in'],
          ]}
        />
        {live?.last_error && (
          <p className="mt-3 rounded-md bg-bad-soft px-3 py-2 break-words text-bad">{live.last_error}</p>
        )}
        {config && !live && config.enabled && snapshot && (
          <p className="mt-3 rounded-md bg-warn-soft px-3 py-2 text-warn">
            The gateway cannot use it: its type is unknown or something it needs is missing. The gateway’s log
            says what.
          </p>
        )}
      </div>
      <section className="p-4">
        <h3 className="mb-2.5 font-medium">Health</h3>
        {troubles.length === 0 ? (
          <p className="text-text-3">Nothing failed lately.</p>
        ) : (
          <ul className="flex flex-col gap-2.5">
            {troubles.map((health) => (
              <Trouble key={health.model} health={health} />
            ))}
          </ul>
        )}
      </section>
      <section className="p-4">
        <h3 className="mb-2.5 font-medium">Test</h3>
        <div className="flex flex-wrap items-center gap-2">
          <MoreActions target={`provider:${row.id}`} targetClass="provider" />
        </div>
        <GuardLine target={`provider:${row.id}`} />
        <Test row={row} />
      </section>
    </div>
  );
}
