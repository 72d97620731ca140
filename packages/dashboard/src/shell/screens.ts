import {
  Activity,
  Bell,
  Blocks,
  Bot,
  ChartLine,
  EthernetPort,
  Globe,
  LayoutDashboard,
  Puzzle,
  Mail,
  MonitorSmartphone,
  ScrollText,
  Server,
  Settings,
  ShieldAlert,
  Workflow,
  type LucideIcon,
} from 'lucide-react';
import type { LinkProps } from '@tanstack/react-router';

/** A place in the rail; `key` follows `g` in the shortcut. */
export interface Screen {
  to: NonNullable<LinkProps['to']>;
  label: string;
  icon: LucideIcon;
  key: string;
}

/** The rail: what is looked at all day first and without a head, then what belongs together. */
export const screenGroups: { label: string | null; screens: Screen[] }[] = [
  {
    label: null,
    screens: [
      { to: '/', label: 'Overview', icon: LayoutDashboard, key: 'o' },
      { to: '/sessions', label: 'Sessions', icon: Bot, key: 's' },
      { to: '/fleet', label: 'Fleet', icon: Server, key: 'f' },
      { to: '/incidents', label: 'Incidents', icon: ShieldAlert, key: 'i' },
      { to: '/ci', label: 'CI', icon: Workflow, key: 'c' },
      { to: '/history', label: 'History', icon: ChartLine, key: 'h' },
    ],
  },
  {
    label: 'Traffic',
    screens: [
      { to: '/gateway', label: 'Gateway', icon: Activity, key: 'g' },
      { to: '/mail', label: 'Mail', icon: Mail, key: 'm' },
      { to: '/ports', label: 'Ports', icon: EthernetPort, key: 'p' },
      { to: '/web', label: 'Web pages', icon: Globe, key: 'w' },
    ],
  },
  {
    label: 'Connect',
    screens: [
      { to: '/plugins', label: 'Plugins', icon: Puzzle, key: 'l' },
      { to: '/integrations', label: 'Integrations', icon: Blocks, key: 't' },
    ],
  },
  {
    label: 'Vigiles',
    screens: [
      { to: '/notifications', label: 'Notifications', icon: Bell, key: 'n' },
      { to: '/devices', label: 'Devices', icon: MonitorSmartphone, key: 'd' },
      { to: '/settings', label: 'Settings', icon: Settings, key: ',' },
      { to: '/audit', label: 'Audit', icon: ScrollText, key: 'a' },
    ],
  },
];

/** Every screen, in the order of the rail. */
export const screens: readonly Screen[] = screenGroups.flatMap((group) => group.screens);

/** On a phone there is room for so many; the others are under “More”. */
const atTheFoot = new Set<Screen['to']>(['/', '/sessions', '/fleet', '/incidents']);
export const [footScreens, moreScreens] = [
  screens.filter(({ to }) => atTheFoot.has(to)),
  screens.filter(({ to }) => !atTheFoot.has(to)),
];
/** Parts of screens that one may want to go to at once, and whose they are; they have no key of their own. */
export const parts = [
  { to: '/incidents/faults', label: 'Fault catalogue', of: 'Incidents' },
  { to: '/incidents/ai', label: 'AI monitoring and known patterns', of: 'Incidents' },
  { to: '/ci/patterns', label: 'Patterns of failed runs', of: 'CI' },
  { to: '/ci/flaky', label: 'Flaky tests', of: 'CI' },
  { to: '/gateway/usage', label: 'Usage and budgets', of: 'Gateway' },
  { to: '/gateway/providers', label: 'Providers and models', of: 'Gateway' },
  { to: '/gateway/routes', label: 'Routes', of: 'Gateway' },
  { to: '/gateway/learned', label: 'Learned adaptations', of: 'Gateway' },
  { to: '/pair', label: 'Let a program in by its code', of: 'Devices' },
  { to: '/settings/file', label: 'vigiles.yaml', of: 'Settings' },
  { to: '/settings/history', label: 'Versions of the settings', of: 'Settings' },
] as const;
