import { useQuery } from '@tanstack/react-query';
import { Scope } from '@vigiles/contract';
import { meQuery } from '../../data/queries.ts';
import { CheckField } from '../../ui/field.tsx';

const words: Record<Scope, string> = {
  read: 'see everything but secrets',
  operate: 'run actions, answer and acknowledge',
  gateway: 'send model traffic',
  config: 'change the settings',
  devices: 'let devices in and end them',
  'sessions:read': 'see agent sessions',
  'sessions:command': 'steer agent sessions',
  'sessions:produce': 'be an agent session',
  oauth: 'ask through connected accounts',
  admin: 'everything',
};

/** What a device may do: no more than whoever gives it has. */
export function ScopePicks({ value, onChange }: { value: Scope[]; onChange: (scopes: Scope[]) => void }) {
  const own = useQuery(meQuery).data?.scopes ?? [];
  const may = Scope.options.filter((scope) => own.includes('admin') || own.includes(scope));
  return (
    <fieldset className="flex min-w-0 flex-col gap-0.5">
      <legend className="mb-1 text-sm text-text-2">It may</legend>
      {may.map((scope) => (
        <CheckField
          key={scope}
          label={`${words[scope]} (${scope})`}
          checked={value.includes(scope)}
          onChange={(on) => onChange(may.filter((each) => (each === scope ? on : value.includes(each))))}
        />
      ))}
    </fieldset>
  );
}
