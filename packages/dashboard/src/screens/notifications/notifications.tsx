import { useNavigate, useSearch } from '@tanstack/react-router';
import { usePageTitle } from '../../shell/use-title.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Channels } from './channels.tsx';
import { History } from './history.tsx';

const views = [
  { id: '', label: 'History' },
  { id: 'channels', label: 'Channels' },
];

/** What people were told, and how they are told. */
export function Notifications() {
  usePageTitle('Notifications');
  const { view = '' } = useSearch({ from: '/shell/notifications' });
  const navigate = useNavigate({ from: '/notifications' });
  const switcher = (
    <Segmented
      label="View"
      items={views}
      value={view}
      onChange={(next) => void navigate({ search: next ? { view: next } : {}, replace: true })}
    />
  );
  return view === 'channels' ? <Channels switcher={switcher} /> : <History switcher={switcher} />;
}
