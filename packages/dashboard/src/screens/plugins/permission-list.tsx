import type { PluginPermissions } from '@vigiles/contract';
import { Minus, Plus, ShieldAlert, ShieldCheck } from 'lucide-react';
import { cx } from '../../ui/cx.ts';
import { permissionsAsText } from './plugin-face.ts';

const signs = { added: Plus, removed: Minus } as const;

/** What a plugin may do, in words; as a difference with its sign. */
export function PermissionList({
  permissions,
  sign,
}: {
  permissions: PluginPermissions;
  sign?: keyof typeof signs;
}) {
  const all = permissionsAsText(permissions);
  if (all.length === 0)
    return sign ? null : (
      <p className="flex items-center gap-2 text-text-2">
        <ShieldCheck aria-hidden size={14} className="text-ok" />
        Nothing besides computing
      </p>
    );
  return (
    <ul className="flex flex-col gap-1.5">
      {all.map(({ text, things, grave }) => {
        const Icon = sign ? signs[sign] : grave ? ShieldAlert : ShieldCheck;
        return (
          <li key={text} className="flex gap-2">
            <Icon
              aria-hidden
              size={14}
              className={cx('mt-[3px] shrink-0', grave && sign !== 'removed' ? 'text-warn' : 'text-text-3')}
            />
            <span className="min-w-0">
              {sign && <span className="sr-only">{sign}: </span>}
              <span className={cx(grave && sign !== 'removed' && 'font-medium text-warn')}>{text}</span>
              {things.length > 0 && (
                <code className="block font-mono text-xs break-all text-text-2">{things.join(', ')}</code>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
