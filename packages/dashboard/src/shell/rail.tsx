import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { Ellipsis, Keyboard, PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { statusQuery } from '../data/queries.ts';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Menu } from '../ui/menu.tsx';
import { Logo } from './logo.tsx';
import { footScreens, moreScreens, screenGroups, type Screen } from './screens.ts';
import { setFrame, useFrame } from './ui-store.ts';

const item =
  'press flex h-[30px] items-center gap-2.5 rounded-md px-2 font-medium text-text-2 hover:bg-hover hover:text-text aria-[current=page]:bg-selected aria-[current=page]:text-text';

function Entry({ screen: { to, label, icon: Icon }, folded }: { screen: Screen; folded: boolean }) {
  return (
    <li>
      <Link
        to={to}
        className={item}
        activeOptions={{ exact: to === '/', includeSearch: false }}
        data-tip={folded ? label : undefined}
      >
        <Icon aria-hidden size={16} strokeWidth={1.9} className="mx-0.5 shrink-0" />
        <span className={folded ? 'sr-only' : ''}>{label}</span>
      </Link>
    </li>
  );
}

/** The left rail: icons with labels, icons alone when folded. */
export function Rail() {
  const { railCollapsed: folded } = useFrame();
  const version = useQuery(statusQuery).data?.server.version;
  return (
    <nav
      aria-label="Main"
      className={cx(
        'hidden shrink-0 flex-col border-r border-line bg-canvas p-2 md:flex',
        folded ? 'w-[52px]' : 'w-(--rail)',
      )}
    >
      <div className="mb-3 flex h-8 items-center gap-2.5 px-[7px]">
        <Logo />
        {!folded && <span className="text-lg font-semibold tracking-tight">Vigiles</span>}
      </div>
      {/* Where the window is low the places scroll; the foot stays. */}
      <div className="-m-1 flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-1 [scrollbar-width:thin]">
        {screenGroups.map(({ label, screens }) => (
          <div key={label ?? ''} className={cx(label && folded && 'border-t border-line pt-3')}>
            {label && !folded && (
              <p aria-hidden className="mb-1 px-2 text-xs font-medium text-text-3">
                {label}
              </p>
            )}
            <ul aria-label={label ?? 'Watch'} className="flex flex-col gap-px">
              {screens.map((screen) => (
                <Entry key={screen.to} screen={screen} folded={folded} />
              ))}
            </ul>
          </div>
        ))}
      </div>
      <div className={cx('mt-2 flex items-center gap-1', folded ? 'flex-col' : 'pl-2')}>
        {!folded && <span className="num mr-auto text-xs text-text-3">{version ? `v${version}` : ''}</span>}
        <IconButton label="Keyboard shortcuts" onClick={() => setFrame({ overlay: 'keys' })}>
          <Keyboard aria-hidden size={15} />
        </IconButton>
        <IconButton
          label={folded ? 'Unfold the rail' : 'Fold the rail'}
          aria-expanded={!folded}
          onClick={() => setFrame({ railCollapsed: !folded })}
        >
          {folded ? <PanelLeftOpen aria-hidden size={15} /> : <PanelLeftClose aria-hidden size={15} />}
        </IconButton>
      </div>
    </nav>
  );
}

const footItem =
  'press flex h-[54px] w-full flex-col items-center justify-center gap-1 text-[10.5px] tracking-tight text-text-3 outline-offset-[-3px] aria-[current=page]:text-text';

/** The places one goes to most at the foot of a phone; the others are one tap further. */
export function BottomBar() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const more = moreScreens.find(({ to }) => pathname.startsWith(to));
  return (
    <nav
      aria-label="Main"
      className="shrink-0 border-t border-line bg-canvas pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="grid auto-cols-fr grid-flow-col">
        {footScreens.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }} className={footItem}>
              <Icon aria-hidden size={18} strokeWidth={1.9} />
              {label}
            </Link>
          </li>
        ))}
        <li>
          <Menu
            side="top"
            trigger={
              <button type="button" className={footItem} aria-current={more ? 'page' : undefined}>
                {more ? (
                  <more.icon aria-hidden size={18} strokeWidth={1.9} />
                ) : (
                  <Ellipsis aria-hidden size={18} strokeWidth={1.9} />
                )}
                {more ? more.label : 'More'}
              </button>
            }
            items={moreScreens.map(({ to, label, icon }) => ({
              id: to,
              label,
              icon,
              onSelect: () => void navigate({ to }),
            }))}
          />
        </li>
      </ul>
    </nav>
  );
}
