import { PartsFrame } from '../../shell/parts-frame.tsx';

const parts = [
  { to: '/gateway', label: 'Traffic' },
  { to: '/gateway/usage', label: 'Usage' },
  { to: '/gateway/providers', label: 'Providers' },
  { to: '/gateway/routes', label: 'Routes' },
  { to: '/gateway/learned', label: 'Learned' },
] as const;

/** The gateway's screens under one head. */
export const GatewayFrame = () => <PartsFrame label="Gateway" parts={parts} />;
