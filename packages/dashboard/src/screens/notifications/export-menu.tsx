import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { exportNotifications, type NotificationFilter } from '../../data/notification-queries.ts';
import { SelectField } from '../../ui/field.tsx';

const types: Record<string, string> = {
  json: 'application/json',
  csv: 'text/csv',
  markdown: 'text/markdown',
};

/** Saves what the filter shows as a file. */
export function ExportMenu({ filter }: { filter: NotificationFilter }) {
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
    <SelectField
      label="Export"
      wrap="!flex-row items-center"
      value=""
      disabled={save.isPending}
      onChange={(format) => format && save.mutate(format)}
      choices={[
        { id: '', label: 'Choose…' },
        { id: 'csv', label: 'CSV' },
        { id: 'markdown', label: 'Markdown' },
        { id: 'json', label: 'JSON' },
      ]}
    />
  );
}
