import { PartsFrame } from '../../shell/parts-frame.tsx';

const parts = [
  { to: '/settings', label: 'Settings' },
  { to: '/settings/file', label: 'File' },
  { to: '/settings/history', label: 'History' },
] as const;

/** The configuration: as a form, as the file it is, and as it was. */
export const SettingsFrame = () => <PartsFrame label="Settings" parts={parts} />;
