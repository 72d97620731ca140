import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { Toaster } from 'sonner';
import { PlanDialog } from '../actions/plan-dialog.tsx';
import { useNames } from '../data/use-names.ts';
import { startLive } from '../live/live.ts';
import { useNotificationToasts } from '../live/use-notification-toasts.ts';
import { TipLayer } from '../ui/tip-layer.tsx';
import { InboxDrawer } from './inbox.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { BottomBar, Rail } from './rail.tsx';
import { useTheme } from './theme.ts';
import { TopBar } from './top-bar.tsx';
import { useFrame } from './ui-store.ts';
import { useNeeds } from './use-needs.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useTitleCount } from './use-title.ts';
import { VetoStrip } from './veto-strip.tsx';

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));

/** The frame around every screen: rail, top bar, inbox, palette, and the live connection behind them. */
export function Shell() {
  const client = useQueryClient();
  const { overlay, plan } = useFrame();
  const { theme } = useTheme();
  const needs = useNeeds();
  const { pathname } = useLocation();
  const first = useRef(true);
  useEffect(() => startLive(client), [client]);
  // Names of devices, for every text that has one.
  useNames();
  useNotificationToasts();
  useShortcuts();
  useTitleCount(needs.count);

  // After a change of screen a screen reader starts at its heading.
  useEffect(() => {
    if (!first.current) document.getElementById('page-title')?.focus({ preventScroll: true });
    first.current = false;
  }, [pathname]);

  return (
    <div className="flex h-dvh overflow-hidden">
      <a
        href="#main"
        className="absolute top-2 left-2 z-50 -translate-y-16 rounded-md bg-raised px-3 py-2 opacity-0 shadow-float focus:translate-y-0 focus:opacity-100"
      >
        Skip to content
      </a>
      <Rail />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar needs={needs.count} />
        <div className="flex min-h-0 flex-1">
          <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col">
            <Outlet />
          </main>
          {overlay === 'inbox' && <InboxDrawer needs={needs} />}
        </div>
        {overlay !== 'inbox' && <VetoStrip runs={needs.runs} />}
        <BottomBar />
      </div>
      {overlay === 'palette' && (
        <Suspense>
          <Palette />
        </Suspense>
      )}
      {overlay === 'keys' && <KeysDialog />}
      {plan && <PlanDialog key={`${plan.action}:${plan.target}`} {...plan} />}
      <TipLayer />
      <Toaster theme={theme} position="bottom-right" gap={8} offset={16} />
    </div>
  );
}
