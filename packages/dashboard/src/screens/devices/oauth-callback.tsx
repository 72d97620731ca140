import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { LoaderCircle, TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { finishConnection } from '../../data/devices.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { buttonClass } from '../../ui/button.tsx';

/** What a provider’s page sends back; anything else in the address is left alone. */
const taken = ['state', 'code', 'iss', 'error'] as const;

/**
 * Where a provider sends the browser back to. What is in the address is handed on by this page itself: the browser does not send
 * the session’s cookie along when another site leads it here.
 */
export function OauthCallback() {
  usePageTitle('Connecting');
  const client = useQueryClient();
  const navigate = useNavigate();
  const sent = useRef(false);
  const finish = useMutation({
    mutationFn: finishConnection,
    async onSuccess(connection) {
      toast.success(`${connection.label} is connected`, { description: connection.account ?? undefined });
      await client.invalidateQueries({ queryKey: ['oauth'] });
      await navigate({ to: '/devices', search: {}, replace: true });
    },
  });
  const { mutate } = finish;
  useEffect(() => {
    if (sent.current) return;
    sent.current = true;
    const given = new URLSearchParams(window.location.search);
    // The code works once; it should not stay in the address bar or in the history.
    window.history.replaceState(window.history.state, '', window.location.pathname);
    mutate(
      Object.fromEntries(
        taken.flatMap((name) => {
          const value = given.get(name);
          return value === null ? [] : [[name, value]];
        }),
      ),
    );
  }, [mutate]);
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-2 px-6 text-center">
      {finish.isError ? (
        <div role="alert" className="flex flex-col items-center gap-1">
          <TriangleAlert aria-hidden size={20} className="mb-2 text-bad" />
          <h1 className="font-medium">The account was not connected</h1>
          <p className="max-w-sm text-sm text-pretty text-text-3">{finish.error.message}</p>
          <Link to="/devices" search={{}} className={`${buttonClass()} mt-3`}>
            Back to devices
          </Link>
        </div>
      ) : (
        <p role="status" className="flex items-center gap-2 text-text-2">
          <LoaderCircle aria-hidden size={16} className="spin" /> Connecting the account…
        </p>
      )}
    </div>
  );
}
