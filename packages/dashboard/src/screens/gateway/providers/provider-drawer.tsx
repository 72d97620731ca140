import { useState } from 'react';
import type { ConfigAnswer } from '../../../data/config.ts';
import { Drawer } from '../../../ui/drawer.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { ModelsTable } from './models-table.tsx';
import { ProviderForm } from './provider-form.tsx';
import { ProviderHealth } from './provider-health.tsx';
import type { ProviderRow } from './provider-rows.ts';

/** One provider: how it does, what it offers, and how it is set up. */
export function ProviderDrawer({
  row,
  answer,
  tab,
  onTab,
  onClose,
  onDone,
}: {
  /** Null: a new one. */
  row: ProviderRow | null;
  answer: ConfigAnswer;
  tab: string;
  onTab: (tab: string) => void;
  onClose: () => void;
  onDone: (id: string | null) => void;
}) {
  // A form that was saved begins anew, from the file as it is now.
  const [saves, setSaves] = useState(0);
  const title = row?.id ?? 'New provider';
  const form = (
    <ProviderForm
      key={saves}
      answer={answer}
      provider={row?.config ?? null}
      place={row?.place ?? -1}
      onDone={(id) => {
        setSaves((count) => count + 1);
        onDone(id);
      }}
    />
  );
  if (!row) {
    return (
      <Drawer title={title} label={title} onClose={onClose}>
        {form}
      </Drawer>
    );
  }
  return (
    <Drawer title={title} label={`Provider: ${title}`} onClose={onClose}>
      <div className="flex h-full flex-col">
        <Tabs
          label="Provider"
          value={tab}
          onChange={onTab}
          items={[
            { id: 'health', label: 'Health', content: <ProviderHealth key={row.id} row={row} /> },
            { id: 'models', label: 'Models', content: <ModelsTable provider={row.id} /> },
            ...(row.config ? [{ id: 'settings', label: 'Settings', content: form }] : []),
          ]}
        />
      </div>
    </Drawer>
  );
}
