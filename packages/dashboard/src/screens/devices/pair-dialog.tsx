import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { pairingQrText, type Pairing, type Scope } from '@vigiles/contract';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { cancelPairing, createPairing, devicesQuery } from '../../data/devices.ts';
import { Button } from '../../ui/button.tsx';
import { DialogActions } from '../../ui/dialog-actions.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Countdown } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { QrCode } from './qr-code.tsx';
import { ScopePicks } from './scope-picks.tsx';

/** The code, counted down, until a device has used it. */
function Waiting({
  pairing,
  since,
  again,
  onClose,
}: {
  pairing: Pairing;
  since: number;
  again: () => void;
  onClose: () => void;
}) {
  const now = useNow();
  const client = useQueryClient();
  const used = useQuery(devicesQuery).data?.find(
    ({ kind, created_at, name }) => kind === 'device' && created_at >= since && name === pairing.name,
  );
  if (used)
    return (
      <div role="status" className="flex flex-col items-center gap-2 px-6 py-10 text-center">
        <CircleCheck aria-hidden size={22} className="text-ok" />
        <p className="font-medium">{used.name} is paired</p>
        <Button className="mt-3" onClick={onClose}>
          Done
        </Button>
      </div>
    );
  const over = now >= pairing.expires_at;
  return (
    <div className="flex flex-col gap-4 p-4">
      <div className="flex flex-col items-center gap-5 sm:flex-row sm:items-start">
        <div className={over ? 'opacity-20' : ''}>
          <QrCode text={pairingQrText(pairing, window.location.origin)} label="QR code for the device" />
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          <p className="text-pretty text-text-2">
            Scan it with {pairing.name}, or type the code in there. It works once.
          </p>
          <p className={`num font-mono text-xl tracking-[0.12em] ${over ? 'line-through opacity-50' : ''}`}>
            {pairing.code}
          </p>
          <p role="timer" className="text-sm text-text-3">
            {over ? (
              'The code has expired.'
            ) : (
              <>
                Waiting for it, <Countdown until={pairing.expires_at} /> left
              </>
            )}
          </p>
          <details className="text-sm">
            <summary className="text-text-3">Without a camera</summary>
            <code className="mt-1 block font-mono text-xs break-all text-text-2">
              curl -d '{`{"code":"${pairing.code}"}`}' -H 'content-type: application/json'{' '}
              {window.location.origin}/auth/pair
            </code>
          </details>
        </div>
      </div>
      <DialogActions bare>
        {over ? (
          <Button size="md" variant="primary" onClick={again}>
            Make a new one
          </Button>
        ) : (
          <Button
            size="md"
            onClick={() => {
              void cancelPairing(pairing.request_id).catch(() => undefined);
              void client.invalidateQueries({ queryKey: ['devices'] });
              onClose();
            }}
          >
            Cancel pairing
          </Button>
        )}
      </DialogActions>
    </div>
  );
}

/** Lets one device in: what it may do, then a code and its QR. */
export function PairDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['read']);
  const now = useNow();
  const [since, setSince] = useState(now);
  const create = useMutation({
    mutationFn: () => createPairing({ name: name.trim() || 'New device', scopes }),
    // A little earlier: a device that is quicker than the clock on this screen is still the one.
    onMutate: () => setSince(now - 2000),
  });
  return (
    <Dialog title="Pair a device" onClose={onClose}>
      {create.data ? (
        <Waiting pairing={create.data} since={since} again={() => create.mutate()} onClose={onClose} />
      ) : (
        <form
          className="flex flex-col gap-4 p-4"
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate();
          }}
        >
          <TextField
            label="Name"
            value={name}
            onChange={setName}
            placeholder="Ada’s phone"
            maxLength={80}
            autoFocus
          />
          <ScopePicks value={scopes} onChange={setScopes} />
          {create.isError && (
            <p role="alert" className="text-sm break-words text-bad">
              {create.error.message}
            </p>
          )}
          <DialogActions bare>
            <Button size="md" onClick={onClose}>
              Not now
            </Button>
            <Button
              type="submit"
              size="md"
              variant="primary"
              disabled={scopes.length === 0 || create.isPending}
            >
              {create.isPending ? 'Making a code…' : 'Show the code'}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}
