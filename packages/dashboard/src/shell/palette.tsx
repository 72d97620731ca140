import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { CornerDownRight, Inbox, Keyboard, LogOut, Monitor, Moon, Sun, Zap } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { ciRunsQuery } from '../data/ci-queries.ts';
import { signOut, servicesQuery } from '../data/queries.ts';
import { queryClient } from '../data/query-client.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { runFace } from '../screens/ci/ci-face.ts';
import { serviceFace, toneText } from '../ui/state.tsx';
import { parts, screens } from './screens.ts';
import { setTheme, type Theme } from './theme.ts';
import { openPlan, setFrame } from './ui-store.ts';

/** More would only be scrolled past; typing narrows it. */
const SERVICES_SHOWN = 40;
const RUNS_SHOWN = 8;
const themes: [Theme, typeof Sun][] = [
  ['system', Monitor],
  ['dark', Moon],
  ['light', Sun],
];

function Item({ id, onSelect, children }: { id: string; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      value={id}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-selected"
    >
      {children}
    </Command.Item>
  );
}

const heading =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-text-3';

/** Go anywhere, open any service, run any action (through its plan). */
export function Palette() {
  const navigate = useNavigate();
  const services = useQuery(servicesQuery).data ?? [];
  const [typed, setTyped] = useState('');
  const input = useRef<HTMLInputElement>(null);
  // After the dialog has opened: a modal gives the focus to the first that takes it, which is the list’s frame.
  useEffect(() => input.current?.focus(), []);
  const close = (): void => setFrame({ overlay: null });
  const go = (run: () => unknown) => (): void => {
    close();
    run();
  };
  const q = typed.trim().toLowerCase();
  const found = services.filter(
    (each) => !q || each.name.toLowerCase().includes(q) || each.title.toLowerCase().includes(q),
  );
  // Actions of every service at once would drown the rest: they come once a service or a verb is typed.
  const actions = q
    ? services
        .flatMap((service) =>
          service.actions
            .filter((each) => each.enabled)
            .map(({ action, title }) => ({ service, action, title })),
        )
        .filter(({ service, title }) =>
          q.split(/\s+/).every((word) => `${title} ${service.name}`.toLowerCase().includes(word)),
        )
        .slice(0, 12)
    : [];
  const ciRuns = useInfiniteQuery(ciRunsQuery({})).data?.pages[0]?.runs ?? [];
  // Of each workflow and branch the newest run; they come once something is typed.
  const runsFound = q
    ? [...new Map(ciRuns.toReversed().map((run) => [`${run.repository} ${run.workflow} ${run.branch}`, run]))]
        .filter(([name]) => q.split(/\s+/).every((word) => name.toLowerCase().includes(word)))
        .map(([, run]) => run)
        .toReversed()
        .slice(0, RUNS_SHOWN)
    : [];
  const screensFound = screens.filter((each) => !q || each.label.toLowerCase().includes(q));

  // Parts come once something is typed, as actions do.
  const partsFound = q ? parts.filter(({ label, of }) => `${of} ${label}`.toLowerCase().includes(q)) : [];

  const leave = async (): Promise<void> => {
    await signOut().catch(() => {});
    queryClient.clear();
    await navigate({ to: '/sign-in', search: {} });
  };

  return (
    <Dialog title="Command palette" bare onClose={close}>
      <Command shouldFilter={false} loop label="Command palette">
        <Command.Input
          ref={input}
          value={typed}
          onValueChange={setTyped}
          placeholder="Go to a screen or service, or type an action"
          className="h-12 w-full border-b border-line bg-transparent px-4 text-lg outline-none placeholder:text-text-3"
        />
        <Command.List className={`max-h-[min(420px,60vh)] overflow-y-auto p-1.5 ${heading}`} label="Commands">
          <Command.Empty className="px-4 py-8 text-center text-text-3">Nothing is called that.</Command.Empty>
          {screensFound.length + partsFound.length > 0 && (
            <Command.Group heading="Go to">
              {screensFound.map(({ to, label, icon: Icon, key }) => (
                <Item key={to} id={`screen:${to}`} onSelect={go(() => navigate({ to }))}>
                  <Icon aria-hidden size={15} className="text-text-3" />
                  {label}
                  <span className="ml-auto flex gap-1">
                    <Kbd>G</Kbd>
                    <Kbd>{key.toUpperCase()}</Kbd>
                  </span>
                </Item>
              ))}
              {partsFound.map(({ to, label, of }) => (
                <Item key={to} id={`screen:${to}`} onSelect={go(() => navigate({ to }))}>
                  <CornerDownRight aria-hidden size={15} className="text-text-3" />
                  {label}
                  <span className="text-text-3">{of}</span>
                </Item>
              ))}
            </Command.Group>
          )}
          {actions.length > 0 && (
            <Command.Group heading="Actions">
              {actions.map(({ service, action, title }) => (
                <Item
                  key={`${action}:${service.name}`}
                  id={`action:${action}:${service.name}`}
                  onSelect={() => openPlan(action, title, service.name)}
                >
                  <Zap aria-hidden size={15} className="text-text-3" />
                  {title}
                  <span className="text-text-3">{service.name}</span>
                </Item>
              ))}
            </Command.Group>
          )}
          {found.length > 0 && (
            <Command.Group heading="Services">
              {found.slice(0, SERVICES_SHOWN).map((service) => {
                const face = serviceFace[service.state];
                const Icon = face.icon;
                return (
                  <Item
                    key={service.name}
                    id={`service:${service.name}`}
                    onSelect={go(() => navigate({ to: '/fleet', search: { service: service.name } }))}
                  >
                    <Icon aria-hidden size={15} className={toneText[face.tone]} />
                    <span className="truncate">{service.title}</span>
                    <span className="ml-auto shrink-0 text-sm text-text-3">{face.label}</span>
                  </Item>
                );
              })}
            </Command.Group>
          )}
          {runsFound.length > 0 && (
            <Command.Group heading="CI runs">
              {runsFound.map((run) => {
                const face = runFace[run.state];
                const Icon = face.icon;
                return (
                  <Item
                    key={run.id}
                    id={`ci:${run.id}`}
                    onSelect={go(() => navigate({ to: '/ci/runs/$id', params: { id: run.id } }))}
                  >
                    <Icon aria-hidden size={15} className={toneText[face.tone]} />
                    <span className="truncate">
                      {run.workflow} <span className="text-text-3">{run.branch}</span>
                    </span>
                    <span className="ml-auto shrink-0 text-sm text-text-3">{face.label}</span>
                  </Item>
                );
              })}
            </Command.Group>
          )}
          <Command.Group heading="Vigiles">
            {(!q || 'needs you inbox'.includes(q)) && (
              <Item id="inbox" onSelect={() => setFrame({ overlay: 'inbox' })}>
                <Inbox aria-hidden size={15} className="text-text-3" />
                Needs you
              </Item>
            )}
            {themes.map(
              ([theme, Icon]) =>
                (!q || `theme ${theme}`.includes(q)) && (
                  <Item key={theme} id={`theme:${theme}`} onSelect={go(() => setTheme(theme))}>
                    <Icon aria-hidden size={15} className="text-text-3" />
                    Theme: {theme}
                  </Item>
                ),
            )}
            {(!q || 'keyboard shortcuts'.includes(q)) && (
              <Item id="keys" onSelect={() => setFrame({ overlay: 'keys' })}>
                <Keyboard aria-hidden size={15} className="text-text-3" />
                Keyboard shortcuts
              </Item>
            )}
            {(!q || 'sign out'.includes(q)) && (
              <Item id="sign-out" onSelect={go(leave)}>
                <LogOut aria-hidden size={15} className="text-text-3" />
                Sign out
              </Item>
            )}
          </Command.Group>
        </Command.List>
      </Command>
    </Dialog>
  );
}
