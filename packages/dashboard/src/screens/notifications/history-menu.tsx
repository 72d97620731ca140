import { useMutation } from '@tanstack/react-query';
import { Download, Ellipsis, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { exportNotifications, type NotificationFilter } from '../../data/notification-queries.ts';
import { IconButton } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { ClearHistory } from './clear-history.tsx';

const types: Record<string, string> = {
  json: 'application/json',
  csv: 'text/csv',
  markdown: 'text/markdown',
};

/** What can be done with the history: what the filter shows is saved as a file, or all of it is forgotten. */
export function HistoryMenu({ filter }: { filter: NotificationFilter }) {
  const [clearing, setClearing] = useState(false);
  const save = useMutation({
    async mutationFn(format: string) {
      const { content, filename } = await exportNotifications(filter, format);
      const url = URL.createObjectURL(new Blob([content], { type: types[format] ?? 'text/plain' }));
      const link = document.createElement('a');
      link.href = url;
      link.download = filename;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
      return filename;
    },
    onSuccess: (filename) => void toast('Exported', { description: filename }),
    onError: (error) => void toast.error('Nothing was exported', { description: error.message }),
  });
  return (
    <>
      <Menu
        trigger={
          <IconButton label="Export or clear" disabled={save.isPending}>
            <Ellipsis aria-hidden size={16} />
          </IconButton>
        }
        items={[
          ...(
            [
              ['csv', 'CSV'],
              ['markdown', 'Markdown'],
              ['json', 'JSON'],
            ] as const
          ).map(([id, label]) => ({
            id,
            label: `Export as ${label}`,
            icon: Download,
            onSelect: () => save.mutate(id),
          })),
          { id: 'clear', label: 'Clear history…', icon: Trash2, onSelect: () => setClearing(true) },
        ]}
      />
      {clearing && <ClearHistory onClose={() => setClearing(false)} />}
    </>
  );
}
