import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { DeviceAuthorization, Scope } from '@vigiles/contract';
import { CircleCheck, CircleX } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { approveCode, denyCode, lookUpCode } from '../../data/devices.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Ago, Countdown } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ScopePicks } from './scope-picks.tsx';

function Problem({ error }: { error: Error | null }) {
  if (!error) return null;
  return (
    <p role="alert" className="text-sm text-pretty break-words text-bad">
      {error.message}
    </p>
  );
}

/** Who asks, and what it is given: decided by a person who compares the code with the one on the other screen. */
function Decide({ code, asked, again }: { code: string; asked: DeviceAuthorization; again: () => void }) {
  const now = useNow();
  const client = useQueryClient();
  const [name, setName] = useState(asked.client_name);
  const [scopes, setScopes] = useState<Scope[]>(asked.scopes);
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['device-authorizations'] }),
      client.invalidateQueries({ queryKey: ['devices'] }),
    ]);
  const approve = useMutation({
    mutationFn: () => approveCode(code, scopes, name.trim()),
    onSuccess: refresh,
  });
  const deny = useMutation({ mutationFn: () => denyCode(code), onSuccess: refresh });
  const busy = approve.isPending || deny.isPending;
  if (approve.isSuccess || deny.isSuccess) {
    const Icon = approve.isSuccess ? CircleCheck : CircleX;
    return (
      <div role="status" className="flex flex-col items-center gap-1.5 py-8 text-center">
        <Icon aria-hidden size={22} className={approve.isSuccess ? 'text-ok' : 'text-text-3'} />
        <p className="font-medium">
          {approve.isSuccess ? `${name} is let in` : `${asked.client_name} was turned away`}
        </p>
        <p className="text-sm text-pretty text-text-3">
          {approve.isSuccess
            ? 'It goes on by itself in a few seconds. You can close this page.'
            : 'It is told so.'}
        </p>
        <Button className="mt-3" onClick={again}>
          Another code
        </Button>
      </div>
    );
  }
  const over = now >= asked.expires_at;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        approve.mutate();
      }}
    >
      <p className="text-pretty text-text-2">
        Let it in only if you began this yourself, and the code on its screen is{' '}
        <strong className="font-mono tracking-wide whitespace-nowrap">{code.toUpperCase()}</strong>.
      </p>
      <Facts
        rows={[
          ['Calls itself', asked.client_name],
          ['Asked from', asked.asked_from],
          ['Asked', <Ago key="ago" ts={asked.created_at} />],
          ['Left', over ? 'expired' : <Countdown key="left" until={asked.expires_at} />],
        ]}
      />
      <TextField label="Name" value={name} onChange={setName} maxLength={80} />
      <ScopePicks value={scopes} onChange={setScopes} />
      <Problem error={approve.error ?? deny.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="md" variant="danger" disabled={busy || over} onClick={() => deny.mutate()}>
          Deny
        </Button>
        <Button type="submit" size="md" variant="primary" disabled={busy || over || scopes.length === 0}>
          {approve.isPending ? 'Letting it in…' : 'Approve'}
        </Button>
      </div>
    </form>
  );
}

/** Where people type in the code that a program shows. */
export function Pair() {
  usePageTitle('Let a program in');
  const { code: given } = useSearch({ from: '/shell/pair' });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(given ?? '');
  const look = useMutation({ mutationFn: (code: string) => lookUpCode(code) });
  const { mutate, reset } = look;
  const looked = useRef('');
  useEffect(() => {
    if (!given || looked.current === given) return;
    looked.current = given;
    setTyped(given);
    mutate(given);
  }, [given, mutate]);
  const begin = (): void => {
    reset();
    setTyped('');
    looked.current = '';
    void navigate({ to: '/pair', search: {}, replace: true });
  };
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-[520px] px-(--gutter) py-8">
        <h1 className="mb-4 text-xl font-semibold tracking-tight">Let a program in</h1>
        <Panel title={look.data ? 'It waits for your answer' : 'Its code'}>
          {look.data ? (
            <Decide code={typed.trim()} asked={look.data} again={begin} />
          ) : (
            <form
              className="flex flex-col gap-4"
              onSubmit={(event) => {
                event.preventDefault();
                if (typed.trim()) mutate(typed);
              }}
            >
              <TextField
                label="Code"
                value={typed}
                onChange={setTyped}
                placeholder="XXXX-XXXX"
                maxLength={40}
                autoFocus
                autoCapitalize="characters"
                className="font-mono tracking-[0.1em] uppercase"
                hint="Eight letters and digits, as the program shows them. Case, spaces and dashes do not matter."
              />
              <Problem error={look.error} />
              <div className="flex justify-end">
                <Button type="submit" size="md" variant="primary" disabled={!typed.trim() || look.isPending}>
                  {look.isPending ? 'Looking…' : 'Go on'}
                </Button>
              </div>
            </form>
          )}
        </Panel>
      </div>
    </div>
  );
}
